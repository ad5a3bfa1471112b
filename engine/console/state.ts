/** What the host's own screen knows, and which of it is the one thing to say now. */

import type { DiskSelector } from '../../lib/model/disk-selector.ts';
import type { ErrorReport } from '../../lib/model/error-report.ts';
import type { Message } from '../../lib/model/message.ts';
import type { Language } from '../../lib/model/language.ts';
import type { ShutdownMode } from '../../lib/model/operations/shutdown.ts';
import type { HostStanding, ProgressReport } from '../../lib/protocol/engine-api.ts';

/** What the engine does, apart from its connection. Times are milliseconds since 1970. */
export type Activity =
  | { readonly type: 'starting' }
  /** Nothing to do, or not asked yet. */
  | { readonly type: 'idle' }
  | {
      readonly type: 'working';
      readonly title: WorkTitle;
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
      readonly title: WorkTitle;
      readonly at: number;
      readonly warnings: readonly Message[];
    }
  | {
      readonly type: 'failed';
      readonly title: WorkTitle;
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
      /** null before the first attempt has ended. */
      readonly problem: Problem | null;
    };

/** What is wrong with the connection to `server` ("10.77.0.1:7077"). */
export type Problem =
  | {
      readonly type: 'not-listening' | 'no-network' | 'no-answer' | 'unknown-name' | 'broken-off';
      readonly server: string;
    }
  | {
      readonly type: 'error';
      readonly error: ErrorReport;
      /** The server has refused this very host: a new start changes nothing, somebody has to decide. */
      readonly isRefusal?: true;
    }
  | { readonly type: 'other'; readonly said: Message };

/** What a host does. */
export type WorkTitle =
  | { readonly type: 'capture'; readonly disk: DiskSelector }
  | {
      readonly type: 'deploy' | 'partition';
      readonly image: string;
      readonly disk: DiskSelector;
    }
  | { readonly type: 'leave'; readonly mode: ShutdownMode };

export type ConsoleState = {
  /** Of the screen; plain lines are English. */
  readonly language: Language;
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
  known: Pick<ConsoleState, 'language' | 'programVersion' | 'buildId' | 'server' | 'mac'>,
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
