import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  EngineInstanceId,
  HostId,
  ImageId,
  RunId,
  SessionId,
  TaskId,
  VersionId,
} from '../../../lib/model/ids.ts';
import type { Operation } from '../../../lib/model/operation.ts';
import { isEnded, Run, type Task } from '../../../lib/model/task.ts';
import type { RunEvent } from '../../../lib/protocol/engine-api.ts';
import { fateOnArrival } from '../../../server/tasks/arrival.ts';
import { newRun } from '../../../server/tasks/new-run.ts';
import { isInsideOperation } from '../../../server/tasks/run-events.ts';
import { isOwnedBy, resumableRuns } from '../../../lib/rules/run-resumption.ts';
import { transition } from '../../../server/tasks/transitions.ts';
import type { Effect, Transition, WorkEvent } from '../../../server/tasks/work-event.ts';
import { isOverdue, waitsFrom } from '../../../server/tasks/waiting.ts';
import { operationEnded, plan, started, stepEnded } from '../sample-room.ts';

const HOUR_MS = 3_600_000;
const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const FIRST = EngineInstanceId.parse('engine-0000000001');
const SESSION = SessionId.parse('session-0000000001');

const DEPLOY: Operation = {
  ...{ type: 'deploy', disk: { type: 'only' }, transport: 'auto', gatherMs: 0 },
  imageId: ImageId.parse('image-0000000001'),
  versionId: VersionId.parse('version-0000000001'),
};
const CAPTURE: Operation = {
  ...{ type: 'capture', disk: { type: 'only' }, imageName: 'win11', compression: 'zstd' },
};
const SHUTDOWN: Operation = { type: 'shutdown', mode: 'power-off' };

/** A task of one run that waits since noon. */
function newTask(...wanted: readonly Operation[]): { task: Task; run: Run } {
  const taskId = TaskId.parse('task-0000000001');
  const hostId = HostId.parse('host-0000000001');
  const run = newRun({ id: RunId.parse('run-0000000001'), taskId, hostId });
  const task: Task = {
    ...{ id: taskId, title: 'work', createdAt: new Date(NOON).toISOString(), createdBy: 'eva' },
    ...{ operations: [...wanted], wake: false, waits: waitsFrom(NOON, 24 * HOUR_MS), runs: [run] },
  };
  return { task, run };
}

function assignedTo(instanceId: EngineInstanceId, sessionId: SessionId | null = null): WorkEvent {
  return { type: 'assigned', instanceId, proof: null, sessionId };
}

function reported(run: Run, ...events: readonly RunEvent[]): WorkEvent {
  return {
    ...{ type: 'reported', by: 'engine', events, isResumable: true, identityOf: () => undefined },
    lastSequence: run.eventSequence + events.length,
  };
}

/** The last transition of `events`, one after the other. */
function after(
  item: { readonly task: Task; readonly run: Run },
  events: readonly (WorkEvent | ((run: Run) => WorkEvent))[],
  now = NOON,
): Transition {
  let made: Transition = { run: item.run, effects: [] };
  for (const event of events) {
    const next = typeof event === 'function' ? event(made.run) : event;
    made = transition({ task: item.task, run: made.run }, next, now);
  }
  return made;
}

function kinds({ effects }: Transition): Effect['type'][] {
  return effects.map(({ type }) => type);
}

const AT_WORK = [
  assignedTo(FIRST, SESSION),
  (run: Run) => reported(run, plan('clear-disk', 'write-p1'), started('clear-disk')),
];
const END = ['forget-progress', 'leave-session', 'stop-awaiting', 'log-end'] as const;

describe('a transition of a run', () => {
  test('leaves the record that it is given as it was', () => {
    const item = newTask(DEPLOY);
    const before = JSON.stringify(item);
    after(item, [...AT_WORK, { type: 'worker-lost', reason: 'gone' }]);
    assert.equal(JSON.stringify(item), before);
  });

  test('to its end releases what was kept of it, whichever way it ends', () => {
    const ends: (readonly [string, readonly (WorkEvent | ((run: Run) => WorkEvent))[]])[] = [
      ['completed', [...AT_WORK, (run) => reported(run, operationEnded())]],
      ['failed', [...AT_WORK, (run) => reported(run, operationEnded('failed'))]],
      ['failed', [{ type: 'not-assigned', error: gone() }]],
      ['aborted', [{ type: 'cancelled', operator: 'eva', isWorkerConnected: false }]],
    ];
    for (const [state, events] of ends) {
      const made = after(newTask(DEPLOY), events);
      assert.equal(made.run.state, state);
      assert.deepEqual(kinds(made), [...END, 'release']);
    }
  });

  test('to "interrupted" releases nothing: its engine may still finish it', () => {
    const made = after(newTask(CAPTURE), [...AT_WORK, { type: 'worker-lost', reason: 'gone' }]);
    assert.equal(made.run.state, 'interrupted');
    assert.deepEqual(kinds(made), END);
  });

  test('between two operations leaves the session, and stays at work', () => {
    const made = after(newTask(DEPLOY, SHUTDOWN), [
      ...AT_WORK,
      (run) => reported(run, stepEnded('write-p1'), operationEnded()),
    ]);
    assert.deepEqual([made.run.state, made.run.operationIndex], ['running', 1]);
    assert.deepEqual(kinds(made), ['forget-progress', 'forget-progress', 'leave-session']);
  });

  test('by a session that missed the host offers the work again', () => {
    const missed = operationEnded('failed', { code: 'session-missed', diskOutcome: 'untouched' });
    const made = after(newTask(DEPLOY), [...AT_WORK, (run) => reported(run, missed)]);
    assert.equal(made.run.state, 'waiting');
    assert.deepEqual(kinds(made), [
      'forget-progress',
      'leave-session',
      'stop-awaiting',
      'offer-work',
    ]);
  });

  test('by a cancel waits for the engine only when one is connected', () => {
    const cancel = (isWorkerConnected: boolean): WorkEvent => ({
      ...{ type: 'cancelled', operator: 'eva', isWorkerConnected },
    });
    const connected = after(newTask(DEPLOY), [...AT_WORK, cancel(true)]);
    assert.deepEqual([connected.run.state, kinds(connected)], ['running', ['await-worker']]);
    const alone = after(newTask(DEPLOY), [...AT_WORK, cancel(false)]);
    assert.deepEqual([alone.run.state, kinds(alone)], ['interrupted', END]);
  });

  test('that assigns a run which was cancelled meanwhile takes it out of its session again', () => {
    const made = after(newTask(DEPLOY), [
      { type: 'cancelled', operator: 'eva', isWorkerConnected: true },
      assignedTo(FIRST, SESSION),
    ]);
    assert.equal(made.run.state, 'aborted');
    assert.deepEqual(kinds(made), ['forget-progress', 'leave-session', 'stop-awaiting', 'release']);
  });

  test('by a drop concerns only who receives by that session', () => {
    const drop: WorkEvent = { type: 'dropped', sessionId: SESSION, reason: 'silent' };
    const receiving = after(newTask(DEPLOY), [...AT_WORK, drop]);
    assert.deepEqual(kinds(receiving), ['log-drop', 'end-receiving', 'recount-session']);
    assert.equal(receiving.run.droppedFrom, SESSION);
    const other = after(newTask(DEPLOY), [
      assignedTo(FIRST, SessionId.parse('session-0000000002')),
      drop,
    ]);
    assert.deepEqual([other.run.droppedFrom, kinds(other)], [null, []]);
  });
});

/** What a walk goes through: the run, what the server waits for, and the host's engine. */
class World {
  readonly task: Task;
  run: Run;
  now = NOON;
  /** Whether the run is given up when the grace time is over. */
  isAwaited = false;
  /** `hasRun`: it works on the run's operation, and will report its end. */
  engine: { readonly instanceId: EngineInstanceId; hasRun: boolean } | null = null;
  #instances = 0;
  readonly log: string[] = [];

  constructor(operations: readonly Operation[]) {
    const { task, run } = newTask(...operations);
    this.task = task;
    this.run = run;
  }

  happens(event: WorkEvent): void {
    const before = this.run;
    const { run, effects } = transition({ task: this.task, run: before }, event, this.now);
    this.run = run;
    this.log.push(`${event.type}: ${before.state} -> ${run.state}`);
    for (const effect of effects) {
      if (effect.type === 'await-worker') this.isAwaited = true;
      if (effect.type === 'stop-awaiting') this.isAwaited = false;
    }
    // An engine whose run is over, or belongs to another start, has nothing to report any more.
    if (this.engine !== null && !isOwnedBy(run, this.engine.instanceId)) this.engine.hasRun = false;
  }

  connect(isSameStart: boolean): void {
    const isBack = isSameStart && this.#instances > 0;
    if (!isBack) this.#instances += 1;
    const instanceId = EngineInstanceId.parse(
      `engine-${String(this.#instances).padStart(10, '0')}`,
    );
    const had = isBack && this.#hadRun;
    this.engine = { instanceId, hasRun: false };
    const resumable = resumableRuns([{ ...this.task, runs: [this.run] }], this.now);
    const activeRunId: RunId | null = had ? this.run.id : null;
    const arrival = { kind: 'engine' as const, instanceId, activeRunId };
    switch (fateOnArrival(this, arrival, resumable.has(this.run.id))) {
      case 'goes-on':
        this.happens({ type: 'worker-returned' });
        this.engine.hasRun = true;
        break;
      case 'assigned-again':
        this.happens({ type: 'worker-connected' });
        break;
      case 'restarts': {
        const { restarts } = this.run;
        this.happens({ type: 'worker-restarted', reason: 'anew', restarts, isCaptured: false });
        break;
      }
      case 'is-lost':
        this.happens({ type: 'worker-lost', reason: 'anew' });
        break;
      case 'unconcerned':
        break;
    }
    this.#hadRun = this.engine.hasRun;
  }

  #hadRun = false;

  disconnect(): void {
    if (this.engine === null) return;
    this.#hadRun = this.engine.hasRun;
    this.engine = null;
    this.happens({ type: 'worker-missing', reason: 'gone' });
  }

  /** As the server does when an engine asks for its next operation. */
  askForWork(): void {
    if (this.engine === null) return;
    this.timePasses(0);
    this.engine.hasRun = false;
    this.happens({ type: 'work-asked', by: 'engine' });
    const { run } = this;
    const isNext =
      (run.state === 'waiting' || run.state === 'running') &&
      !run.cancelRequested &&
      !isOverdue(this.task, run, this.now);
    if (!isNext) return;
    const isMulticast = this.task.operations[run.operationIndex]?.type === 'deploy';
    this.happens(assignedTo(this.engine.instanceId, isMulticast ? SESSION : null));
    this.engine.hasRun = true;
  }

  report(...events: readonly RunEvent[]): void {
    if (this.engine?.hasRun !== true) return;
    const ends = events.some(({ type }) => type === 'operation-ended');
    this.happens(reported(this.run, ...events));
    if (ends) this.engine.hasRun = false;
  }

  endOperation(
    outcome: 'completed' | 'failed' | 'aborted',
    code: 'disk-busy' | 'session-failed',
  ): void {
    const { operationIndex } = this.run;
    const diskOutcome = outcome === 'completed' ? 'complete' : 'cleared';
    this.report(
      operationEnded(outcome, {
        ...{ operationIndex, diskOutcome },
        ...(outcome === 'completed' ? {} : { code }),
      }),
    );
  }

  timePasses(ms: number): void {
    this.now += ms;
    const isWorkerConnected = this.engine !== null;
    this.happens({ type: 'time-passed', isWorkerConnected, isClockWrong: false });
  }

  graceEnds(): void {
    if (!this.isAwaited) return;
    this.isAwaited = false;
    this.happens({ type: 'worker-lost', reason: 'it did not come back' });
  }

  check(): void {
    const { run, engine, isAwaited } = this;
    Run.parse(run);
    const said = (): string => `${this.log.join('\n')}\n${JSON.stringify(run)}`;
    if (run.state === 'running') {
      const isWithEngine = engine !== null && isOwnedBy(run, engine.instanceId);
      const asksNext = engine !== null && !isInsideOperation(run, 'engine');
      assert.ok(isAwaited || isWithEngine || asksNext, `nobody ends this run:\n${said()}`);
    } else {
      assert.ok(!isAwaited, `waiting for the engine of a run that has ended:\n${said()}`);
    }
    if (run.state === 'waiting')
      assert.ok(!run.cancelRequested, `cancelled, and waits:\n${said()}`);
    if (!isEnded(run.state)) return;
    assert.ok(run.endedAt !== null && run.diskOutcome !== null, said());
    if (run.state === 'interrupted') return;
    assert.ok(!isInsideOperation(run, 'engine'), `ended with a step under way:\n${said()}`);
  }
}

type Happening = { readonly title: string; readonly act: (world: World) => void };

const HAPPENINGS: readonly Happening[] = [
  { title: 'a new start of the engine connects', act: (world) => world.connect(false) },
  { title: 'the same engine connects again', act: (world) => world.connect(true) },
  { title: 'the connection is lost', act: (world) => world.disconnect() },
  { title: 'the engine asks for work', act: (world) => world.askForWork() },
  {
    title: 'it plans and begins',
    act: (world) => world.report(plan('clear-disk', 'write-p1'), started('clear-disk')),
  },
  { title: 'a step ends', act: (world) => world.report(stepEnded('clear-disk')) },
  {
    title: 'the operation is completed',
    act: (world) => world.endOperation('completed', 'disk-busy'),
  },
  { title: 'it fails', act: (world) => world.endOperation('failed', 'disk-busy') },
  {
    title: 'the session does not reach the host',
    act: (world) => world.endOperation('failed', 'session-failed'),
  },
  { title: 'it is aborted', act: (world) => world.endOperation('aborted', 'disk-busy') },
  {
    title: 'an operator cancels',
    act: (world) => {
      const isWorkerConnected = world.engine !== null;
      world.happens({ type: 'cancelled', operator: 'eva', isWorkerConnected });
    },
  },
  {
    title: 'the sender drops the host',
    act: (world) => world.happens({ type: 'dropped', sessionId: SESSION, reason: 'silent' }),
  },
  { title: 'the grace time ends', act: (world) => world.graceEnds() },
  { title: 'ten minutes pass', act: (world) => world.timePasses(HOUR_MS / 6) },
  { title: 'a day passes', act: (world) => world.timePasses(25 * HOUR_MS) },
  { title: 'the clock is set back', act: (world) => world.timePasses(-3 * HOUR_MS) },
];

const happening = fc
  .integer({ min: 0, max: HAPPENINGS.length - 1 })
  .map((index) => HAPPENINGS[index] ?? { title: 'nothing', act: () => undefined });
const operations = fc.constantFrom<readonly Operation[]>(
  [DEPLOY],
  [CAPTURE],
  [DEPLOY, SHUTDOWN],
  [CAPTURE, DEPLOY, SHUTDOWN],
);
const walk = fc.tuple(operations, fc.array(happening, { maxLength: 40 }));

function walked([kinds_, happenings]: readonly [
  readonly Operation[],
  readonly Happening[],
]): World {
  const world = new World(kinds_);
  for (const { act } of happenings) {
    act(world);
    world.check();
  }
  return world;
}

describe('a run, whatever happens to it in whatever order', () => {
  test('is always with somebody who ends it, or is awaited, or waits, or has ended', () => {
    fc.assert(
      fc.property(walk, (steps) => {
        walked(steps);
      }),
      { numRuns: 3000 },
    );
  });

  test('ends when its host never comes again', () => {
    fc.assert(
      fc.property(walk, (steps) => {
        const world = walked(steps);
        world.disconnect();
        world.graceEnds();
        world.timePasses(400 * 24 * HOUR_MS);
        assert.ok(isEnded(world.run.state), world.log.join('\n'));
      }),
      { numRuns: 1000 },
    );
  });

  test('ends when its host comes back and does all it is asked', () => {
    fc.assert(
      fc.property(walk, (steps) => {
        const world = walked(steps);
        for (let times = 0; times < 8 && !isEnded(world.run.state); times += 1) {
          if (world.engine === null) world.connect(false);
          if (world.engine?.hasRun !== true) world.askForWork();
          world.report(plan('clear-disk'), started('clear-disk'), stepEnded('clear-disk'));
          world.endOperation('completed', 'disk-busy');
          world.check();
        }
        assert.ok(isEnded(world.run.state), world.log.join('\n'));
      }),
      { numRuns: 1000 },
    );
  });

  test('stays as it ended, but for an interrupted one that its engine finishes', () => {
    fc.assert(
      fc.property(walk, ([kinds_, happenings]) => {
        const world = new World(kinds_);
        for (const { act } of happenings) {
          const before = world.run;
          act(world);
          if (!isEnded(before.state) || before.state === 'interrupted') continue;
          assert.deepEqual(
            { ...world.run, eventSequence: 0, cancelRequested: false },
            { ...before, eventSequence: 0, cancelRequested: false },
          );
        }
      }),
      { numRuns: 1000 },
    );
  });
});

function gone(): Extract<WorkEvent, { type: 'not-assigned' }>['error'] {
  return { code: 'not-found', message: 'finding the image', hint: 'Look.', causes: [] };
}
