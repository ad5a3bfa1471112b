/** A server's heart with real stores in a directory of its own, and hosts whose engines the test plays. */

import assert from 'node:assert/strict';
import type { RunId } from '../../lib/model/ids.ts';
import { type HostId } from '../../lib/model/ids.ts';
import type { Image } from '../../lib/model/image.ts';
import type { Operation } from '../../lib/model/operation.ts';
import type { ShutdownMode } from '../../lib/model/operations/shutdown.ts';
import type { Run, Task } from '../../lib/model/task.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import { BROKEN_OFF } from '../../lib/protocol/connection-end.ts';
import type { OperatorMethods } from '../../lib/protocol/operator-api/table.ts';
import type { LogEvent } from '../../lib/model/log-entry.ts';
import type { ApiContext } from '../../server/api/context.ts';
import { OtherMachines } from '../../server/hosts/other-machines.ts';
import { OperatorApi } from '../../server/api/operator-api.ts';
import type { ImageStore } from '../../server/image-store/image-store.ts';
import { ConnectedWorkers } from '../../server/workers/connected-workers.ts';
import type { RunTokens } from '../../server/tasks/run-tokens.ts';
import type { MulticastSessions } from '../../server/sessions/multicast-sessions.ts';
import type { Store } from '../../server/store/store.ts';
import { ARRIVAL_MS } from '../../server/tasks/arrival-times.ts';
import { OPERATIONS } from '../../server/tasks/operations/table.ts';
import { Work } from '../../server/tasks/work.ts';
import { expectedBootOf } from '../../server/wake/expected-boot.ts';
import { WAKE_TIMING, WakeScheduler } from '../../server/wake/wake-scheduler.ts';
import { captureLog, type CapturedLog } from './captured-log.ts';
import { commitSample } from './image-store/sample-manifest.ts';
import { sampleHost } from './store/sample-data.ts';
import { ChangeSignal } from '../../server/events/change-signal.ts';
import type { EventLog } from '../../server/events/event-log.ts';
import type { RunLogs } from '../../server/tasks/run-logs.ts';
import { connectInMemory } from '../support/memory-transport.ts';
import { captureTask, deployTask } from '../support/task-requests.ts';
import { withDirectory } from '../support/directories.ts';
import {
  type RoomOptions,
  type Parts,
  openParts,
  roomSessions,
  timelessLogins,
} from './room-parts.ts';
import { type WorkerSort, FakeEngine } from './fake-engine.ts';
import { plan, started } from '../support/run-events.ts';
import { capturedImage } from './image-store/captured-image.ts';
import { storedTask } from './tasks/stored-task.ts';

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
  readonly logins = timelessLogins();
  sessions: MulticastSessions;
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
    const parts = await openParts(this.directory, this.options, this.captured);
    this.store = parts.store;
    this.images = parts.images;
    this.tokens = parts.tokens;
    this.events = parts.events;
    this.runLogs = parts.runLogs;
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
    this.work.presence.workerDisconnected(engine.link, BROKEN_OFF);
  }

  /** An image of one version, whose streams and manifest lie in the image directory. */
  async addImage(): Promise<Image> {
    const { manifestSha256, storedBytes } = await commitSample(this.images);
    const image = capturedImage(this.host(1), { manifestSha256, storedBytes });
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
    const hostIds = hosts.map((index) => this.host(index));
    const number = this.store.read().tasks.length;
    const task: Task = { ...storedTask(number, hostIds, operations), ...change };
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
    const request = deployTask({
      image: 'win11',
      targets: hosts.map((index) => this.host(index)),
      disk: { type: 'only' },
      transport: 'auto',
      gatherMs: 3_600_000,
      afterwards: null,
      ...rest,
    });
    return this.task(await this.tasks['task.create'](request));
  }

  async capture(
    index: number,
    imageName = 'win11',
    afterwards: ShutdownMode | null = null,
  ): Promise<Task> {
    const request = captureTask({
      host: this.host(index),
      imageName,
      afterwards,
      disk: { type: 'only' },
      compression: 'zstd',
    });
    return this.task(await this.tasks['task.create'](request));
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

  #makeWork(): Work {
    return new Work({
      store: this.store,
      images: this.images,
      connected: this.connected,
      tokens: this.tokens,
      newSessions: (listener) => roomSessions(this, listener),
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
