/** How the connection of two peers ends, and its heartbeat. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { TOLD_END_MESSAGES } from '../../../lib/model/messages/ends.ts';
import { message, verbatim } from '../../../lib/model/messages/table.ts';
import {
  closingFrame,
  END_CODES,
  endOfFrame,
  toldEnd,
  type ToldEnd,
} from '../../../lib/protocol/connection-end.ts';
import { withPair } from './peer-pair.ts';
import { say, request } from './raw-messages.ts';

describe('the end of a connection', () => {
  test('the end of a connection is told to both sides with its reason', async () => {
    await withPair(async ({ makeCaller, answerer }) => {
      const caller = makeCaller();
      answerer.close('end.host-deleted');
      assert.equal((await caller.closed).why.id, 'end.host-deleted');
      assert.equal((await answerer.closed).why.id, 'end.host-deleted');
    });
  });

  test('the end of a connection that an older program tells by a text alone is that text', async () => {
    await withPair(async ({ makeCaller, answererSocket }) => {
      const caller = makeCaller();
      answererSocket.close(1000, 'the room is closed');
      assert.deepEqual(await caller.closed, {
        kind: 'ended',
        why: verbatim('the room is closed'),
      });
    });
  });

  test('the end of a connection by a code that is not known, without a text, is told by the code', async () => {
    await withPair(async ({ makeCaller, answererSocket }) => {
      const caller = makeCaller();
      answererSocket.close(4999);
      assert.deepEqual(await caller.closed, {
        kind: 'ended',
        why: message('end.without-reason', { code: 4999 }),
      });
    });
  });

  test('the end of a connection is told to older programs in English, within 123 bytes', () => {
    for (const id of Object.keys(TOLD_END_MESSAGES)) {
      assert.ok(isToldEnd(id));
      const { code, text } = closingFrame(id);
      assert.deepEqual(endOfFrame(code, text), toldEnd(id));
      assert.ok(text !== '' && Buffer.byteLength(text) <= 123, text);
    }
    assert.equal(new Set(Object.values(END_CODES)).size, Object.keys(TOLD_END_MESSAGES).length);
  });

  test('the end of a connection without a closing frame is that it broke off', async () => {
    await withPair(async ({ makeCaller, answererSocket }) => {
      const caller = makeCaller();
      answererSocket.terminate();
      assert.equal((await caller.closed).why.id, 'end.broken-off');
    });
  });
});

describe('the heartbeat', () => {
  test('the heartbeat gives up a side that has fallen silent', async () => {
    // Without automatic pongs the other side is as good as dead, though its system keeps the connection.
    await withPair(
      async ({ answerer, callerSocket }) => {
        const pings: unknown[] = [];
        callerSocket.on('ping', () => pings.push('ping'));
        assert.equal((await answerer.closed).why.id, 'end.stopped-answering');
        assert.equal(pings.length, 3);
      },
      { heartbeatMs: 20, autoPong: false },
    );
  });

  test('the heartbeat keeps a side that only answers pings', async () => {
    await withPair(
      async ({ answerer, callerSocket }) => {
        for (let pings = 0; pings < 10; pings += 1) await once(callerSocket, 'ping');
        answerer.close('end.done');
        assert.equal((await answerer.closed).why.id, 'end.done');
      },
      { heartbeatMs: 20 },
    );
  });

  test('the heartbeat keeps a side that only sends messages', async () => {
    await withPair(
      async (pair) => {
        for (let pings = 0; pings < 10; pings += 1) {
          await once(pair.callerSocket, 'ping');
          await say(pair, request('double', { number: 1 }));
        }
        pair.answerer.close('end.done');
        assert.equal((await pair.answerer.closed).why.id, 'end.done');
      },
      { heartbeatMs: 20, autoPong: false },
    );
  });

  test('the heartbeat says whether the other side answers now, whatever it sent before', async () => {
    await withPair(async ({ answerer, callerSocket }) => {
      let pings = 0;
      callerSocket.on('ping', () => (pings += 1));
      const asked = [answerer.isAnswering(60_000), answerer.isAnswering(60_000)];
      assert.deepEqual(await Promise.all(asked), [true, true]);
      assert.equal(await answerer.isAnswering(0), true);
      assert.equal(pings, 1);
      const look = answerer.isAnswering(60_000);
      callerSocket.terminate();
      await answerer.closed;
      await look;
      assert.equal(await answerer.isAnswering(60_000), false);
    });
    await withPair(
      async (pair) => {
        const look = pair.answerer.isAnswering(200);
        await say(pair, request('double', { number: 1 }));
        pair.callerSocket.pong(Buffer.from('of another ping'));
        assert.equal(await look, false);
      },
      { autoPong: false },
    );
  });

  test('the heartbeat does not mind a clock that is set while the connection lasts', async (t) => {
    await withPair(
      async ({ answerer, callerSocket }) => {
        t.mock.timers.enable({ apis: ['Date'], now: 0 });
        for (let pings = 0; pings < 5; pings += 1) {
          t.mock.timers.setTime((pings + 1) * 86_400_000);
          await once(callerSocket, 'ping');
        }
        answerer.close('end.done');
        assert.equal((await answerer.closed).why.id, 'end.done');
      },
      { heartbeatMs: 20 },
    );
  });
});

function isToldEnd(id: string): id is ToldEnd {
  return Object.hasOwn(TOLD_END_MESSAGES, id);
}
