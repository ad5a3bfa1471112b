/** Why connections and logins are over in English. */

import type { END_MESSAGES, LOGIN_END_MESSAGES } from '../../model/messages/ends.ts';
import type { TextsOf } from '../texts.ts';

export const ends: TextsOf<typeof END_MESSAGES> = {
  'end.done': 'it is not needed any more',
  'end.refused': 'the other side was refused',
  'end.login-over': 'the login is over',
  'end.server-stops': 'the server stops',
  'end.logged-off': 'logged off',
  'end.no-call': 'no call came in time',
  'end.host-unknown': 'its host is not known any more',
  'end.host-deleted': 'the host was deleted',
  'end.other-machine': 'another machine was accepted as this host',
  'end.connected-again': 'the host has connected again',
  'end.other-start': 'it did not answer when another start of the engine came',
  'end.other-system': 'the host has started its other system',
  'end.too-many-waiting': 'too many connections wait for a login',
  'end.binary-message': 'binary messages are not part of the protocol',
  'end.not-json': 'a message was not JSON',
  'end.no-single-call': 'a message was no single call: batches are not part of the protocol',
  'end.message-too-large': 'a message was larger than allowed',
  'end.message-too-slow': 'a message was begun and not ended in time',
  'end.too-much-unfinished': 'all connections together held too much of unfinished messages',
  'end.broken-off': 'the connection broke off',
  'end.stopped-answering': 'the other side stopped answering',
  'end.without-reason': ({ code }) => `the other side ended it (${code})`,
};

export const loginEnds: TextsOf<typeof LOGIN_END_MESSAGES> = {
  'login.idle': ({ minutes }) => `logged out after ${minutes} min without a key`,
  'login.left': 'logged out',
  'login.password-changed': 'the password of this operator was changed',
  'login.account-deleted': 'the account was deleted',
};
