/** Two peers, joined by a real WebSocket over loopback, for the tests of the protocol. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { OperatorError } from '../../../lib/errors.ts';
import { ANSWERS_NOTHING, answering } from '../../../lib/protocol/answering.ts';
import type { Handlers } from '../../../lib/protocol/contract.ts';
import { Peer } from '../../../lib/protocol/peer.ts';

/** What the answering side offers. */
export const METHODS = {
  double: {
    params: z.object({ number: z.number().int().max(1000) }),
    result: z.object({ number: z.number().int() }),
  },
  refuse: { params: z.object({}), result: z.object({}) },
  break: { params: z.object({}), result: z.object({}) },
  answerWrongly: { params: z.object({}), result: z.object({ number: z.number() }) },
  wait: { params: z.object({}), result: z.object({}) },
  trim: {
    params: z.object({ text: z.string().transform((text) => text.trim()) }),
    result: z.object({ text: z.string() }),
  },
} as const;
export type TestMethods = typeof METHODS;

/** What it sends by itself. */
export const NOTIFICATIONS = { news: z.object({ text: z.string() }) } as const;
export type TestNotifications = typeof NOTIFICATIONS;

type Nothing = Readonly<Record<string, never>>;
export type Answerer = Peer<Nothing, TestNotifications, Nothing>;
export type Caller = Peer<TestMethods, Nothing, TestNotifications>;

export type Fault = { readonly what: string; readonly error: unknown };

export type Pair = {
  readonly answerer: Answerer;
  readonly answererSocket: WebSocket;
  readonly answererFaults: Fault[];
  readonly callerSocket: WebSocket;
  /** Makes the other side a peer too; without it, the test speaks as it likes over `callerSocket`. */
  readonly makeCaller: (options?: {
    readonly heartbeatMs?: number;
    readonly onNews?: (text: string) => void;
  }) => Caller;
  readonly callerFaults: Fault[];
};

/** Answers that a correct program may give, and some that show a fault. */
const HANDLERS: Handlers<TestMethods> = {
  double: ({ number }) => Promise.resolve({ number: 2 * number }),
  refuse: () =>
    Promise.reject(
      new OperatorError({
        code: 'name-taken',
        message: 'naming a group "room"',
        hint: 'Choose another name.',
        cause: new Error('another group has it'),
      }),
    ),
  break: () => {
    throw new TypeError('x is not a function');
  },
  answerWrongly: () => Promise.resolve({ number: Number.NaN }),
  wait: () => new Promise(() => undefined),
  trim: ({ text }) => Promise.resolve({ text }),
};

/** Gives `use` a connection whose answering side is a peer, and ends it. */
export async function withPair(
  use: (pair: Pair) => Promise<void>,
  options: { readonly heartbeatMs?: number; readonly autoPong?: boolean } = {},
): Promise<void> {
  const http = createServer();
  const sockets = new WebSocketServer({ server: http });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    const accepted = once(sockets, 'connection');
    const callerSocket = new WebSocket(`ws://127.0.0.1:${port}`, {
      autoPong: options.autoPong ?? true,
    });
    await once(callerSocket, 'open');
    const [answererSocket] = z.tuple([z.instanceof(WebSocket), z.unknown()]).parse(await accepted);
    const answererFaults: Fault[] = [];
    const callerFaults: Fault[] = [];
    const answerer: Answerer = new Peer(answererSocket, {
      answers: answering({ methods: METHODS, handlers: HANDLERS, caller: [] }),
      calls: {},
      sends: NOTIFICATIONS,
      hears: { notifications: {}, listeners: {} },
      heartbeatMs: options.heartbeatMs ?? 60_000,
      onFault: (what, error) => answererFaults.push({ what, error }),
    });
    const makeCaller: Pair['makeCaller'] = ({ heartbeatMs, onNews } = {}) =>
      new Peer(callerSocket, {
        answers: ANSWERS_NOTHING,
        calls: METHODS,
        sends: {},
        hears: {
          notifications: NOTIFICATIONS,
          listeners: { news: ({ text }) => onNews?.(text) },
        },
        heartbeatMs: heartbeatMs ?? 60_000,
        onFault: (what, error) => callerFaults.push({ what, error }),
      });
    await use({ answerer, answererSocket, answererFaults, callerSocket, makeCaller, callerFaults });
  } finally {
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
    await new Promise<void>((resolve) => http.close(() => resolve()));
  }
}
