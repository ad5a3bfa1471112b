/** Why a connection or a login is over. */

import type { Declarations } from '../message.ts';

/** What one side tells the other when it ends their connection. */
export const TOLD_END_MESSAGES = {
  'end.done': {},
  'end.refused': {},
  'end.login-over': {},
  // what the server ends
  'end.server-stops': {},
  'end.logged-off': {},
  'end.no-call': {},
  'end.host-unknown': {},
  'end.host-deleted': {},
  'end.other-machine': {},
  'end.connected-again': {},
  'end.other-start': {},
  'end.other-system': {},
  'end.too-many-waiting': {},
  // of what was sent
  'end.binary-message': {},
  'end.not-json': {},
  'end.no-single-call': {},
  'end.message-too-large': {},
  'end.message-too-slow': {},
  'end.too-much-unfinished': {},
} as const satisfies Declarations;

export const END_MESSAGES = {
  ...TOLD_END_MESSAGES,
  'end.broken-off': {},
  'end.stopped-answering': {},
  'end.without-reason': { code: 'number' },
} as const satisfies Declarations;

/** Of a login, which may have had several connections. */
export const LOGIN_END_MESSAGES = {
  'login.idle': { minutes: 'number' },
  'login.left': {},
  'login.password-changed': {},
  'login.account-deleted': {},
} as const satisfies Declarations;
