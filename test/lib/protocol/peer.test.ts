import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { OperatorError } from '../../../lib/errors.ts';
import { withPair, type Pair } from './peer-pair.ts';

const Message = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.number().nullish(),
  error: z
    .object({ code: z.number(), message: z.string(), data: z.unknown().optional() })
    .optional(),
});

/** The next message that a side without a peer gets. */
async function nextMessage({ callerSocket }: Pair): Promise<z.infer<typeof Message>> {
  const [data] = z
    .tuple([z.instanceof(Buffer), z.unknown()])
    .parse(await once(callerSocket, 'message'));
  return Message.parse(JSON.parse(data.toString()));
}

/** Sends `text` and returns what comes back. */
async function say(pair: Pair, text: string): Promise<z.infer<typeof Message>> {
  const answer = nextMessage(pair);
  pair.callerSocket.send(text);
  return answer;
}

function request(method: string, params: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 7, method, params });
}

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
      caller.close('done');
      await caller.closed;
      await assert.rejects(caller.call('double', { number: 1 }), { code: 'connection-lost' });
    });
  });
});

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
      makeCaller().close('done');
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
      assert.deepEqual([code, reason.toString()], [1000, 'a message was not JSON']);
      assert.equal(await answerer.closed, 'a message was not JSON');
      assert.equal(answererFaults.length, 1);
    });
  });

  test('a message that is binary ends the connection with the reason', async () => {
    await withPair(async ({ callerSocket, answerer, answererFaults }) => {
      callerSocket.send(Buffer.from('{"jsonrpc":"2.0","id":1,"method":"double"}'));
      assert.equal(await answerer.closed, 'binary messages are not part of the protocol');
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
        assert.match(await answerer.closed, /batches are not part of the protocol/);
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

describe('the end of a connection', () => {
  test('the end of a connection is told to both sides with its reason', async () => {
    await withPair(async ({ makeCaller, answerer }) => {
      const caller = makeCaller();
      answerer.close('the host was deleted');
      assert.equal(await caller.closed, 'the host was deleted');
      assert.equal(await answerer.closed, 'the host was deleted');
    });
  });

  test('the end of a connection takes any reason, cut between two characters if it is long', async () => {
    await withPair(async ({ makeCaller, answerer }) => {
      const caller = makeCaller();
      answerer.close('ü'.repeat(100));
      assert.equal(await caller.closed, 'ü'.repeat(61));
    });
  });

  test('the end of a connection without a reason is told by its code', async () => {
    await withPair(async ({ makeCaller, answererSocket }) => {
      const caller = makeCaller();
      answererSocket.terminate();
      assert.equal(await caller.closed, 'the connection broke off');
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
        assert.equal(await answerer.closed, 'the other side stopped answering');
        assert.equal(pings.length, 3);
      },
      { heartbeatMs: 20, autoPong: false },
    );
  });

  test('the heartbeat keeps a side that only answers pings', async () => {
    await withPair(
      async ({ answerer, callerSocket }) => {
        for (let pings = 0; pings < 10; pings += 1) await once(callerSocket, 'ping');
        answerer.close('kept');
        assert.equal(await answerer.closed, 'kept');
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
        pair.answerer.close('kept');
        assert.equal(await pair.answerer.closed, 'kept');
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
        answerer.close('kept');
        assert.equal(await answerer.closed, 'kept');
      },
      { heartbeatMs: 20 },
    );
  });
});
