/** What can happen to a run, and what has to be done about it, as data. */

import type { DiskIdentity } from '../../lib/model/disk-identity.ts';
import type { ErrorReport } from '../../lib/model/error-report.ts';
import type { EngineInstanceId, SessionId } from '../../lib/model/ids.ts';
import type { Run } from '../../lib/model/task.ts';
import type { HostWorkerKind, WorkerKind } from '../../lib/model/worker.ts';
import type { RunEvent } from '../../lib/protocol/engine-api.ts';

/** What can happen to a run. docs/design/work.md has the diagram. */
export type WorkEvent =
  /** A start of a host's worker is given the run's next operation; `sessionId` if it gets its image by that session. */
  | {
      readonly type: 'assigned';
      readonly instanceId: EngineInstanceId;
      readonly proof: Run['workerProof'];
      readonly sessionId: SessionId | null;
    }
  /** The server begins the run's next operation itself. */
  | { readonly type: 'begun' }
  /** Start `instanceId` of a worker is told to restart its host, for `to` does the run's next operation. */
  | { readonly type: 'sent'; readonly to: HostWorkerKind; readonly instanceId: EngineInstanceId }
  /** The host has had its time to come up where it was sent; `isThere`: it has. */
  | { readonly type: 'not-arrived'; readonly isThere: boolean }
  /** The server was restarted in the middle of an operation of its own; not `isRepeatable`: it cannot be done again. */
  | { readonly type: 'server-restarted'; readonly isRepeatable: boolean }
  /** The next operation could not be made ready: its image is gone, say. */
  | { readonly type: 'not-assigned'; readonly error: ErrorReport }
  /** The operation under way cannot succeed: its engine cannot say what the server needs. */
  | { readonly type: 'failed'; readonly error: ErrorReport }
  /**
   * Worker `by` reports what happened up to event number `lastSequence`. `isResumable`: it would go on by itself if it
   * was interrupted. `identityOf` finds the disk that the engine names in words, as engines of version 0.2 do.
   */
  | {
      readonly type: 'reported';
      readonly by: WorkerKind;
      readonly events: readonly RunEvent[];
      readonly lastSequence: number;
      readonly isResumable: boolean;
      readonly identityOf: (disk: string) => DiskIdentity | undefined;
    }
  /** The start of the worker that has the run has connected again, and is still at it. */
  | { readonly type: 'worker-returned' }
  /** The worker of its next operation has connected; between two operations the run is handed out again when it asks. */
  | { readonly type: 'worker-connected' }
  /** The worker is not connected, or it does not say what it should. */
  | { readonly type: 'worker-missing'; readonly reason: string }
  /** Another start of a worker of the host came in the middle of an operation. `restarts`: how often that was so before. */
  | {
      readonly type: 'worker-restarted';
      readonly reason: string;
      readonly restarts: number;
      readonly isCaptured: boolean;
    }
  /** The worker is not waited for any more. */
  | { readonly type: 'worker-lost'; readonly reason: string }
  /** An operator is about to cancel: who is at it hears of it before the store has been written. */
  | { readonly type: 'cancel-asked'; readonly reason: string }
  /** An operator cancels. */
  | {
      readonly type: 'cancelled';
      readonly operator: string;
      readonly isWorkerConnected: boolean;
    }
  /** Worker `by` of the host asks for its next operation, and has none. */
  | { readonly type: 'work-asked'; readonly by: HostWorkerKind }
  /** The sender of a session has given the host up, or ends the session early. */
  | { readonly type: 'dropped'; readonly sessionId: SessionId; readonly reason: string }
  /** The session has failed. */
  | { readonly type: 'session-failed'; readonly sessionId: SessionId; readonly reason: string }
  /** Time has passed. `isClockWrong`: the server's clock was ahead when it wrote what it reads now. */
  | {
      readonly type: 'time-passed';
      readonly isWorkerConnected: boolean;
      readonly isClockWrong: boolean;
    };

/** What has to be done once a transition is durable, in this order. */
export type Effect =
  /** Give the run up unless its worker comes back in time. */
  | { readonly type: 'await-worker'; readonly reason: string }
  /** Give it up unless the host comes up in time where it was sent. */
  | { readonly type: 'await-arrival'; readonly of: HostWorkerKind }
  | { readonly type: 'stop-awaiting' }
  /** Let the one who does the host's next operation know of it. */
  | { readonly type: 'offer-work' }
  /** Tell whoever may be at it to stop. */
  | { readonly type: 'stop-work'; readonly reason: string }
  /** Tell the engine that its run cannot succeed, if it still receives by that session. */
  | { readonly type: 'end-receiving'; readonly sessionId: SessionId; readonly reason: string }
  /** Its receiver runs: its session may begin as far as this host is concerned. */
  | { readonly type: 'mark-ready' }
  | { readonly type: 'leave-session' }
  /** The others of its session are to know whether it comes back. */
  | { readonly type: 'recount-session' }
  | { readonly type: 'forget-progress' }
  | { readonly type: 'log-end' }
  | { readonly type: 'log-restart'; readonly reason: string }
  | { readonly type: 'log-drop'; readonly sessionId: SessionId; readonly reason: string }
  /** Nothing of it is needed any more: what it staged, what is kept of it in memory. */
  | { readonly type: 'release' };

export type Transition = { readonly run: Run; readonly effects: readonly Effect[] };
