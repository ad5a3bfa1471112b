/** The first call of an operator, over the socket of a real server. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { connectOperator } from '../../../lib/client/operator-client.ts';
import { PROGRAM_VERSION, OPERATOR_PROTOCOL_VERSION } from '../../../lib/protocol/version.ts';
import { withServer } from '../running-server.ts';

describe('the first call', () => {
  test('the first call tells about the server', async () => {
    await withServer(async (server) => {
      const { server: greeting, call } = await server.operator();
      assert.deepEqual(
        [greeting.programVersion, greeting.protocolVersion, greeting.isLoginNeeded],
        [PROGRAM_VERSION, OPERATOR_PROTOCOL_VERSION, false],
      );
      const { server: info } = await call('status.get', {});
      assert.equal(info.imageStore.path, `${server.directory}/images`);
      assert.ok(info.imageStore.freeBytes > 0 && info.memoryBytes > info.freeMemoryBytes);
    });
  });

  test('the first call is refused to another version, and comes before work is asked for', async () => {
    await withServer(async (server) => {
      const client = await server.operator();
      const hello = { protocolVersion: 99, operator: 'eva' };
      await assert.rejects(client.call('server.hello', hello), { code: 'protocol-mismatch' });
    });
  });

  test('the first call finds no server where none listens', async () => {
    await assert.rejects(
      connectOperator({ socketPath: '/nonexistent/server.sock', operator: 'eva' }),
      {
        code: 'connection-failed',
        message: 'connecting to the server at /nonexistent/server.sock: no server is running here',
      },
    );
  });
});
