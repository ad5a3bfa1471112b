/**
 * Why a connection is over, and how one side tells the other: by the code of its closing frame (RFC 6455, 7.4), whose text
 * is for those who do not know the code.
 */

import { render } from '../messages/render.ts';
import type { Message } from '../model/message.ts';
import type { LOGIN_END_MESSAGES, TOLD_END_MESSAGES } from '../model/messages/ends.ts';
import { message, verbatim, type MessageOf } from '../model/messages/table.ts';

export type ConnectionEnd = {
  /** `ended`: by one of the sides. */
  readonly kind: 'broken-off' | 'stopped-answering' | 'ended';
  readonly why: Message;
};

export type ToldEnd = keyof typeof TOLD_END_MESSAGES;

/** Why a login is over: the typed last message of its connections (`loggedOut`). */
export type LoginEnd = {
  [Id in keyof typeof LOGIN_END_MESSAGES]: MessageOf<Id>;
}[keyof typeof LOGIN_END_MESSAGES];

export const BROKEN_OFF: ConnectionEnd = { kind: 'broken-off', why: message('end.broken-off') };
export const STOPPED_ANSWERING: ConnectionEnd = {
  kind: 'stopped-answering',
  why: message('end.stopped-answering'),
};

/**
 * The registered codes where they mean the same, else private ones (4000 to 4999). Sides of other versions know them
 * too: a code keeps its meaning.
 */
export const END_CODES = {
  'end.server-stops': 1001,
  'end.binary-message': 1003,
  'end.not-json': 1007,
  'end.message-too-large': 1009,
  'end.too-many-waiting': 1013,
  'end.done': 4000,
  'end.refused': 4001,
  'end.login-over': 4002,
  'end.logged-off': 4010,
  'end.no-call': 4011,
  'end.host-unknown': 4012,
  'end.host-deleted': 4013,
  'end.other-machine': 4014,
  'end.connected-again': 4015,
  'end.other-start': 4016,
  'end.other-system': 4017,
  'end.no-single-call': 4020,
  'end.message-too-slow': 4021,
  'end.too-much-unfinished': 4022,
} as const satisfies Readonly<Record<ToldEnd, number>>;

/** No closing frame came (RFC 6455, 7.4.1). */
const NO_FRAME = 1006;

/** The end that a side gave the connection. */
export function toldEnd(id: ToldEnd): ConnectionEnd {
  return { kind: 'ended', why: message(id) };
}

/** What a closing frame holds for `id`; its text has at most 123 bytes of UTF-8 (RFC 6455, 5.5). */
export function closingFrame(id: ToldEnd): { readonly code: number; readonly text: string } {
  return { code: END_CODES[id], text: render('en', message(id)) };
}

/** What a closing frame says; an older program's has a text alone. */
export function endOfFrame(code: number, text: string): ConnectionEnd {
  if (code === NO_FRAME) return BROKEN_OFF;
  const id = ID_OF_CODE.get(code);
  if (id !== undefined) return toldEnd(id);
  const why = text === '' ? message('end.without-reason', { code }) : verbatim(text);
  return { kind: 'ended', why };
}

const ID_OF_CODE: ReadonlyMap<number, ToldEnd> = new Map(
  typedKeys(END_CODES).map((id) => [END_CODES[id], id]),
);

function typedKeys(codes: typeof END_CODES): ToldEnd[] {
  return Object.keys(codes).filter((id): id is ToldEnd => id in codes);
}

/** An error of the socket, which ends its connection. */
export function endOfError(error: Error): ConnectionEnd {
  const code = 'code' in error ? error.code : undefined;
  return code === 'ECONNRESET' || code === 'EPIPE'
    ? BROKEN_OFF
    : { kind: 'ended', why: verbatim(error.message) };
}

/** In English, for logs and errors. */
export function endText({ why }: ConnectionEnd): string {
  return render('en', why);
}

/** Thrown by what waits for something that a connection brings, when that is over. */
export class ConnectionEnded extends Error {
  readonly end: ConnectionEnd;

  constructor(end: ConnectionEnd) {
    super(endText(end));
    this.name = 'ConnectionEnded';
    this.end = end;
  }
}
