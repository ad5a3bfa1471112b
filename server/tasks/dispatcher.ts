/** The heart of the server: gives engines their work, takes their reports, and keeps every run in a defined state. */

import { fromReport, OperatorError, toReport } from '../../lib/errors.ts';
import type { ErrorReport } from '../../lib/model/error-report.ts';
import { describeDisk } from '../../lib/disk-selection.ts';
import type { DiskIdentity } from '../../lib/model/disk-identity.ts';
import { identityOf } from '../../lib/same-disk.ts';
import { unreachable } from '../../lib/unreachable.ts';
import type {
  EngineInstanceId,
  HostId,
  ImageId,
  RunId,
  SessionId,
  TaskId,
  VersionId,
} from '../../lib/model/ids.ts';
import { MAX_STEPS } from '../../lib/model/limits.ts';
import type { Manifest } from '../../lib/model/image.ts';
import type { LogEvent } from '../../lib/model/log-entry.ts';
import type {
  AssignedOperation,
  DeployImage,
  ImageSource,
  Operation,
} from '../../lib/model/operation.ts';
import type { Run, Session, Task } from '../../lib/model/task.ts';
import type { ProgressReport, RunEvent } from '../../lib/protocol/engine-api.ts';
import type { ImageStore } from '../image-store/image-store.ts';
import type { EngineLink, Live } from '../live.ts';
import type { Log } from '../../lib/log.ts';
import { findRun } from '../lookup.ts';
import type { RunTokens } from '../run-tokens.ts';
import type { SessionBoard } from '../sessions/session-board.ts';
import type { Store } from '../store/store.ts';
import { isWith, MAX_RESTARTS, runsToBeginAgain } from './begin-again.ts';
import {
  applyRunEvent,
  beginAgain,
  endRun,
  endStoredCapture,
  handOut,
  interruptRun,
  isInsideOperation,
  noteDropped,
  resumeRun,
} from './run-events.ts';
import { mayStillCapture, refuseProtected } from './captures.ts';
import { noteDiskOutcome } from './half-written.ts';
import {
  CLOCK_PATIENCE_MS,
  isClockBehind,
  isFromFuture,
  isOverdue,
  overdueReport,
  waitsAnew,
} from './waiting.ts';
import { isExpected, isLeftOut } from './session-candidates.ts';
import { isCaptured, outdatedVersions, storeCapturedImage } from './store-image.ts';

export type DispatcherOptions = {
  readonly store: Store;
  readonly images: ImageStore;
  readonly live: Live;
  readonly tokens: RunTokens;
  readonly sessions: SessionBoard;
  readonly log: Log;
  /** What operators shall know of. */
  readonly tell: (event: LogEvent) => void;
  /** How long a run stays "running" after its engine's connection was lost. */
  readonly graceMs: number;
  /** How many versions of an image are kept. */
  readonly keepVersions: number;
  readonly onChanged: () => void;
  /** Milliseconds since 1970; the system's clock when absent. */
  readonly clock?: () => number;
  /** Milliseconds on the clock that nobody sets; performance.now() when absent. */
  readonly uptime?: () => number;
};

/** How often it is looked whether work has waited too long. */
const WAITS_MS = 10_000;

/** What an engine needs to report a failure of its own. */
const OWN_WORD_MS = 2000;

type DeployOperation = Extract<Operation, { type: 'deploy' }>;
type EngineStart = Pick<EngineLink, 'hostId' | 'instanceId' | 'proof'>;
type WorkItem = { readonly task: Task; readonly run: Run };

export class Dispatcher {
  readonly #options: DispatcherOptions;
  #isClosed = false;
  #waits: NodeJS.Timeout | undefined;
  /** Since when, by the clock that nobody sets, the other one is behind what waits; null: it is not. */
  #behindSince: number | null = null;
  readonly #graceTimers = new Map<RunId, NodeJS.Timeout>();
  /** The latest arrival of an engine of each host: the next one waits for it. */
  readonly #arrivals = new Map<HostId, Promise<unknown>>();
  /** The latest report of each run: the next one waits for it. */
  readonly #reports = new Map<RunId, Promise<unknown>>();
  /** Captures that were cancelled: they send nothing any more, also while the store cannot say so yet. */
  readonly #givenUp = new Set<RunId>();

  constructor(options: DispatcherOptions) {
    this.#options = options;
    options.sessions.onDropped = (runId, sessionId) => {
      void this.#memberDropped(runId, sessionId);
    };
    options.sessions.onStranger = (session, address) => {
      void this.#sendAgain(session, address);
    };
    options.sessions.onEnded = (session, error) => this.#sessionEnded(session, error);
  }

  /**
   * After a start of the server: every run that was under way waits for its engine, but not for ever; work whose time
   * is over ends.
   */
  async takeUp(): Promise<void> {
    await this.#tryEndOverdue();
    this.#waits = setInterval(() => void this.#tryEndOverdue(), WAITS_MS);
    this.#waits.unref();
    for (const { run } of this.#items((candidate) => candidate.state === 'running')) {
      this.#waitForEngine(run.id, 'the server was restarted while the run was under way');
    }
  }

  /** On a disk that is full it is tried again later: operators need the server to make room. */
  async #tryEndOverdue(): Promise<void> {
    try {
      await this.endOverdue();
    } catch (error) {
      this.#options.log.error({ event: 'fault', error }, 'ending what waited too long failed');
    }
  }

  /** Ends the runs that have waited too long for their hosts; the clock may have been set meanwhile. */
  async endOverdue(): Promise<void> {
    const { store, live } = this.#options;
    const now = this.#now();
    const isWrong = this.#hasStayedBehind(now);
    const isOver = (task: Task, run: Run): boolean =>
      isOverdue(task, run, now) || (isWrong && isFromFuture(run, now));
    if (isWrong) {
      await store.change(({ tasks }) => {
        for (const task of tasks) task.waits = waitsAnew(task, now) ?? task.waits;
      });
    }
    const overdue = store
      .read()
      .tasks.flatMap((task) => task.runs.filter((run) => isOver(task, run)));
    await Promise.all(
      overdue.map(async ({ id }) => {
        await this.#changeRun(id, (draft, task) => {
          if (!isOver(task, draft)) return;
          draft.diskOutcome ??= 'untouched';
          const isOn = live.engineOf(draft.hostId) !== undefined;
          endRun(draft, 'failed', new Date(now).toISOString(), overdueReport(task, isOn));
        });
        await this.#afterEvents(id, []);
      }),
    );
    if (overdue.length > 0) this.#options.onChanged();
  }

  /** Whether the clock has been behind what waits for so long that it was wrong before and is not now. */
  #hasStayedBehind(now: number): boolean {
    const uptime = (this.#options.uptime ?? (() => performance.now()))();
    if (this.#options.store.read().tasks.some((task) => isClockBehind(task, now))) {
      this.#behindSince ??= uptime;
    } else {
      this.#behindSince = null;
    }
    return this.#behindSince !== null && uptime - this.#behindSince >= CLOCK_PATIENCE_MS;
  }

  /** Before the server stops: no more timers; runs stay as they are in the store. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#waits);
    for (const timer of this.#graceTimers.values()) clearTimeout(timer);
  }

  /**
   * An engine has logged on. A run of its host that is in the middle of an operation of which the engine knows nothing
   * begins that again, or is interrupted: another start of the engine had it. Answers whether the engine shall go on
   * with `activeRunId`.
   */
  async engineOnline(engine: EngineLink, activeRunId: RunId | null): Promise<boolean> {
    this.#options.live.setEngine(engine);
    const before = this.#arrivals.get(engine.hostId) ?? Promise.resolve();
    const arrival = before
      .catch(() => undefined)
      .then(async () => this.#takeIn(engine, activeRunId));
    this.#arrivals.set(engine.hostId, arrival);
    return arrival;
  }

  async #takeIn(engine: EngineLink, activeRunId: RunId | null): Promise<boolean> {
    const reason = 'the host was started anew while the run was under way';
    const toBeginAgain = this.#toBeginAgain();
    const begun = this.#items(
      ({ hostId, state }) =>
        hostId === engine.hostId && (state === 'running' || state === 'interrupted'),
    );
    for (const { run } of begun) {
      if (run.id === activeRunId) continue;
      if (run.state === 'running' && !isInsideOperation(run)) {
        // Between two operations, or the answer with the first one was lost: it is handed out (again).
        this.#stopWaiting(run.id);
        continue;
      }
      if (toBeginAgain.has(run.id) && run.engineInstanceId !== engine.instanceId) {
        await this.#beginAgain(run, reason);
        continue;
      }
      if (run.state === 'running') await this.#interrupt(run.id, reason);
      // Nobody will finish it now: what was staged of it is of no use.
      await this.#options.images.discard(run.id);
    }
    const active = activeRunId === null ? undefined : this.#find(activeRunId);
    const goesOn =
      active !== undefined &&
      active.run.hostId === engine.hostId &&
      isWith(active.run, engine.instanceId) &&
      !active.run.cancelRequested &&
      (active.run.state === 'running' || active.run.state === 'interrupted');
    if (active !== undefined && goesOn) {
      this.#stopWaiting(active.run.id);
      await this.#changeRun(active.run.id, resumeRun);
    }
    // It may have left meanwhile, when nothing was known yet of what it has.
    this.awaitLost(engine.hostId);
    this.#options.onChanged();
    return goesOn;
  }

  /** The engine's connection is over; its run waits for it a while. */
  engineOffline(engine: EngineLink, reason: string): void {
    if (!this.#options.live.removeEngine(engine)) return;
    for (const { run } of this.#items((candidate) => candidate.hostId === engine.hostId)) {
      if (run.state === 'running') {
        this.#waitForEngine(run.id, `the connection to the host was lost (${reason})`);
      }
    }
    this.#options.onChanged();
  }

  /** Whatever of the host is under way waits for its engine no longer than the grace time, when none is connected. */
  awaitLost(hostId: HostId): void {
    if (this.#options.live.engineOf(hostId) !== undefined) return;
    const lost = this.#items((run) => run.hostId === hostId && run.state === 'running');
    for (const { run } of lost) {
      if (this.#graceTimers.has(run.id)) continue;
      this.#waitForEngine(
        run.id,
        'the connection to the host was lost while the run was under way',
      );
    }
  }

  /** New work is in the store for these hosts: those that are connected are told. */
  announce(task: Task): void {
    for (const run of task.runs) this.#options.live.engineOf(run.hostId)?.notifyWork();
    this.#options.onChanged();
  }

  /** The next thing the host shall do, oldest task first; idle when there is nothing. */
  async nextOperation(engine: EngineStart): Promise<AssignedOperation> {
    const { hostId, instanceId, proof } = engine;
    await this.endOverdue();
    await this.#endForgotten(hostId);
    const item = this.#nextItem(hostId);
    if (item === undefined) return { type: 'idle' };
    const { task, run } = item;
    if (run.state === 'running' && !isWith(run, instanceId) && run.restarts >= MAX_RESTARTS) {
      await this.#interrupt(run.id, 'the host was started anew again and again before it began');
      return this.nextOperation(engine);
    }
    const operation = task.operations[run.operationIndex];
    if (operation === undefined) throw new TypeError(`run ${run.id} has no operation left`);
    let assigned: AssignedOperation;
    try {
      assigned = await this.#assign(item, operation, instanceId);
    } catch (error) {
      // The image may be gone or damaged: the run fails, and the host is not stuck with it.
      await this.#changeRun(run.id, (draft) => {
        draft.diskOutcome ??= 'untouched';
        endRun(draft, 'failed', new Date().toISOString(), toReport(error));
      });
      await this.#afterEvents(run.id, []);
      return this.nextOperation(engine);
    }
    const taken = await this.#changeRun(run.id, (draft) => {
      // It may have been cancelled while the operation was made ready.
      if (draft.cancelRequested || (draft.state !== 'waiting' && draft.state !== 'running')) return;
      handOut(draft, instanceId, new Date().toISOString(), proof);
      if (assigned.type === 'deploy' && assigned.source.type === 'multicast') {
        draft.sessionId = assigned.source.sessionId;
      }
    });
    if (taken?.state === 'running' && !taken.cancelRequested) {
      if (this.#options.live.engineOf(hostId) === undefined) {
        this.#waitForEngine(run.id, 'the connection to the host was lost when it asked for work');
      }
      this.#options.onChanged();
      return assigned;
    }
    await this.#afterEvents(run.id, []);
    return this.nextOperation(engine);
  }

  /**
   * The engine asks for work, so it has none. A run that was cancelled between two operations ends here; one in the
   * middle of an operation is one whose end was never reported.
   */
  async #endForgotten(hostId: HostId): Promise<void> {
    const items = this.#items((run) => run.hostId === hostId && run.state === 'running');
    for (const { run } of items) {
      if (isInsideOperation(run)) {
        await this.#interrupt(
          run.id,
          'the engine asked for other work without saying how it ended',
        );
      } else if (run.cancelRequested) {
        await this.#changeRun(run.id, (draft) =>
          endRun(draft, 'aborted', new Date().toISOString(), cancelReport('cancelled')),
        );
        await this.#afterEvents(run.id, []);
      }
    }
  }

  /** Stores what an engine reports, in order. Answers the number of the last event that is safe. */
  report(
    engine: EngineStart,
    runId: RunId,
    firstSequence: number,
    events: readonly RunEvent[],
    progress: ProgressReport | null,
  ): Promise<number> {
    if (this.#find(runId) === undefined) return Promise.reject(unknownRun(runId));
    // A report of an old connection may still be under way when the engine repeats it over a new one.
    const before = this.#reports.get(runId) ?? Promise.resolve();
    const report = before
      .catch(() => undefined)
      .then(() => this.#takeReport(engine, runId, firstSequence, events, progress));
    this.#reports.set(runId, report);
    return report;
  }

  async #takeReport(
    { hostId, instanceId }: EngineStart,
    runId: RunId,
    firstSequence: number,
    events: readonly RunEvent[],
    progress: ProgressReport | null,
  ): Promise<number> {
    const item = this.#find(runId);
    if (item?.run.hostId !== hostId || !isWith(item.run, instanceId)) throw unknownRun(runId);
    // The plan comes before the first step: without its acknowledgement nothing begins.
    if (item.run.cancelRequested && events.some((event) => event.type === 'plan')) {
      throw fromReport(cancelReport('cancelled before it began'));
    }
    const fresh = events.filter((_, index) => firstSequence + index > item.run.eventSequence);
    for (const event of fresh) checkEvent(item.run, event);
    for (const event of fresh) await this.#prepare(item, event);
    const lastSequence = Math.max(item.run.eventSequence, firstSequence + events.length - 1);
    if (fresh.length > 0) {
      const now = new Date().toISOString();
      // One that was thought lost for long does not try again by itself.
      const isTooLate = item.run.state === 'interrupted' && !this.#toBeginAgain().has(runId);
      await this.#changeRun(runId, (draft, task) => {
        if (isTooLate) draft.droppedFrom = null;
        // The engine is plainly alive: its word counts even if the run was thought lost.
        if (draft.state === 'interrupted') resumeRun(draft);
        if (draft.state === 'running') {
          for (const event of fresh) applyRunEvent(draft, event, task.operations.length, now);
          const told = draft.diskIdentity ?? this.#toldIdentity(draft);
          if (told !== undefined) draft.diskIdentity = told;
        }
        draft.eventSequence = lastSequence;
      });
      await this.#afterEvents(runId, fresh);
      // The grace time may have ended meanwhile: nobody would give the run up a second time.
      this.awaitLost(hostId);
    }
    if (progress !== null && this.#find(runId)?.run.state === 'running') {
      this.#options.live.setProgress({ runId, hostId, ...progress });
    }
    this.#options.onChanged();
    return lastSequence;
  }

  /** Ends a run that has not ended, as an operator wishes. */
  async cancel(runId: RunId, operator: string): Promise<void> {
    const item = this.#find(runId);
    if (item === undefined) return;
    const engine = this.#options.live.engineOf(item.run.hostId);
    const reason = `cancelled by ${operator}`;
    const error = cancelReport(reason);
    // The engine first: disks may be being written while the store waits for its own.
    engine?.notifyCancel(runId, 'aborted', reason);
    // Before the store is written: what was staged may be why it cannot be.
    await this.#giveUp(item);
    await this.#changeRun(runId, (draft) => {
      draft.cancelRequested = true;
      if (draft.state === 'waiting') {
        draft.diskOutcome ??= 'untouched';
        endRun(draft, 'aborted', new Date().toISOString(), error);
      } else if (draft.state === 'running' && engine === undefined) {
        interruptRun(draft, new Date().toISOString(), error);
      } else if (draft.state === 'interrupted') {
        // It would have begun again when its host comes back.
        endRun(draft, 'aborted', new Date().toISOString(), error);
      }
    });
    await this.#afterEvents(runId, []);
    if (this.#find(runId)?.run.state === 'running') {
      this.#waitForEngine(runId, `${reason}, but the engine did not say that it stopped`);
    }
    this.#options.onChanged();
  }

  /** Ends what a capture under way sends, and throws away what it has sent. */
  /** Ends the capture that a host is at, because its engine cannot say what it captured. */
  async failCapture(hostId: HostId, error: OperatorError): Promise<void> {
    const items = this.#items((run) => run.hostId === hostId && run.state === 'running');
    for (const item of items) {
      if (item.task.operations[item.run.operationIndex]?.type !== 'capture') continue;
      await this.#giveUp(item);
      await this.#changeRun(item.run.id, (draft) => {
        if (draft.state === 'running')
          endRun(draft, 'failed', new Date().toISOString(), toReport(error));
      });
      await this.#afterEvents(item.run.id, []);
    }
    this.#options.onChanged();
  }

  async #giveUp({ task, run }: WorkItem): Promise<void> {
    if (run.state !== 'running' && run.state !== 'interrupted') return;
    if (task.operations[run.operationIndex]?.type !== 'capture') return;
    const { images, log } = this.#options;
    this.#givenUp.add(run.id);
    // It may just be becoming a version of an image.
    await this.#reports.get(run.id)?.catch(() => undefined);
    try {
      await images.discard(run.id);
    } catch (error) {
      // The run is to end all the same; then it is done once more.
      log.error({ event: 'fault', run: run.id, error }, 'discarding a cancelled capture failed');
    }
  }

  /**
   * The run that `token` opens, for the data channel. Throws `unauthorized` when the token is wrong, or the run is
   * not under way, or its operation is none of `types`.
   */
  authorize(runId: RunId, token: string, types: readonly Operation['type'][]): WorkItem {
    const item = this.#find(runId);
    const operation = item?.task.operations[item.run.operationIndex];
    if (
      item !== undefined &&
      operation !== undefined &&
      this.#options.tokens.opens(runId, item.run.engineInstanceId, token) &&
      this.#isApproved(item.run.hostId) &&
      item.run.state === 'running' &&
      !this.#givenUp.has(runId) &&
      types.includes(operation.type)
    ) {
      return item;
    }
    throw new OperatorError({
      code: 'unauthorized',
      message: 'opening the image data of a run',
      hint: 'Only the host that works on a run gets its data, and only while it does.',
    });
  }

  get sessions(): Session[] {
    return this.#options.sessions.views;
  }

  startSession(id: SessionId): void {
    this.#options.sessions.startNow(id);
  }

  #isApproved(hostId: HostId): boolean {
    const host = this.#options.store.read().hosts.find(({ id }) => id === hostId);
    return host?.approval === 'approved';
  }

  #nextItem(hostId: HostId): WorkItem | undefined {
    // Nobody has taken the host in yet: it gets nothing, whatever it was given before.
    if (!this.#isApproved(hostId)) return undefined;
    return this.#items(
      (run) => run.hostId === hostId && (run.state === 'waiting' || run.state === 'running'),
    ).find(({ task, run }) => !run.cancelRequested && !isOverdue(task, run, this.#now()));
  }

  async #assign(
    { task, run }: WorkItem,
    operation: Operation,
    instanceId: EngineInstanceId,
  ): Promise<AssignedOperation> {
    const assignment = {
      runId: run.id,
      token: this.#options.tokens.tokenOf(run.id, instanceId),
      operationIndex: run.operationIndex,
      expectedDisk: run.expectedDisk,
    };
    switch (operation.type) {
      case 'capture':
        refuseProtected(this.#options.store.read().images, operation.imageName);
        await this.#options.images.openStaging(run.id);
        return {
          ...assignment,
          type: 'capture',
          disk: operation.disk,
          compression: operation.compression,
        };
      case 'deploy': {
        const { manifest, image } = await this.#loadImage(operation);
        const source = await this.#sourceFor(task, run, operation, manifest, image);
        return { ...assignment, type: 'deploy', disk: operation.disk, image, source };
      }
      case 'partition': {
        const { image } = await this.#loadImage(operation);
        return { ...assignment, type: 'partition', disk: operation.disk, image };
      }
      case 'shutdown':
        return { ...assignment, type: 'shutdown', mode: operation.mode };
      default:
        return unreachable(operation);
    }
  }

  async #loadImage(
    operation: Extract<Operation, { type: 'deploy' | 'partition' }>,
  ): Promise<{ manifest: Manifest; image: DeployImage }> {
    const { imageId, versionId } = operation;
    const version = this.#options.store
      .read()
      .images.find((image) => image.id === imageId)
      ?.versions.find((candidate) => candidate.id === versionId);
    if (version === undefined) {
      throw new OperatorError({
        code: 'not-found',
        message: `finding version ${versionId} of image ${imageId}: it is gone`,
        hint: 'Deploy an image that is in `openclone image list`.',
      });
    }
    const { manifestSha256 } = version;
    const manifest = await this.#options.images.readManifest(imageId, versionId, manifestSha256);
    return { manifest, image: { ...manifest, manifestSha256 } };
  }

  /** Several hosts share a session; one alone gets the image over its own connection, unless told otherwise. */
  async #sourceFor(
    task: Task,
    run: Run,
    operation: DeployOperation,
    manifest: Manifest,
    image: DeployImage,
  ): Promise<ImageSource> {
    const { sessions, live } = this.#options;
    const isComing = this.#isComingTo([run], run.operationIndex);
    const isAlone =
      !sessions.hasGathering(task.id) &&
      !task.runs.some((other) => other.id !== run.id && isComing(other));
    if (
      operation.transport === 'unicast' ||
      (operation.transport === 'auto' && (isAlone || isLeftOut(run)))
    ) {
      return { type: 'unicast' };
    }
    const address = live.engineOf(run.hostId)?.address;
    if (address === undefined) throw new TypeError(`host ${run.hostId} asks without a connection`);
    const source = await sessions.join({
      task,
      run,
      hostAddress: address,
      otherAddresses: this.#addressesOf(run.hostId),
      manifest,
      manifestSha256: image.manifestSha256,
      gatherMs: operation.gatherMs,
    });
    this.#countOutstanding(task.id);
    return source;
  }

  /** As the host says itself: "10.77.0.101/24" is 10.77.0.101. */
  #addressesOf(hostId: HostId): string[] {
    const host = this.#options.store.read().hosts.find(({ id }) => id === hostId);
    const interfaces = host?.systemInfo?.interfaces ?? [];
    return interfaces.flatMap(({ addresses }) => addresses.map((each) => each.split('/')[0] ?? ''));
  }

  /** Tells the task's gathering sessions how many of its hosts have joined none of them yet; `leaving` is about to. */
  #countOutstanding(taskId: TaskId, leaving: RunId | null = null): void {
    const { sessions, store } = this.#options;
    if (!sessions.hasGathering(taskId)) return;
    const { operations = [], runs = [] } =
      store.read().tasks.find((candidate) => candidate.id === taskId) ?? {};
    const joined = new Set(sessions.gatheringRuns(taskId));
    if (leaving !== null) joined.delete(leaving);
    const index = operations.findIndex(({ type }) => type === 'deploy');
    const isComing = this.#isComingTo(
      runs.filter(({ id }) => joined.has(id)),
      index,
    );
    const outstanding = runs.filter((run) => !joined.has(run.id) && isComing(run));
    sessions.setOutstanding(taskId, outstanding.length);
  }

  /** Which runs of a task are still to come to those of `present`, which gather for its operation `index`. */
  #isComingTo(present: readonly Run[], index: number): (run: Run) => boolean {
    const isComingBack = this.#comingBackWith(present);
    const isOn = ({ hostId }: Run): boolean => this.#options.live.engineOf(hostId) !== undefined;
    return (run) =>
      // One that was dropped, and whose engine is gone by now, has lost more than the transmission.
      (isExpected(run, index, present) && (run.droppedFrom === null || isOn(run))) ||
      isComingBack(run);
  }

  /**
   * Which runs are those of hosts that are gone and begin again when they are back: none unless one of `present` has.
   * Where one host of a room that lost its power is back, the others are not far.
   */
  #comingBackWith(present: readonly Run[]): (run: Run) => boolean {
    if (!present.some(({ restarts }) => restarts > 0)) return () => false;
    const toBeginAgain = this.#toBeginAgain();
    const isGone = ({ hostId, state }: Run): boolean =>
      state === 'interrupted' || this.#options.live.engineOf(hostId) === undefined;
    return (run) => toBeginAgain.has(run.id) && isGone(run);
  }

  #toBeginAgain(): ReadonlySet<RunId> {
    return runsToBeginAgain(this.#options.store.read().tasks, this.#now());
  }

  #now(): number {
    return this.#options.clock?.() ?? Date.now();
  }

  /** Which of the disks that the host has told of the run's engine means, where it says so in words only. */
  #toldIdentity({ hostId, disk }: Run): DiskIdentity | undefined {
    if (disk === null || disk === '') return undefined;
    const host = this.#options.store.read().hosts.find(({ id }) => id === hostId);
    const found = host?.systemInfo?.disks.filter((each) => describeDisk(each) === disk) ?? [];
    const [only] = found;
    return only === undefined || found.length > 1 ? undefined : identityOf(only);
  }

  /** What must have happened before an event may be acknowledged. */
  async #prepare(item: WorkItem, event: RunEvent): Promise<void> {
    if (event.type !== 'captured') return;
    const { store, images } = this.#options;
    const isGivenUp = this.#givenUp.has(item.run.id);
    if (isGivenUp || !mayStillCapture(item.run, this.#toBeginAgain(), this.#now())) {
      throw givenUp(item.run.id);
    }
    const host = store.read().hosts.find((candidate) => candidate.id === item.run.hostId);
    if (host === undefined) throw new TypeError(`run ${item.run.id} of an unknown host`);
    await storeCapturedImage({ store, images }, { ...item, host, said: event.image });
    await this.#removeOutdated();
  }

  async #removeOutdated(): Promise<void> {
    const { store, images, keepVersions } = this.#options;
    // In one change: until it is made, another may protect an image, or give work that needs a version.
    const outdated = await store.change(({ images: known, tasks }) => {
      const gone: { readonly imageId: ImageId; readonly versionId: VersionId }[] = [];
      for (const image of known) {
        const ids = outdatedVersions(image, keepVersions, tasks);
        if (ids.length === 0) continue;
        image.versions = image.versions.filter(({ id }) => !ids.includes(id));
        gone.push(...ids.map((versionId) => ({ imageId: image.id, versionId })));
      }
      return gone;
    });
    for (const { imageId, versionId } of outdated) await images.deleteVersion(imageId, versionId);
  }

  /** What follows from a run's new state: sessions, staged files, waiting colleagues. */
  async #afterEvents(runId: RunId, events: readonly RunEvent[]): Promise<void> {
    const { sessions, live, images, log } = this.#options;
    const item = this.#find(runId);
    if (item === undefined) return;
    for (const event of events) {
      if (event.type === 'session-ready') sessions.markReady(runId);
      if (event.type === 'step-ended' && event.state === 'completed') live.removeProgress(runId);
    }
    const { run, task } = item;
    if (run.state === 'running' && !events.some((event) => event.type === 'operation-ended'))
      return;
    live.removeProgress(runId);
    // Before it leaves: it may be on its way back, and the others are to wait for it.
    this.#countOutstanding(task.id, runId);
    sessions.leave(runId);
    this.#countOutstanding(task.id);
    if (run.state === 'running') return;
    this.#stopWaiting(runId);
    if (run.state === 'waiting') {
      live.engineOf(run.hostId)?.notifyWork();
      return;
    }
    log.info(
      { event: 'run-ended', run: runId, host: run.hostId, state: run.state, report: run.error },
      'run ended',
    );
    if (run.state !== 'interrupted') {
      this.#reports.delete(runId);
      this.#givenUp.delete(runId);
      await images.discard(runId);
    }
  }

  #stopWaiting(runId: RunId): void {
    clearTimeout(this.#graceTimers.get(runId));
    this.#graceTimers.delete(runId);
  }

  #waitForEngine(runId: RunId, reason: string): void {
    if (this.#isClosed) return;
    clearTimeout(this.#graceTimers.get(runId));
    const timer = setTimeout(() => {
      this.#graceTimers.delete(runId);
      this.#interrupt(runId, `${reason}, and it did not come back`).catch((error: unknown) => {
        this.#options.log.error({ event: 'fault', run: runId, error }, 'interrupting a run failed');
      });
    }, this.#options.graceMs);
    this.#graceTimers.set(runId, timer);
  }

  async #interrupt(runId: RunId, reason: string): Promise<void> {
    this.#stopWaiting(runId);
    await this.#changeRun(runId, (draft) => {
      if (draft.state !== 'running') return;
      interruptRun(draft, new Date().toISOString(), goneReport(draft, reason));
    });
    await this.#afterEvents(runId, []);
    this.#options.onChanged();
  }

  async #beginAgain({ id: runId, restarts }: Run, reason: string): Promise<void> {
    const { images, store, log } = this.#options;
    this.#stopWaiting(runId);
    // The last words of the start before, if they are still under way.
    await this.#reports.get(runId)?.catch(() => undefined);
    // Nobody will finish it now: what was staged of it is of no use.
    await images.discard(runId);
    const run = await this.#changeRun(runId, (draft, task) => {
      // Meanwhile its end may have come after all, or an operator's word.
      if (draft.state !== 'running' && draft.state !== 'interrupted') return;
      if (draft.restarts !== restarts) return;
      const now = new Date().toISOString();
      if (draft.cancelRequested) endRun(draft, 'aborted', now, cancelReport('cancelled'));
      else if (isCaptured(store.read().images, runId))
        endStoredCapture(draft, task.operations.length, now);
      else beginAgain(draft, now, goneReport(draft, reason));
    });
    log.warn({ event: 'begin-again', run: runId, state: run?.state, reason }, 'a run begins again');
    await this.#afterEvents(runId, []);
    this.#options.onChanged();
  }

  /**
   * Somebody who is no member took part in a transmission, which has ended for that. Its members come together once
   * more, elsewhere; after a second time each gets the image over its own connection.
   */
  async #sendAgain({ id, taskId, members }: Session, address: string | null): Promise<void> {
    const { store, log, tell } = this.#options;
    const task = store.read().tasks.find((candidate) => candidate.id === taskId);
    if (task === undefined) return;
    const runs = task.runs.filter((run) => members.some(({ runId }) => runId === run.id));
    const isForced = runs.some(({ operationIndex }) => {
      const operation = task.operations[operationIndex];
      return operation?.type === 'deploy' && operation.transport === 'multicast';
    });
    const isLast = runs.length === 1 || runs.some(({ missedSessions }) => missedSessions > 0);
    const next = isLast && !isForced ? 'unicast' : 'transmission';
    log.warn(
      { event: 'stranger', session: id, address, next },
      'a stranger took part in a session',
    );
    tell({ type: 'stranger-in-session', task: task.title, address, next });
    const reason = `somebody who is no member took part in the transmission (${address ?? 'address unknown'}): it is sent again`;
    await Promise.all(members.map(({ runId }) => this.#memberDropped(runId, id, reason)));
  }

  /** A host that the sender has given up would wait for data that never comes. */
  async #memberDropped(
    runId: RunId,
    sessionId: SessionId,
    reason = 'it was dropped from the session, because it did not answer in time (slow disk, lost packets, busy processor)',
  ): Promise<void> {
    const { live, log } = this.#options;
    const receiving = (): Run | undefined => {
      const { task, run } = this.#find(runId) ?? {};
      const isReceiving =
        run?.state === 'running' &&
        run.sessionId === sessionId &&
        task?.operations[run.operationIndex]?.type === 'deploy';
      return isReceiving ? run : undefined;
    };
    // Who has come again since then, or is done, is not concerned.
    if (receiving() === undefined) return;
    await this.#changeRun(runId, (draft) => noteDropped(draft, sessionId)).catch(
      (error: unknown) => {
        log.error({ event: 'fault', run: runId, error }, 'noting a dropped host failed');
      },
    );
    const run = receiving();
    if (run === undefined) return;
    log.warn({ event: 'dropped', run: runId, host: run.hostId, session: sessionId }, reason);
    live.engineOf(run.hostId)?.notifyCancel(runId, 'failed', reason);
    this.#countOutstanding(run.taskId);
  }

  /**
   * Members that still wait for data from a session that failed are told, instead of running into a time-out. Not at
   * once: where the failure is their own, they are about to say what it was.
   */
  #sessionEnded(session: Session, error: OperatorError | null): void {
    if (error === null) return;
    setTimeout(() => this.#endMembers(session, error), OWN_WORD_MS).unref();
  }

  #endMembers(session: Session, error: OperatorError): void {
    for (const { runId, hostId } of session.members) {
      const run = this.#find(runId)?.run;
      if (run?.state === 'running' && run.sessionId === session.id) {
        this.#options.live.engineOf(hostId)?.notifyCancel(runId, 'failed', error.message);
      }
    }
  }

  /** Answers the run as it is afterwards, or undefined when there is none. */
  async #changeRun(runId: RunId, change: (run: Run, task: Task) => void): Promise<Run | undefined> {
    return this.#options.store.change((data) => {
      const item = findRun(data.tasks, runId);
      if (item === undefined) return undefined;
      const { state, diskOutcome } = item.run;
      change(item.run, item.task);
      if (item.run.state === state && item.run.diskOutcome === diskOutcome) return item.run;
      const host = data.hosts.find(({ id }) => id === item.run.hostId);
      if (host !== undefined) noteDiskOutcome(host, item.run, item.task.operations);
      return item.run;
    });
  }

  #find(runId: RunId): WorkItem | undefined {
    return findRun(this.#options.store.read().tasks, runId);
  }

  #items(wanted: (run: Run) => boolean): WorkItem[] {
    return this.#options.store
      .read()
      .tasks.flatMap((task) => task.runs.filter(wanted).map((run) => ({ task, run })));
  }
}

/** Throws `bad-message` for what an engine of ours never says of this run. */
function checkEvent(run: Run, event: RunEvent): void {
  const steps = event.type === 'plan' ? run.steps.length + event.steps.length : 0;
  const isOther = event.type === 'operation-ended' && event.operationIndex !== run.operationIndex;
  if (steps <= MAX_STEPS && !isOther) return;
  throw new OperatorError({
    code: 'bad-message',
    message: isOther
      ? `reporting on run ${run.id}: the end of an operation that it is not doing`
      : `reporting on run ${run.id}: more than ${MAX_STEPS} steps`,
    hint: 'This is a fault in OpenClone, or the host is not what it says.',
  });
}

function goneReport(run: Run, reason: string): ErrorReport {
  const step = run.steps.find((candidate) => candidate.state === 'running');
  const doing = step === undefined ? 'waiting for its next step' : step.title;
  return toReport(
    new OperatorError({
      code: 'interrupted',
      message: `${doing}: ${reason}`,
      hint: 'Look at the host. If its engine comes back within an hour, it goes on or begins again; else start the task again.',
    }),
  );
}

function unknownRun(runId: RunId): OperatorError {
  return new OperatorError({
    code: 'not-found',
    message: `reporting on run ${runId}: this host has no such run`,
    hint: 'The task may have been deleted. The engine gives the run up.',
  });
}

function givenUp(runId: RunId): OperatorError {
  return new OperatorError({
    code: 'not-allowed',
    message: `storing what run ${runId} captured: it was given up, or cancelled`,
    hint: 'Capture again.',
  });
}

function cancelReport(message: string): ErrorReport {
  return toReport(
    new OperatorError({
      code: 'cancelled',
      message,
      hint: 'Start the task again when the host shall get the work after all.',
    }),
  );
}
