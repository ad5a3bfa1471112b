/** What a walk goes through: a run, what the server waits for and does itself, and the host with its worker. */

import assert from 'node:assert/strict';
import {
  EngineInstanceId,
  HostId,
  ImageId,
  RunId,
  SessionId,
  TaskId,
  VersionId,
} from '../../../lib/model/ids.ts';
import { workerAt, type Operation } from '../../../lib/model/operation.ts';
import { isEnded, Run, type Task } from '../../../lib/model/task.ts';
import type { HostWorkerKind } from '../../../lib/model/worker.ts';
import type { RunEvent } from '../../../lib/protocol/engine-api.ts';
import { isByServer } from '../../../lib/rules/next-place.ts';
import { isInsideOperation, isOwnedBy, resumableRuns } from '../../../lib/rules/run-resumption.ts';
import { MAX_ORDERS } from '../../../server/tasks/arrival-times.ts';
import { fateOnArrival } from '../../../server/tasks/arrival.ts';
import { newRun } from '../../../server/tasks/new-run.ts';
import { wrongSystemError } from '../../../server/tasks/run-errors.ts';
import { transition } from '../../../server/tasks/transitions.ts';
import { isOverdue, waitsFrom } from '../../../lib/rules/waiting.ts';
import type { WorkEvent } from '../../../server/tasks/work-event.ts';
import { operationEnded } from '../../support/run-events.ts';
import { verbatim } from '../../../lib/model/messages/table.ts';

export const HOUR_MS = 3_600_000;
export const NOON = Date.parse('2026-11-21T12:00:00.000Z');
export const SESSION = SessionId.parse('session-0000000001');

const IMAGE = {
  imageId: ImageId.parse('image-0000000001'),
  versionId: VersionId.parse('version-0000000001'),
};
export const DEPLOY: Operation = {
  type: 'deploy',
  disk: { type: 'only' },
  transport: 'auto',
  gatherMs: 0,
  ...IMAGE,
};
export const CAPTURE: Operation = {
  type: 'capture',
  disk: { type: 'only' },
  imageName: 'win11',
  compression: 'zstd',
};
export const PARTITION: Operation = { type: 'partition', disk: { type: 'only' }, ...IMAGE };
export const SHUTDOWN: Operation = { type: 'shutdown', mode: 'power-off' };

/** A task of one run that waits since noon. */
export function newTask(...wanted: readonly Operation[]): { task: Task; run: Run } {
  const taskId = TaskId.parse('task-0000000001');
  const hostId = HostId.parse('host-0000000001');
  const run = newRun({ id: RunId.parse('run-0000000001'), taskId, hostId });
  const task: Task = {
    id: taskId,
    title: verbatim('work'),
    createdAt: new Date(NOON).toISOString(),
    createdBy: 'eva',
    operations: [...wanted],
    wake: false,
    waits: waitsFrom(NOON, 24 * HOUR_MS),
    runs: [run],
  };
  return { task, run };
}

export function assignedTo(
  instanceId: EngineInstanceId,
  sessionId: SessionId | null = null,
): WorkEvent {
  return { type: 'assigned', instanceId, proof: null, sessionId };
}

/** `hasRun`: it works on the run's operation, and will report its end. */
type Worker = {
  readonly kind: HostWorkerKind;
  readonly instanceId: EngineInstanceId;
  hasRun: boolean;
};

export class World {
  readonly task: Task;
  run: Run;
  now = NOON;
  /** What the run waits for; when its time is over without it, the run is abandoned. */
  awaited: 'worker' | 'arrival' | null = null;
  worker: Worker | null = null;
  /** The server does an operation of the run. */
  isServerAtIt = false;
  /** The host came up where it was sent when its time was over, and asks for work. */
  hasArrivedLate = false;
  readonly log: string[] = [];
  #instances = 0;
  /** The worker that was there last. */
  #last: Worker | null = null;

  constructor(operations: readonly Operation[]) {
    const { task, run } = newTask(...operations);
    this.task = task;
    this.run = run;
  }

  /** Who does the run's next operation. */
  get by(): ReturnType<typeof workerAt> {
    return workerAt(this.task.operations, this.run.operationIndex);
  }

  happens(event: WorkEvent): void {
    const before = this.run;
    const { run, effects } = transition({ task: this.task, run: before }, event, this.now);
    this.run = run;
    this.log.push(`${event.type}: ${before.state} -> ${run.state} at ${run.operationIndex}`);
    for (const effect of effects) {
      if (effect.type === 'await-worker') this.awaited = 'worker';
      if (effect.type === 'await-arrival') this.awaited = 'arrival';
      if (effect.type === 'stop-awaiting') this.awaited = null;
      if (effect.type === 'await-arrival') this.hasArrivedLate = false;
    }
    // A worker whose run is over, or belongs to another start, has nothing to report any more.
    if (this.worker !== null && !isOwnedBy(run, this.worker.instanceId)) this.worker.hasRun = false;
  }

  connect(isSameStart: boolean, kind: HostWorkerKind = 'engine'): void {
    if (this.worker !== null && this.worker.kind !== kind) this.disconnect();
    const isBack = isSameStart && this.#last?.kind === kind;
    if (!isBack) this.#instances += 1;
    const number = String(this.#instances).padStart(10, '0');
    const instanceId = (isBack ? this.#last?.instanceId : undefined) ?? instanceOf(number);
    const activeRunId = isBack && this.#last?.hasRun === true ? this.run.id : null;
    this.worker = { kind, instanceId, hasRun: false };
    const resumable = resumableRuns([{ ...this.task, runs: [this.run] }], this.now);
    const arrival = { kind, instanceId, activeRunId };
    switch (fateOnArrival(this, arrival, resumable.has(this.run.id))) {
      case 'goes-on':
        this.happens({ type: 'worker-returned' });
        this.worker.hasRun = true;
        break;
      case 'assigned-again':
        this.happens({ type: 'worker-connected' });
        break;
      case 'restarts': {
        const { restarts } = this.run;
        this.happens({ type: 'worker-restarted', reason: 'again', restarts, isCaptured: false });
        break;
      }
      case 'is-lost':
        this.happens({ type: 'worker-lost', reason: 'again' });
        break;
      case 'unconcerned':
        break;
    }
    this.#last = this.worker;
  }

  disconnect(): void {
    const { worker } = this;
    if (worker === null) return;
    this.#last = worker;
    this.worker = null;
    if (this.by === worker.kind) this.happens({ type: 'worker-missing', reason: 'gone' });
  }

  /** As the server does when a worker asks for its next operation. */
  askForWork(): void {
    const { worker, by } = this;
    if (worker === null) return;
    this.timePasses(0);
    worker.hasRun = false;
    this.happens({ type: 'work-asked', by: worker.kind });
    if (!this.#isNext()) return;
    if (by === 'server') this.serverBegins();
    else if (by === worker.kind) {
      const isMulticast = this.task.operations[this.run.operationIndex]?.type === 'deploy';
      this.happens(assignedTo(worker.instanceId, isMulticast ? SESSION : null));
      worker.hasRun = true;
    } else if (by !== undefined) this.#send(worker, by);
  }

  #send({ instanceId }: Worker, to: HostWorkerKind): void {
    const { move } = this.run;
    const isLost = move?.to === to && move.orders >= MAX_ORDERS && move.toldTo !== instanceId;
    if (isLost) this.happens({ type: 'not-assigned', error: wrongSystemError(to) });
    else this.happens({ type: 'sent', to, instanceId });
  }

  #isNext(): boolean {
    const { run } = this;
    return (
      (run.state === 'waiting' || run.state === 'running') &&
      !run.cancelRequested &&
      !isOverdue(this.task, run, this.now)
    );
  }

  serverBegins(): void {
    const isNext = this.run.state === 'waiting' && isByServer(this.run, this.task);
    if (this.isServerAtIt || !isNext || !this.#isNext()) return;
    this.happens({ type: 'begun' });
    this.isServerAtIt = this.run.state === 'running';
  }

  serverReports(...events: readonly RunEvent[]): void {
    if (!this.isServerAtIt) return;
    // Its job is over before that is told: the next one may follow from it.
    if (events.some(({ type }) => type === 'operation-ended')) this.isServerAtIt = false;
    const { eventSequence: lastSequence } = this.run;
    this.happens(reported('server', events, lastSequence));
  }

  serverEnds(outcome: 'completed' | 'failed' | 'aborted'): void {
    const { operationIndex } = this.run;
    const end = { operationIndex, diskOutcome: 'untouched' } as const;
    this.serverReports(
      operationEnded(outcome, outcome === 'completed' ? end : { ...end, code: 'cancelled' }),
    );
  }

  serverRestarts(isRepeatable: boolean): void {
    if (this.worker !== null) this.#last = this.worker;
    this.worker = null;
    this.isServerAtIt = false;
    this.awaited = null;
    if (isByServer(this.run, this.task)) this.happens({ type: 'server-restarted', isRepeatable });
    else this.happens({ type: 'worker-missing', reason: 'the server was restarted' });
    if (this.run.move !== undefined) {
      this.awaited = 'arrival';
      this.hasArrivedLate = false;
    }
  }

  report(...events: readonly RunEvent[]): void {
    if (this.worker?.hasRun !== true) return;
    const ends = events.some(({ type }) => type === 'operation-ended');
    this.happens(reported(this.worker.kind, events, this.run.eventSequence + events.length));
    if (ends) this.worker.hasRun = false;
  }

  endOperation(
    outcome: 'completed' | 'failed' | 'aborted',
    code: 'disk-busy' | 'session-failed',
  ): void {
    const { operationIndex } = this.run;
    const diskOutcome = outcome === 'completed' ? 'complete' : 'cleared';
    this.report(
      operationEnded(outcome, {
        operationIndex,
        diskOutcome,
        ...(outcome === 'completed' ? {} : { code }),
      }),
    );
  }

  cancel(): void {
    const isWorkerConnected = this.by === 'server' ? this.isServerAtIt : this.worker !== null;
    this.happens({ type: 'cancelled', operator: 'eva', isWorkerConnected });
  }

  timePasses(ms: number): void {
    this.now += ms;
    const isWorkerConnected = this.worker !== null;
    this.happens({ type: 'time-passed', isWorkerConnected, isClockWrong: false });
  }

  /** What the run waits for has not come in time. */
  timerEnds(): void {
    const { awaited } = this;
    this.awaited = null;
    if (awaited === 'worker') this.happens({ type: 'worker-lost', reason: 'it did not come back' });
    if (awaited !== 'arrival') return;
    const isThere = this.worker !== null && this.worker.kind === this.run.move?.to;
    this.hasArrivedLate = isThere;
    this.happens({ type: 'not-arrived', isThere });
  }

  check(): void {
    const { run, worker, awaited, by } = this;
    Run.parse(run);
    const said = (): string => `${this.log.join('\n')}\n${JSON.stringify(run)}`;
    if (run.state === 'running') {
      const isIts = worker !== null && by === worker.kind;
      const isWithWorker = isIts && isOwnedBy(run, worker.instanceId);
      const asksNext = isIts && !isInsideOperation(run, worker.kind);
      const isWithServer = by === 'server' && this.isServerAtIt;
      assert.ok(
        awaited === 'worker' || isWithWorker || asksNext || isWithServer,
        `nobody ends this run:\n${said()}`,
      );
    } else {
      assert.notEqual(
        awaited,
        'worker',
        `waiting for the worker of a run that is not at it:\n${said()}`,
      );
    }
    const isSent = run.state === 'waiting' && run.move !== undefined;
    assert.equal(run.move !== undefined, isSent, `sent, and not waiting:\n${said()}`);
    const isArrivalAwaited = awaited === 'arrival' || this.hasArrivedLate;
    assert.ok(!isSent || isArrivalAwaited, `sent, and nobody looks whether it arrives:\n${said()}`);
    assert.ok(isSent || awaited !== 'arrival', `awaited, and not sent:\n${said()}`);
    if (run.state === 'waiting')
      assert.ok(!run.cancelRequested, `cancelled, and waits:\n${said()}`);
    // What is under way belongs to who does the operation that is under way.
    const open = run.steps.filter(({ state }) => state === 'planned' || state === 'running');
    if (run.state === 'running' || run.state === 'interrupted')
      assert.ok(
        open.every((step) => (step.by ?? 'engine') === by),
        `another's step:\n${said()}`,
      );
    if (!isEnded(run.state)) return;
    assert.ok(run.endedAt !== null && run.diskOutcome !== null, said());
    if (run.state === 'interrupted') return;
    assert.equal(open.length, 0, `ended with a step under way:\n${said()}`);
  }
}

function reported(
  by: HostWorkerKind | 'server',
  events: readonly RunEvent[],
  lastSequence: number,
): WorkEvent {
  return {
    type: 'reported',
    by,
    events,
    lastSequence,
    isResumable: true,
    identityOf: () => undefined,
  };
}

function instanceOf(number: string): EngineInstanceId {
  return EngineInstanceId.parse(`engine-${number}`);
}
