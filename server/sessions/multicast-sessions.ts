/** All multicast sessions: at most one gathers per operation of a task and network interface, any number may send. */

import { join } from 'node:path';
import { OperatorError } from '../../lib/errors.ts';
import type { Run as RunTool } from '../../lib/exec/run.ts';
import type { RunId, SessionId, TaskId } from '../../lib/model/ids.ts';
import type { ImageStream, Manifest } from '../../lib/model/image.ts';
import type { Sha256 } from '../../lib/model/names.ts';
import type { ImageSource } from '../../lib/model/operations/assignment.ts';
import type { Run, Session, Task } from '../../lib/model/task.ts';
import { newSessionId } from '../ids.ts';
import type { Log } from '../../lib/log.ts';
import { routeTo, type Route } from '../../lib/network/route.ts';
import { MulticastSession } from './multicast-session.ts';
import type { SenderSettings } from './sender.ts';
import { SessionAddresses } from './ports.ts';
import { planTransmission } from './transmission.ts';

/** The last KEEP_ENDED sessions that are over stay visible. */
const KEEP_ENDED = 20;
/** What a receiver allows beyond the gathering before it gives up on the first byte. */
const START_MARGIN_MS = 60_000;

export type MulticastSessionsOptions = {
  readonly run: RunTool;
  readonly log: Log;
  readonly firstPort: number;
  readonly directory: string;
  readonly sender: SenderSettings;
  readonly pathOf: (manifest: Manifest, stream: ImageStream) => string;
  readonly listener: SessionListener;
  readonly onChanged: () => void;
};

export type SessionListener = {
  /** A sender gives a host up. */
  readonly onDropped: (runId: RunId, sessionId: SessionId) => void;
  /** Somebody who is no member took part, which ends the session; null: from an unknown address. */
  readonly onStranger: (session: Session, address: string | null) => void;
  /** A session is over. */
  readonly onEnded: (session: Session, error: OperatorError | null) => void;
};

/** What hosts gather for: an operation of a task. */
export type Gathered = { readonly taskId: TaskId; readonly operationIndex: number };

export class MulticastSessions {
  readonly #options: MulticastSessionsOptions;
  readonly #addresses: SessionAddresses;
  readonly #sessions = new Map<SessionId, MulticastSession>();
  /** What the work that receives by sessions makes of them. */
  readonly listener: SessionListener;

  constructor(options: MulticastSessionsOptions) {
    this.#options = options;
    this.listener = options.listener;
    this.#addresses = new SessionAddresses(options.firstPort);
  }

  get views(): Session[] {
    return [...this.#sessions.values()].map((session) => session.view());
  }

  gathers(gathered: Gathered): boolean {
    return this.#gathering(gathered).length > 0;
  }

  /** What the task's hosts gather for now, each once. */
  gatheringsOf(taskId: TaskId): Gathered[] {
    const indexes = [...this.#sessions.values()]
      .filter((session) => session.options.taskId === taskId && session.isGathering)
      .map(({ options }) => options.operationIndex);
    return [...new Set(indexes)].map((operationIndex) => ({ taskId, operationIndex }));
  }

  /** Runs that are in a session for it which has not begun. */
  gatheringRuns(gathered: Gathered): RunId[] {
    return this.#gathering(gathered).flatMap((session) => session.memberRuns);
  }

  /** Puts a run into the gathering session of its operation, or opens one: what its engine must know to receive. */
  async join(options: {
    readonly task: Task;
    readonly run: Run;
    /** Where the engine connects from. */
    readonly hostAddress: string;
    /** Which others the host has: what it receives by may be one of these. */
    readonly otherAddresses: readonly string[];
    readonly manifest: Manifest;
    readonly manifestSha256: Sha256;
    readonly gatherMs: number;
  }): Promise<ImageSource> {
    const { task, run, gatherMs } = options;
    const gathered = { taskId: task.id, operationIndex: run.operationIndex };
    const route = await routeTo(this.#options.run, options.hostAddress);
    const session =
      this.#gathering(gathered).find(
        (candidate) => candidate.options.route.interfaceName === route.interfaceName,
      ) ?? this.#open(gathered, route, options.manifest, options.manifestSha256, gatherMs);
    session.join(run.hostId, run.id, [options.hostAddress, ...options.otherAddresses]);
    return {
      type: 'multicast',
      sessionId: session.options.id,
      portBase: session.options.address.portBase,
      rendezvousAddress: route.direct ? null : route.sourceAddress,
      ttl: this.#options.sender.ttl,
      startTimeoutMs: gatherMs + START_MARGIN_MS,
    };
  }

  markReady(runId: RunId): void {
    this.#sessionOf(runId)?.markReady(runId);
  }

  leave(runId: RunId): void {
    this.#sessionOf(runId)?.leave(runId);
  }

  /** `count` hosts of the task have joined no session for it yet but still may. */
  setPendingCount(gathered: Gathered, count: number): void {
    for (const session of this.#gathering(gathered)) {
      if (session.memberRuns.length === 0) session.stop('all its hosts have left');
      else session.setPendingCount(count);
    }
  }

  /** Throws `not-found`, or `not-allowed` when it cannot begin. */
  startNow(id: SessionId): void {
    const session = this.#sessions.get(id);
    if (session === undefined) {
      throw new OperatorError({
        code: 'not-found',
        message: `finding session ${id}: there is none`,
        hint: '`openclone status` shows the sessions.',
      });
    }
    session.startNow();
  }

  /** Ends all sessions; their receivers notice. */
  close(reason: string): void {
    for (const session of this.#sessions.values()) {
      if (!session.isOver) session.stop(reason);
    }
  }

  #open(
    { taskId, operationIndex }: Gathered,
    route: Route,
    manifest: Manifest,
    manifestSha256: Sha256,
    gatherMs: number,
  ): MulticastSession {
    const id = newSessionId();
    const address = this.#addresses.take();
    const session: MulticastSession = new MulticastSession({
      id,
      taskId,
      operationIndex,
      imageId: manifest.imageId,
      versionId: manifest.versionId,
      route,
      address,
      gatherMs,
      transmission: planTransmission({
        transmissionId: id,
        manifest,
        manifestSha256,
        pathOf: (stream) => this.#options.pathOf(manifest, stream),
      }),
      directory: join(this.#options.directory, id),
      sender: this.#options.sender,
      log: this.#options.log,
      onChanged: this.#options.onChanged,
      onDropped: (runId) => this.listener.onDropped(runId, id),
      onStranger: (stranger) => this.listener.onStranger(session.view(), stranger),
      onEnded: (error) => {
        this.#addresses.release(address);
        this.#forgetOldest();
        this.listener.onEnded(session.view(), error);
      },
    });
    this.#sessions.set(id, session);
    return session;
  }

  #forgetOldest(): void {
    const over = [...this.#sessions.values()].filter((session) => session.isOver);
    for (const session of over.slice(0, Math.max(0, over.length - KEEP_ENDED))) {
      this.#sessions.delete(session.options.id);
    }
  }

  #gathering({ taskId, operationIndex }: Gathered): MulticastSession[] {
    return [...this.#sessions.values()].filter(
      ({ options, isGathering }) =>
        options.taskId === taskId && options.operationIndex === operationIndex && isGathering,
    );
  }

  /** The newest session the run was put into. */
  #sessionOf(runId: RunId): MulticastSession | undefined {
    return [...this.#sessions.values()].findLast((session) => session.memberRuns.includes(runId));
  }
}
