/** Calls between two peers. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { OperatorError } from '../../../lib/errors.ts';
import { withPair } from './peer-pair.ts';
import { say, request } from './raw-messages.ts';

describe('a call', () => {
  test('a call is answered by the other side', async () => {
    await withPair(async ({ makeCaller }) => {
      assert.deepEqual(await makeCaller().call('double', { number: 21 }), { number: 42 });
    });
  });

  test('a call is answered whatever other calls are under way', async () => {
    await withPair(async ({ makeCaller }) => {
      const caller = makeCaller();
      void caller.call('wait', {}).catch(() => undefined);
      const numbers = Array.from({ length: 100 }, (_, number) => number);
      const answers = await Promise.all(numbers.map((number) => caller.call('double', { number })));
      assert.deepEqual(
        answers.map(({ number }) => number),
        numbers.map((number) => 2 * number),
      );
    });
  });

  test('a call carries what the schema makes of its parameters', async () => {
    await withPair(async ({ makeCaller }) => {
      assert.deepEqual(await makeCaller().call('trim', { text: ' x ' }), { text: 'x' });
    });
  });

  test('a call that is refused throws the same error here, with its causes', async () => {
    await withPair(async ({ makeCaller, answererFaults }) => {
      await assert.rejects(makeCaller().call('refuse', {}), (error: unknown) => {
        assert.ok(error instanceof OperatorError && error.cause instanceof Error);
        assert.deepEqual(
          [error.code, error.message, error.hint, error.cause.message],
          ['name-taken', 'naming a group "room"', 'Choose another name.', 'another group has it'],
        );
        return true;
      });
      assert.deepEqual(answererFaults, []);
    });
  });

  test('a call that runs into a bug is an internal error here and a fault there', async () => {
    await withPair(async ({ makeCaller, answererFaults }) => {
      await assert.rejects(makeCaller().call('break', {}), {
        code: 'internal-error',
        message: 'x is not a function',
      });
      assert.equal(answererFaults.length, 1);
      assert.ok(answererFaults[0]?.error instanceof TypeError);
    });
  });

  test('a call with wrong parameters is not sent, and the error says where they are wrong', async () => {
    await withPair(async ({ makeCaller, answererFaults }) => {
      const caller = makeCaller();
      await assert.rejects(caller.call('double', { number: 1001 }), {
        code: 'bad-message',
        message: /^checking the parameters of double: .*number/,
      });
      assert.deepEqual(await caller.call('double', { number: 1 }), { number: 2 });
      assert.deepEqual(answererFaults, []);
    });
  });

  test('a call with wrong parameters is refused by the other side too', async () => {
    await withPair(async (pair) => {
      for (const params of [{ number: 'x' }, {}, null, [], 'text', { number: 1001 }]) {
        const { id, error } = await say(pair, request('double', params));
        assert.equal(id, 7);
        const { code, message } = z
          .object({ code: z.string(), message: z.string() })
          .parse(error?.data);
        assert.equal(code, 'bad-message');
        assert.match(message, /^checking the parameters of double: /);
      }
      assert.deepEqual(pair.answererFaults, []);
    });
  });

  test('a call whose answer does not fit is a fault of the side that gives it', async () => {
    await withPair(async ({ makeCaller, answererFaults }) => {
      await assert.rejects(makeCaller().call('answerWrongly', {}), { code: 'internal-error' });
      assert.equal(answererFaults.length, 1);
    });
  });

  test('a call whose answer does not fit is refused by the side that gets it', async () => {
    await withPair(async (pair) => {
      const caller = pair.makeCaller();
      pair.answererSocket.removeAllListeners('message');
      pair.answererSocket.once('message', () => {
        const answer = { jsonrpc: '2.0', id: 1, result: { number: 'many' } };
        pair.answererSocket.send(JSON.stringify(answer));
      });
      await assert.rejects(caller.call('double', { number: 1 }), {
        code: 'bad-message',
        message: /^checking the answer to double: .*number/,
      });
    });
  });

  test('a call of a method that the other side does not have is a matter of versions', async () => {
    await withPair(async (pair) => {
      for (const method of ['triple', 'constructor', '__proto__', 'toString', '']) {
        const { error } = await say(pair, request(method, {}));
        assert.deepEqual([error?.code, error?.message], [-32601, 'Method not found']);
      }
      pair.answererSocket.removeAllListeners('message');
      pair.answererSocket.once('message', () => {
        const error = { code: -32601, message: 'Method not found' };
        pair.answererSocket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, error }));
      });
      await assert.rejects(pair.makeCaller().call('double', { number: 1 }), {
        code: 'protocol-mismatch',
        message: 'calling double: Method not found',
      });
    });
  });

  test('a call that waits when the connection ends is told so', async () => {
    for (const end of ['close', 'terminate'] as const) {
      await withPair(async ({ makeCaller, answererSocket }) => {
        const caller = makeCaller();
        const waiting = caller.call('wait', {});
        // The answer to the second call proves that the first has arrived.
        await caller.call('double', { number: 1 });
        answererSocket[end]();
        await assert.rejects(waiting, {
          code: 'connection-lost',
          message: 'calling wait: the connection ended before the answer',
        });
        await caller.closed;
      });
    }
  });

  test('a call after the end of the connection is told so too', async () => {
    await withPair(async ({ makeCaller }) => {
      const caller = makeCaller();
      caller.close('end.done');
      await caller.closed;
      await assert.rejects(caller.call('double', { number: 1 }), { code: 'connection-lost' });
    });
  });
});
