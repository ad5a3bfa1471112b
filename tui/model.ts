/** What the UI knows, apart from the screens themselves. */

import type { Trouble } from '../lib/model/trouble.ts';
import type { HostView } from '../lib/model/host.ts';
import type { Image } from '../lib/model/image.ts';
import type { SessionId } from '../lib/model/ids.ts';
import type { LogEntry } from '../lib/model/log-entry.ts';
import type { Settings } from '../lib/model/settings.ts';
import type { GroupView } from '../lib/model/group.ts';
import type { Status } from '../lib/model/status.ts';
import type { ShownServer } from './events.ts';
import type { Area } from './picture.ts';
import type { PendingRequest } from './screen-states.ts';
import type { Language } from '../lib/model/language.ts';

/** Whether the data on the screen is what the server has now. */
export type Connection =
  | { readonly type: 'connecting'; readonly since: number }
  /** Connected, and the server wants a login first. */
  | { readonly type: 'login'; readonly server: ShownServer }
  | { readonly type: 'online'; readonly server: ShownServer; readonly since: number }
  | { readonly type: 'lost'; readonly trouble: Trouble; readonly since: number };

export type Model = {
  readonly area: Area;
  /** What the keys of the screen need. */
  readonly footerRows: number;
  /** Whether more than ASCII may be shown. */
  readonly unicode: boolean;
  readonly language: Language;
  /** Milliseconds since 1970, moved on by ticks: views never ask the clock. */
  readonly now: number;
  readonly connection: Connection;
  /** Where the server is: "/run/openclone/server.sock", "cloner:7077"; empty until it is looked for. */
  readonly place: string;
  /** Who works here. */
  readonly operator: string;
  /** By a login, not by the operating system alone. */
  readonly isLoggedIn: boolean;
  readonly status: Status | null;
  /** By name; of what they are, only disks and systems (inventory.watch). */
  readonly hosts: readonly HostView[];
  /** The host that was last read as a whole. */
  readonly hostDetails: HostView | null;
  readonly groups: readonly GroupView[];
  readonly images: readonly Image[];
  readonly settings: Settings | null;
  /** What happened, oldest first; null until it is asked for, from then on the server goes on telling. */
  readonly log: readonly LogEntry[] | null;
  /** Bytes a second that sessions sent and unicast runs moved, a value a second, newest last; at most RATE_SAMPLES. */
  readonly rates: readonly number[];
  /** The same per live multicast session. */
  readonly sessionRates: Readonly<Partial<Record<SessionId, SessionRates>>>;
  /** Requests that are not answered yet, oldest first. */
  readonly pending: readonly PendingRequest[];
  /** Whether something changed on the server since the lists were read, and when they were asked for last. */
  readonly lists: { readonly isStale: boolean; readonly askedAt: number };
  /** One line for what just happened; gone with the next key, and after NOTICE_MS. */
  readonly notice: Notice | null;
};

/** From when on it is waited for a server that has told nothing of itself yet; null while it is not. */
export function waitingSince({ connection, status }: Model): number | null {
  if (status !== null) return null;
  return connection.type === 'connecting' || connection.type === 'online' ? connection.since : null;
}

/** The requests that somebody waits for. */
export function awaited({ pending }: Pick<Model, 'pending'>): readonly PendingRequest[] {
  return pending.filter(({ isQuiet }) => !isQuiet);
}

/** `at`: the first tick that has seen it. */
export type Notice = {
  readonly text: string;
  readonly isBad: boolean;
  readonly at?: number;
};

export const NOTICE_MS = 5000;

export const RATE_SAMPLES = 120;

/** `sentBytes` is where the session was at the last tick, `at`. */
export type SessionRates = {
  readonly sentBytes: number;
  readonly at: number;
  /** Bytes a second, a value a tick, newest last. */
  readonly rates: readonly number[];
};

/** The model of a UI that has just been started. */
export function newModel(
  start: Pick<Model, 'area' | 'unicode' | 'language' | 'now' | 'operator'>,
): Model {
  return {
    ...start,
    footerRows: 2,
    connection: { type: 'connecting', since: start.now },
    place: '',
    isLoggedIn: false,
    status: null,
    hosts: [],
    hostDetails: null,
    groups: [],
    images: [],
    settings: null,
    log: null,
    rates: [],
    sessionRates: {},
    pending: [],
    lists: { isStale: false, askedAt: 0 },
    notice: null,
  };
}
