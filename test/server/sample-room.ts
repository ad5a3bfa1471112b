/** A server's heart with real stores in a directory of its own, and hosts whose engines the test plays. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Run as RunTool } from '../../lib/exec/run.ts';
import type { ErrorCode } from '../../lib/model/error-treatment.ts';
import { EngineInstanceId, RunId, TaskId, type HostId } from '../../lib/model/ids.ts';
import { CapturedDisk, Image, type Manifest } from '../../lib/model/image.ts';
import type { AssignedOperation, Operation, WorkOperation } from '../../lib/model/operation.ts';
import type { ShutdownMode } from '../../lib/model/operations/shutdown.ts';
import type { DiskOutcome, Run, Session, Task } from '../../lib/model/task.ts';
import type { HostWorkerKind } from '../../lib/model/worker.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import type { RunEvent } from '../../lib/protocol/engine-api.ts';
import type { OperatorMethods } from '../../lib/protocol/operator-api/table.ts';
import type { LogEvent } from '../../lib/model/log-entry.ts';
import type { ApiContext } from '../../server/api/context.ts';
import { OtherMachines } from '../../server/hosts/other-machines.ts';
import { OperatorApi } from '../../server/api/operator-api.ts';
import { ImageStore } from '../../server/image-store/image-store.ts';
import { ConnectedWorkers, type WorkerLink } from '../../server/workers/connected-workers.ts';
import { RunTokens } from '../../server/tasks/run-tokens.ts';
import { SessionBoard, type SessionListener } from '../../server/sessions/session-board.ts';
import { Store } from '../../server/store/store.ts';
import { ARRIVAL_MS, type ArrivalTimes } from '../../server/tasks/arrival-times.ts';
import { newRun } from '../../server/tasks/new-run.ts';
import { OPERATIONS } from '../../server/tasks/operations/table.ts';
import type { ServerOperations } from '../../server/tasks/operations/row.ts';
import { waitsFrom } from '../../lib/rules/waiting.ts';
import { Work } from '../../server/tasks/work.ts';
import { expectedBootOf } from '../../server/wake/expected-boot.ts';
import { WAKE_TIMING, WakeScheduler } from '../../server/wake/wake-scheduler.ts';
import { captureLog, type CapturedLog } from './captured-log.ts';
import {
  commitSample,
  IMAGE,
  sampleManifest,
  STREAMS,
  VERSION,
  type SampleStreams,
} from './image-store/sample-manifest.ts';
import { sampleHost } from './store/sample-data.ts';
import { ChangeSignal } from '../../server/events/change-signal.ts';
import { EventLog } from '../../server/events/event-log.ts';
import type { Logins } from '../../server/login/identity.ts';
import { LoginRegistry } from '../../server/login/login-registry.ts';
import { passwordChecks } from '../../server/login/password-checks.ts';
import { LoginThrottle } from '../../server/login/throttle.ts';
import { RunLogs } from '../../server/tasks/run-logs.ts';
import { connectInMemory } from '../support/memory-transport.ts';
import { captureTask, deployTask } from '../support/task-requests.ts';
import { withDirectory } from '../support/directories.ts';
import { verbatim } from '../../lib/model/messages/table.ts';

/** What `ip -json route get` says of a host beyond the loopback interface. */
const ROUTE = JSON.stringify([{ dst: '127.0.0.1', dev: 'lo', prefsrc: '127.0.0.1' }]);

export type RoomOptions = {
  readonly hosts?: number;
  readonly graceMs?: number;
  readonly keepVersions?: number;
  readonly maxStoreBytes?: number;
  /** Happens before the kernel's answer to where a host is. */
  readonly onRoute?: () => Promise<void>;
  readonly arrivalMs?: ArrivalTimes;
  /** What the server does for each kind of operation; the product's when absent. */
  readonly operations?: ServerOperations;
};

/** The engine or the agent of one host, played by the test: what it was told, and its next event's number per run. */
export class FakeEngine {
  readonly link: WorkerLink;
  readonly told: string[] = [];
  readonly #room: Room;
  readonly #sequences = new Map<RunId, number>();
  isClosed = false;

  constructor(
    room: Room,
    hostId: HostId,
    instance: number,
    { kind = 'engine', canRestart = true }: WorkerSort = {},
  ) {
    this.#room = room;
    this.link = {
      ...{ hostId, kind, canRestart },
      instanceId: EngineInstanceId.parse(`engine-${String(instance).padStart(10, '0')}`),
      address: '127.0.0.1',
      proof: null,
      isAnswering: () => Promise.resolve(true),
      notifyWork: () => this.told.push('work'),
      notifyCancel: (_, outcome, reason) => this.told.push(`cancel ${outcome}: ${reason}`),
      close: (reason) => {
        this.isClosed = true;
        this.told.push(`close: ${reason}`);
      },
    };
  }

  async next(): Promise<AssignedOperation> {
    return this.#room.work.scheduler.nextOperation(this.link);
  }

  /** The next operation, which must be work. */
  async nextWork(): Promise<WorkOperation> {
    const operation = await this.next();
    if (operation.type === 'idle' || operation.type === 'restart')
      assert.fail(`no work: ${operation.type}`);
    return operation;
  }

  /** Reports the run's next events and returns the acknowledged number. */
  async report(runId: RunId, ...events: RunEvent[]): Promise<number> {
    const first = this.#sequences.get(runId) ?? 1;
    const acknowledged = await this.reportAt(runId, first, ...events);
    this.#sequences.set(runId, first + events.length);
    return acknowledged;
  }

  async reportAt(runId: RunId, first: number, ...events: RunEvent[]): Promise<number> {
    const report = { runId, firstSequence: first, events, progress: null };
    return this.#room.work.reports.receive(this.link, report);
  }
}

type WorkerSort = { readonly kind?: HostWorkerKind; readonly canRestart?: boolean };

export class Room {
  readonly directory: string;
  readonly captured: CapturedLog;
  options: RoomOptions;
  store: Store;
  images: ImageStore;
  connected = new ConnectedWorkers();
  tokens: RunTokens;
  events: EventLog;
  runLogs: RunLogs;
  readonly signal = new ChangeSignal(() => undefined);
  readonly logins: Logins = {
    registry: new LoginRegistry({ clock: () => 0, idleMs: () => 1000 }),
    throttle: new LoginThrottle(() => 0),
    checks: passwordChecks(),
  };
  sessions: SessionBoard;
  work: Work;
  readonly wakeScheduler: WakeScheduler;
  /** What operators were told of refused machines. */
  readonly told: LogEvent[] = [];
  readonly otherMachines: OtherMachines;
  changes = 0;
  /** How much later it is for the runs than it really is. */
  clockIsAheadMs = 0;
  /** By the clock that nobody sets. */
  uptimeMs = 0;
  /** Hosts that runs needed, and that were not there. */
  readonly absent: HostId[] = [];
  #instances = 0;

  private constructor(
    directory: string,
    options: RoomOptions,
    captured: CapturedLog,
    parts: Parts,
  ) {
    this.directory = directory;
    this.captured = captured;
    this.otherMachines = new OtherMachines({
      log: captured.log,
      tell: (event) => this.told.push(event),
      onChanged: () => (this.changes += 1),
    });
    this.options = options;
    this.store = parts.store;
    this.images = parts.images;
    this.tokens = parts.tokens;
    this.events = parts.events;
    this.runLogs = parts.runLogs;
    this.work = this.#makeWork();
    this.sessions = this.work.sessions;
    this.wakeScheduler = new WakeScheduler({
      log: this.captured.log,
      hostOf: (hostId) => this.store.read().hosts.find(({ id }) => id === hostId),
      expectedBootOf: (hostId) => expectedBootOf({ ...this.context, hasBuild: true }, hostId),
      subnets: () => [],
      send: () => Promise.reject(new Error('a room without a network')),
      timing: WAKE_TIMING,
      onChanged: () => (this.changes += 1),
    });
  }

  static async open(directory: string, options: RoomOptions): Promise<Room> {
    const captured = captureLog();
    const parts = await openParts(directory, options, captured);
    const room = new Room(directory, options, captured, parts);
    await room.store.change((data) => {
      for (let index = 1; index <= (options.hosts ?? 1); index += 1) {
        data.hosts.push(sampleHost(index));
      }
    });
    return room;
  }

  /** As after a crash or a stop: everything is opened again from the disk, and no engine is connected. */
  async restart(changed: RoomOptions = {}): Promise<void> {
    await this.close();
    this.options = { ...this.options, ...changed };
    const { store, images, tokens, events, runLogs } = await openParts(
      this.directory,
      this.options,
      this.captured,
    );
    this.store = store;
    this.images = images;
    this.tokens = tokens;
    this.events = events;
    this.runLogs = runLogs;
    this.connected = new ConnectedWorkers();
    this.work = this.#makeWork();
    this.sessions = this.work.sessions;
    await this.work.resumeAfterRestart();
  }

  /** Ends timers and senders, and lets the directory go. */
  async close(): Promise<void> {
    this.wakeScheduler.close();
    this.work.close();
    const ofSession = (id: unknown, event: string) =>
      this.captured.line((line) => line.event === event && line.session === id);
    const sending = this.sessions.views.filter(({ state }) => state === 'sending');
    for (const { id } of sending) await ofSession(id, 'session-start');
    this.sessions.close('the server was stopped');
    for (const { id } of sending) await ofSession(id, 'session-end');
    await this.events.close();
    this.images.close();
    await this.store.close();
  }

  /** The calls of an operator over the socket. */
  get tasks(): Handlers<OperatorMethods> {
    return this.callsOf('eva');
  }

  callsOf(operator: string): Handlers<OperatorMethods> {
    return connectInMemory(new OperatorApi(this.context), operator).calls;
  }

  get context(): ApiContext {
    return {
      store: this.store,
      images: this.images,
      connected: this.connected,
      otherMachines: this.otherMachines,
      work: this.work,
      sessions: this.sessions,
      wakeScheduler: this.wakeScheduler,
      bootFiles: null,
      startedAt: new Date().toISOString(),
      runLogs: this.runLogs,
      changes: this.signal,
      events: this.events,
      logins: this.logins,
      log: this.captured.log,
    };
  }

  host(index: number): HostId {
    return sampleHost(index).id;
  }

  /** Connects a new start of the engine of host number `index`; one that has a run is the start before. */
  async connect(
    index: number,
    activeRunId: RunId | null = null,
    sort: WorkerSort = {},
  ): Promise<FakeEngine> {
    const engine = this.newEngine(index, activeRunId !== null, sort);
    await this.work.presence.workerConnected(engine.link, activeRunId);
    return engine;
  }

  /** A new start of the engine of host number `index` that has its next work and is at the first of its `steps`. */
  async atWork(
    index: number,
    ...steps: readonly [string, ...string[]]
  ): Promise<{ readonly engine: FakeEngine; readonly runId: RunId }> {
    const engine = await this.connect(index);
    const { runId } = await engine.nextWork();
    await engine.report(runId, plan(...steps), started(steps[0]));
    return { engine, runId };
  }

  /** An engine that is not connected yet. */
  newEngine(index: number, isSameStart = false, sort: WorkerSort = {}): FakeEngine {
    if (!isSameStart) this.#instances += 1;
    return new FakeEngine(this, this.host(index), this.#instances, sort);
  }

  disconnect(engine: FakeEngine): void {
    this.work.presence.workerDisconnected(engine.link, 'the connection broke off');
  }

  /** An image of one version, whose streams and manifest lie in the image directory. */
  async addImage(): Promise<Image> {
    const { manifestSha256, storedBytes } = await commitSample(this.images);
    const image = Image.parse({
      id: IMAGE,
      name: 'win11',
      createdAt: '2026-11-21T07:00:00.000Z',
      versions: [
        {
          id: VERSION,
          capturedAt: '2026-11-21T07:00:00.000Z',
          hostId: this.host(1),
          hostName: 'pc-1',
          manifestSha256,
          diskSizeBytes: 1_073_741_824,
          sectorSizeBytes: 512,
          requiredBytes: 1_073_741_824,
          storedBytes,
          rawBytes: storedBytes,
          compression: 'zstd',
          tableType: 'dos',
          partitionCount: 2,
        },
      ],
    });
    await this.store.change((data) => {
      data.images.push(image);
    });
    return image;
  }

  /** A task of these operations for some hosts, put into the store as it is. */
  async addTask(
    hosts: readonly number[],
    operations: readonly Operation[],
    change: Partial<Task> = {},
  ): Promise<Task> {
    const id = TaskId.parse(`task-${String(this.store.read().tasks.length).padStart(10, '9')}`);
    const runs = hosts.map((index) =>
      newRun({
        ...{ taskId: id, hostId: this.host(index) },
        id: RunId.parse(
          `run-${String(this.store.read().tasks.length * 1000 + index).padStart(10, '9')}`,
        ),
      }),
    );
    const now = Date.now();
    const task: Task = {
      ...{
        id,
        title: verbatim('mixed work'),
        createdAt: new Date(now).toISOString(),
        createdBy: 'eva',
      },
      ...{ operations: [...operations], wake: false, waits: waitsFrom(now, 86_400_000), runs },
      ...change,
    };
    await this.store.change(({ tasks }) => {
      tasks.push(task);
    });
    this.work.notifyHosts(task);
    return task;
  }

  async deploy(
    hosts: readonly number[],
    rest: Partial<Parameters<typeof deployTask>[0]> = {},
  ): Promise<Task> {
    return this.task(
      await this.tasks['task.create'](
        deployTask({
          image: 'win11',
          targets: hosts.map((index) => this.host(index)),
          disk: { type: 'only' },
          transport: 'auto',
          gatherMs: 3_600_000,
          afterwards: null,
          ...rest,
        }),
      ),
    );
  }

  async capture(
    index: number,
    imageName = 'win11',
    afterwards: ShutdownMode | null = null,
  ): Promise<Task> {
    return this.task(
      await this.tasks['task.create'](
        captureTask({
          host: this.host(index),
          disk: { type: 'only' },
          imageName,
          compression: 'zstd',
          afterwards,
        }),
      ),
    );
  }

  /** The task as the store has it now. */
  task({ id }: { readonly id: string }): Task {
    const task = this.store.read().tasks.find((candidate) => candidate.id === id);
    assert.ok(task !== undefined);
    return task;
  }

  /** The run of host number `index` as the store has it now. */
  run(task: { readonly id: string }, index: number): Run {
    const run = this.task(task).runs.find(({ hostId }) => hostId === this.host(index));
    assert.ok(run !== undefined);
    return run;
  }

  /** Resolves when the run has ended, whichever way. */
  async ended(runId: RunId): Promise<void> {
    await this.captured.line(({ event, run }) => event === 'run-ended' && run === runId);
  }

  /** Resolves when the run has ended this many times: it may go on again after the first. */
  async timesEnded(runId: RunId, times: number): Promise<void> {
    let seen = 0;
    const counted = new Set<unknown>();
    await this.captured.line((line) => {
      if (line.event !== 'run-ended' || line.run !== runId || counted.has(line)) return false;
      counted.add(line);
      seen += 1;
      return seen >= times;
    });
  }

  #makeSessions(listener: SessionListener): SessionBoard {
    const run: RunTool = async (tool, args) => {
      assert.deepEqual([tool, ...args.slice(0, 3)], ['ip', '-json', 'route', 'get']);
      await this.options.onRoute?.();
      return { stdout: ROUTE, stderr: '', exitStatus: 0 };
    };
    return new SessionBoard({
      run,
      listener,
      log: this.captured.log,
      firstPort: 19_000,
      directory: join(this.directory, 'sessions'),
      sender: { retriesUntilDrop: 5, ttl: 1, maxBitsPerSecond: null },
      pathOf: (manifest, stream) =>
        this.images.streamPath(manifest.imageId, manifest.versionId, stream.name),
      onChanged: () => (this.changes += 1),
    });
  }

  #makeWork(): Work {
    return new Work({
      store: this.store,
      images: this.images,
      connected: this.connected,
      tokens: this.tokens,
      newSessions: (listener) => this.#makeSessions(listener),
      log: this.captured.log,
      graceMs: this.options.graceMs ?? 3_600_000,
      keepVersions: this.options.keepVersions ?? 2,
      arrivalMs: this.options.arrivalMs ?? ARRIVAL_MS,
      operations: this.options.operations ?? OPERATIONS,
      onAbsent: (hostId) => this.absent.push(hostId),
      tell: (event) => this.told.push(event),
      onChanged: () => (this.changes += 1),
      clock: () => Date.now() + this.clockIsAheadMs,
      uptime: () => this.uptimeMs,
    });
  }
}

/** Gives `use` a room and removes it, whatever happens. */
export async function withRoom(
  options: RoomOptions,
  use: (room: Room) => Promise<void>,
): Promise<void> {
  await withDirectory(async (directory) => {
    const room = await Room.open(directory, options);
    try {
      await use(room);
    } finally {
      await room.close();
    }
  });
}

type Parts = {
  readonly store: Store;
  readonly images: ImageStore;
  readonly tokens: RunTokens;
  readonly events: EventLog;
  readonly runLogs: RunLogs;
};

async function openParts(
  directory: string,
  { maxStoreBytes }: RoomOptions,
  { log }: CapturedLog,
): Promise<Parts> {
  const dataDirectory = join(directory, 'data');
  return {
    store: await Store.open(dataDirectory, maxStoreBytes),
    images: await ImageStore.open(join(directory, 'images')),
    tokens: await RunTokens.open(dataDirectory),
    events: await EventLog.open({ dataDirectory, log }),
    runLogs: await RunLogs.open({ dataDirectory, knownRuns: () => new Set() }),
  };
}

/** By the names that the operations give their steps. */
export function writesDisk(stepId: string): boolean {
  return /^(clear|write|make|finish|sync)-/.test(stepId);
}

/** What an engine says it has captured when it has sent `streams`. */
export function capturedDisk(streams: SampleStreams = STREAMS): CapturedDisk {
  const manifest: Manifest = sampleManifest(streams);
  return CapturedDisk.parse(manifest);
}

export function plan(...stepIds: string[]): RunEvent {
  return {
    type: 'plan',
    disk: '/dev/sda (QEMU HARDDISK, QM00001)',
    steps: stepIds.map((id) => ({
      id,
      title: verbatim(`do ${id}`),
      totalBytes: null,
      writes: writesDisk(id),
    })),
  };
}

export function started(stepId: string): RunEvent {
  return { type: 'step-started', stepId };
}

export function stepEnded(
  stepId: string,
  state: 'completed' | 'warned' | 'skipped' | 'failed' | 'aborted' = 'completed',
): RunEvent {
  return { type: 'step-ended', stepId, state, doneBytes: 5, notes: [], error: null };
}

export function operationEnded(
  outcome: 'completed' | 'warned' | 'failed' | 'aborted' = 'completed',
  rest: {
    readonly operationIndex?: number;
    readonly diskOutcome?: DiskOutcome;
    readonly code?: ErrorCode;
  } = {},
): RunEvent {
  const { operationIndex = 0, diskOutcome = 'complete', code } = rest;
  const error =
    code === undefined ? null : { code, message: 'doing it', hint: 'Try again.', causes: [] };
  return { type: 'operation-ended', operationIndex, outcome, diskOutcome, error };
}

/** How a host gets what it is given: by "unicast" or "multicast"; for other work than a deploy, which that is. */
export function transportOf(operation: AssignedOperation): string {
  return operation.type === 'deploy' ? operation.source.type : operation.type;
}

/** What an engine says when its receiver for that session runs. */
export function ready(session: Session): RunEvent {
  return { type: 'session-ready', sessionId: session.id };
}

/** The session of a room that has just one. */
export function onlySession(room: Room): Session {
  const [session, ...others] = room.sessions.views;
  assert.ok(session !== undefined);
  assert.deepEqual(others, []);
  return session;
}

/** Connects hosts 1 to `count` and lets each fetch its deploy. */
export async function gather(room: Room, count: number): Promise<FakeEngine[]> {
  const engines: FakeEngine[] = [];
  for (let index = 1; index <= count; index += 1) {
    const engine = await room.connect(index);
    assert.equal(transportOf(await engine.next()), 'multicast');
    engines.push(engine);
  }
  return engines;
}

/** The item of that index, which must be there. */
export function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  assert.ok(item !== undefined);
  return item;
}
