/** Notifications between two peers, and messages that are none. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { withPair } from './peer-pair.ts';
import { request } from './raw-messages.ts';

describe('a notification', () => {
  test('a notification reaches its listener', async () => {
    await withPair(async ({ makeCaller, answerer }) => {
      const heard = new Promise((resolve) => makeCaller({ onNews: resolve }));
      answerer.notify('news', { text: 'work' });
      assert.equal(await heard, 'work');
    });
  });

  test('a notification that does not fit is a fault of the side that sends it, and is not sent', async () => {
    await withPair(async ({ answerer }) => {
      const wrong = z.custom<{ text: string }>(() => true).parse({ text: 7 });
      assert.throws(() => answerer.notify('news', wrong), z.ZodError);
      return Promise.resolve();
    });
  });

  test('a notification that does not fit is a fault on the side that gets it, and the connection goes on', async () => {
    await withPair(async ({ makeCaller, answererSocket, callerFaults }) => {
      const texts: string[] = [];
      const caller = makeCaller({ onNews: (text) => texts.push(text) });
      answererSocket.send('{"jsonrpc":"2.0","method":"news","params":{"text":7}}');
      await caller.call('double', { number: 1 });
      assert.deepEqual(texts, []);
      assert.deepEqual(
        callerFaults.map(({ what }) => what),
        ['hearing news'],
      );
    });
  });

  test('a notification after the end of the connection is lost without an error', async () => {
    await withPair(async ({ makeCaller, answerer }) => {
      makeCaller().close('end.done');
      await answerer.closed;
      answerer.notify('news', { text: 'late' });
    });
  });
});

describe('a message', () => {
  test('a message that is not JSON ends the connection with the reason', async () => {
    await withPair(async ({ callerSocket, answerer, answererFaults }) => {
      const closed = once(callerSocket, 'close');
      callerSocket.send('{"jsonrpc":');
      const [code, reason] = z.tuple([z.number(), z.instanceof(Buffer)]).parse(await closed);
      assert.deepEqual([code, reason.toString()], [1007, 'a message was not JSON']);
      assert.equal((await answerer.closed).why.id, 'end.not-json');
      assert.equal(answererFaults.length, 1);
    });
  });

  test('a message that is binary ends the connection with the reason', async () => {
    await withPair(async ({ callerSocket, answerer, answererFaults }) => {
      callerSocket.send(Buffer.from('{"jsonrpc":"2.0","id":1,"method":"double"}'));
      assert.equal((await answerer.closed).why.id, 'end.binary-message');
      assert.equal(answererFaults.length, 1);
    });
  });

  test('a message that is JSON but no JSON-RPC is a fault, and the connection goes on', async () => {
    await withPair(async ({ makeCaller, callerSocket, answererFaults }) => {
      for (const text of ['{}', '{"jsonrpc":"1.0","id":1}']) callerSocket.send(text);
      assert.deepEqual(await makeCaller().call('double', { number: 2 }), { number: 4 });
      assert.deepEqual(
        answererFaults.map(({ what }) => what),
        ['answering a message', 'answering a message'],
      );
    });
  });

  for (const text of ['null', '7', '"text"', '[]', '[7]', `[${request('double', {})}]`]) {
    test(`a message that is no single call ends the connection: ${text}`, async () => {
      await withPair(async ({ callerSocket, answerer, answererFaults }) => {
        callerSocket.send(text);
        assert.equal((await answerer.closed).why.id, 'end.no-single-call');
        assert.equal(answererFaults.length, 1);
      });
    });
  }

  test('a message that answers what nobody asked is ignored', async () => {
    await withPair(async ({ makeCaller, callerSocket, answererFaults }) => {
      callerSocket.send('{"jsonrpc":"2.0","id":99,"result":{}}');
      await makeCaller().call('double', { number: 2 });
      assert.deepEqual(answererFaults, []);
    });
  });
});
