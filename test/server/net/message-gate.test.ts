import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import {
  OPERATOR_LIMITS,
  STRANGER_LIMITS,
  type MessageLimits,
} from '../../../lib/protocol/message-limits.ts';
import { MessageGate } from '../../../server/net/message-gate.ts';

type Room = {
  readonly gate: MessageGate;
  readonly connect: () => Promise<WebSocket>;
  readonly refused: string[];
  /** What came whole. */
  readonly heard: string[];
  /** Milliseconds since the beginning, as the gate sees it. */
  readonly time: { now: number };
  /** Resolves when the gate has refused `count` connections, or heard as many messages. */
  readonly until: (holds: () => boolean) => Promise<void>;
};

async function withGate(
  use: (room: Room) => Promise<void>,
  {
    // Of the connection with this number, in the order in which they come.
    limits = (number: number): MessageLimits =>
      number < 0 ? assert.fail('no such connection') : STRANGER_LIMITS,
    maxHeldBytes = 64 * 1024 * 1024,
  } = {},
): Promise<void> {
  const http = createServer();
  const sockets = new WebSocketServer({ server: http });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = z.object({ port: z.number() }).parse(http.address());
  const refused: string[] = [];
  const heard: string[] = [];
  const time = { now: 0 };
  let wake: (() => void)[] = [];
  const moved = (): void => {
    for (const each of wake) each();
    wake = [];
  };
  const gate = new MessageGate({
    maxHeldBytes,
    clock: () => time.now,
    onRefused: (_, reason) => {
      refused.push(reason);
      moved();
    },
  });
  let connections = 0;
  sockets.on('connection', (socket, request) => {
    const number = connections;
    connections += 1;
    gate.watch(socket, request.socket, () => limits(number));
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      heard.push(data.toString());
      moved();
    });
    socket.on('ping', moved);
  });
  const connect = async (): Promise<WebSocket> => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`);
    await once(socket, 'open');
    socket.on('error', () => undefined);
    return socket;
  };
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise<void>((resolve) => wake.push(resolve));
  };
  try {
    await use({ gate, connect, refused, heard, time, until });
  } finally {
    gate.close();
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
    await new Promise<void>((resolve) => http.close(() => resolve()));
  }
}

/** Resolves when the other side has everything that was sent. */
async function received(socket: WebSocket): Promise<void> {
  const pong = once(socket, 'pong');
  socket.ping();
  await pong;
}

describe('a message that is not complete', () => {
  test('a message that is not complete ends its connection when it is longer than allowed, in one piece or in many', async () => {
    await withGate(async ({ connect, refused, until }) => {
      const many = await connect();
      for (let piece = 0; piece < 20; piece += 1) many.send(Buffer.alloc(8192), { fin: false });
      await until(() => refused.length === 1);
      const one = await connect();
      one.send(Buffer.alloc(1024 * 1024));
      await until(() => refused.length === 2);
      assert.deepEqual(new Set(refused), new Set(['end.message-too-large']));
    });
  });

  test('a message that is not complete ends its connection when it is not ended in time, also when that one answers and pings', async () => {
    await withGate(async ({ gate, connect, refused, time }) => {
      const socket = await connect();
      socket.send('{"json', { fin: false });
      await received(socket);
      time.now = STRANGER_LIMITS.maxMs;
      gate.sweep();
      await received(socket);
      assert.deepEqual(refused, []);
      time.now += 1;
      gate.sweep();
      assert.deepEqual(refused, ['end.message-too-slow']);
      await once(socket, 'close');
    });
  });

  test('a message that is not complete is nothing that pings are', async () => {
    await withGate(async ({ gate, connect, refused, heard, time, until }) => {
      const socket = await connect();
      for (let round = 1; round <= 1200; round += 1) {
        const pong = once(socket, 'pong');
        socket.ping(Buffer.alloc(round % 126));
        if (round % 200 === 0) socket.send(`message ${round}`);
        await pong;
      }
      await until(() => heard.length === 6);
      time.now = 3_600_000;
      gate.sweep();
      await received(socket);
      assert.deepEqual(refused, []);
    });
  });

  test('a message that is not complete may be longer when it is known who sends it', async () => {
    let maxBytes = 1000;
    await withGate(
      async ({ connect, refused, heard, until }) => {
        const socket = await connect();
        maxBytes = 1024 * 1024;
        socket.send('x'.repeat(900_000));
        await until(() => heard.length === 1);
        assert.deepEqual(refused, []);
        maxBytes = 1000;
        socket.send('x'.repeat(900_000), { fin: false });
        await until(() => refused.length === 1);
      },
      { limits: () => ({ ...STRANGER_LIMITS, maxBytes }) },
    );
  });

  test('a message that is not complete ends the connection that holds most when all together hold too much', async () => {
    await withGate(
      async ({ connect, refused, heard, until }) => {
        const sockets = await Promise.all([connect(), connect(), connect()]);
        for (const [index, socket] of sockets.entries()) {
          socket.send('x'.repeat(10_000 * (index + 1)), { fin: false });
          await received(socket);
        }
        await until(() => refused.length === 1);
        await once(sockets[2], 'close');
        sockets[0].send('y', { fin: true });
        sockets[1].send('y', { fin: true });
        await until(() => heard.length === 2);
        assert.deepEqual(refused, ['end.too-much-unfinished']);
      },
      { maxHeldBytes: 50_000 },
    );
  });

  test('a message that is not complete of somebody known is not ended for what strangers hold, however many they are', async () => {
    await withGate(
      async ({ connect, refused, heard, until }) => {
        const known = await connect();
        known.send('x'.repeat(40_000), { fin: false });
        await received(known);
        const strangers = [];
        for (let number = 1; number <= 20; number += 1) {
          const stranger = await connect();
          strangers.push(stranger);
          stranger.send('x'.repeat(1000), { fin: false });
        }
        await until(() => refused.length === 10);
        known.send('y', { fin: true });
        await until(() => heard.length === 1);
        assert.equal(heard[0]?.length, 40_001);
      },
      {
        maxHeldBytes: 51_000,
        limits: (number) => (number === 0 ? OPERATOR_LIMITS : STRANGER_LIMITS),
      },
    );
  });
});
