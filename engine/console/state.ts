/** What the host's own screen knows, and which of it is the one thing to say now. */

import type { ErrorReport } from '../../lib/model/error-report.ts';
import type { Message } from '../../lib/model/message.ts';
import type { ShutdownMode } from '../../lib/model/operations/shutdown.ts';
import type { HostStanding, ProgressReport } from '../../lib/protocol/engine-api.ts';

/** What the engine does, apart from its connection. Times are milliseconds since 1970. */
export type Activity =
  | { readonly type: 'starting' }
  /** Nothing to do, or not asked yet. */
  | { readonly type: 'idle' }
  | {
      readonly type: 'working';
      /** "writing the image win11 to this host's disk" */
      readonly title: string;
      readonly startedAt: number;
      /** The step under way, its number and how many there are; null while planning. */
      readonly step: {
        readonly title: Message;
        readonly number: number;
        readonly count: number;
      } | null;
      readonly progress: ProgressReport | null;
      readonly warnings: readonly Message[];
    }
  | {
      readonly type: 'done';
      readonly title: string;
      readonly at: number;
      readonly warnings: readonly Message[];
    }
  | {
      readonly type: 'failed';
      readonly title: string;
      readonly at: number;
      readonly error: ErrorReport;
    }
  | { readonly type: 'leaving'; readonly mode: ShutdownMode }
  /** The engine cannot work at all. */
  | { readonly type: 'fatal'; readonly error: ErrorReport };

export type Connection =
  | { readonly type: 'online' }
  | {
      readonly type: 'offline';
      readonly since: number;
      readonly attempts: number;
      /** What is wrong and what to check, in plain words; null before the first attempt has ended. */
      readonly problem: Problem | null;
    };

export type Problem = {
  readonly what: string;
  readonly check: readonly string[];
  /** The server has refused this very host: a new start changes nothing, somebody has to decide. */
  readonly isRefusal?: true;
};

export type ConsoleState = {
  readonly programVersion: string;
  readonly buildId: string | null;
  /** "10.77.0.1:7077"; empty when the arguments did not say. */
  readonly server: string;
  readonly addresses: readonly string[];
  /** The interface that the host is known by. */
  readonly mac: string | null;
  /** What the server holds of the host; null before it was asked. */
  readonly standing: HostStanding | null;
  readonly connection: Connection;
  readonly activity: Activity;
};

export const STATE_NAMES = [
  'starting',
  'connecting',
  'pending',
  'idle',
  'working',
  'done',
  'failed',
  'half-written',
  'leaving',
  'fatal',
] as const;
export type StateName = (typeof STATE_NAMES)[number];

/** The state that the screen shows large, worst news first; work under way goes on without the server. */
export function stateNameOf({ activity, connection, standing }: ConsoleState): StateName {
  switch (activity.type) {
    case 'fatal':
    case 'leaving':
    case 'working':
    case 'starting':
      return activity.type;
    case 'idle':
    case 'done':
    case 'failed':
      // A disk that must not be used stays on the screen until it is solved, with or without a server.
      if (standing !== null && standing.halfWritten !== null) return 'half-written';
      if (connection.type === 'offline') return 'connecting';
      return standing?.approval === 'pending' ? 'pending' : activity.type;
  }
}

/** A host that has just started; `now` is in milliseconds since 1970. */
export function initialState(
  known: Pick<ConsoleState, 'programVersion' | 'buildId' | 'server' | 'mac'>,
  now: number,
): ConsoleState {
  return {
    ...known,
    addresses: [],
    standing: null,
    connection: { type: 'offline', since: now, attempts: 0, problem: null },
    activity: { type: 'starting' },
  };
}
