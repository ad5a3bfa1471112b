/** What brings the operators' calls is a file: here HTTP, which the product does not have, and memory. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { OPERATOR_METHODS } from '../../../lib/protocol/operator-api/table.ts';
import { OperatorApi } from '../../../server/api/operator-api.ts';
import { httpTransport } from '../../support/http-transport.ts';
import { connectInMemory } from '../../support/memory-transport.ts';
import { shutdownTask } from '../../support/task-requests.ts';
import { withRoom, type Room } from '../sample-room.ts';

const EVA = { name: 'eva', password: 'correct horse' };
const Answer = z.object({
  result: z.unknown().optional(),
  error: z.object({ data: z.object({ code: z.string(), message: z.string() }) }).optional(),
});
type Call = (method: string, params: unknown, token?: string) => Promise<z.infer<typeof Answer>>;

async function overHttp(room: Room, use: (call: Call) => Promise<void>): Promise<void> {
  const server = httpTransport(new OperatorApi(room.context)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const call: Call = async (method, params, token) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body, headers });
    return Answer.parse(await response.json());
  };
  try {
    await use(call);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('the operators’ API over HTTP', () => {
  test('the operators’ API over HTTP: a call without a login is refused, one with its token is answered, checked as over WebSocket', async () => {
    await withRoom({}, async (room) => {
      await room.tasks['operator.add'](EVA);
      await overHttp(room, async (call) => {
        const refused = await call('task.list', { limit: 1 });
        assert.equal(refused.error?.data.code, 'unauthorized');
        const { loginToken } = OPERATOR_METHODS['operator.login'].result.parse(
          (await call('operator.login', EVA)).result,
        );
        const request = shutdownTask({ targets: [room.host(1)], mode: 'exit' });
        const made = await call('task.create', request, loginToken);
        const { createdBy } = OPERATOR_METHODS['task.create'].result.parse(made.result);
        assert.equal(createdBy, 'eva');
        const wrong = await call('task.list', { limit: 0 }, loginToken);
        assert.equal(wrong.error?.data.code, 'bad-message');
        const unknown = await call('task.deploy', {}, loginToken);
        assert.match(
          unknown.error?.data.message ?? '',
          /calling task\.deploy: there is no such call/,
        );
      });
    });
  });

  test('the operators’ API over HTTP: a call that watches is refused, for nothing can be pushed', async () => {
    await withRoom({}, async (room) => {
      await room.tasks['operator.add'](EVA);
      await overHttp(room, async (call) => {
        const { loginToken } = OPERATOR_METHODS['operator.login'].result.parse(
          (await call('operator.login', EVA)).result,
        );
        const { error } = await call('status.watch', { intervalMs: 100 }, loginToken);
        assert.equal(error?.data.code, 'not-allowed');
      });
    });
  });
});

test('two connections of one API know each their own caller', async () => {
  await withRoom({}, async (room) => {
    const api = new OperatorApi(room.context);
    const request = shutdownTask({ targets: [room.host(1)], mode: 'exit' });
    const made = await Promise.all(
      ['eva', 'tom'].map((name) => connectInMemory(api, name).calls['task.create'](request)),
    );
    assert.deepEqual(
      made.map(({ createdBy }) => createdBy),
      ['eva', 'tom'],
    );
  });
});
