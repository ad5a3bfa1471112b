/** Why there is no connection to a server. */

import type { Message } from './message.ts';

export const TROUBLE_KINDS = [
  // a socket on this machine
  'no-socket',
  'not-allowed',
  'not-running',
  'not-a-socket',
  'path-too-long',
  // a server on the network
  'no-such-name',
  'no-way',
  'port-closed',
  'no-answer',
  'other-certificate',
  // both
  'silent',
  'busy',
  'closed-at-once',
  'other-program',
  'other-version',
  'unknown',
  // a connection that there was
  'broken-off',
  'stopped-answering',
  'ended',
] as const;
export type TroubleKind = (typeof TROUBLE_KINDS)[number];

export type Trouble = {
  readonly kind: TroubleKind;
  /** "/run/openclone/server.sock", "cloner:7077". */
  readonly place: string;
  /** Whose rights they are, for what an administrator has to type. */
  readonly account: string;
  /** What the system or the server said, for those who look further. */
  readonly detail: Message;
};
