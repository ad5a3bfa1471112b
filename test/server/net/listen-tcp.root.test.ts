import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { run } from '../../../lib/exec/run.ts';
import { listenOnTcp } from '../../../server/net/listen-tcp.ts';
import { captureLog } from '../captured-log.ts';

describe('listening at several addresses', () => {
  test('listening at several addresses is listening nowhere else, and waits for an address that comes late', async () => {
    const program = join(import.meta.dirname, 'listen-program.ts');
    const { stdout } = await run('unshare', ['--net', process.execPath, program], {
      timeoutMs: 120_000,
    });
    assert.deepEqual(JSON.parse(stdout), {
      before: ['ours', 'ENETUNREACH', 'ECONNREFUSED'],
      afterwards: ['ours', 'ours', 'ECONNREFUSED'],
      closed: ['ECONNREFUSED', 'ECONNREFUSED', 'ECONNREFUSED'],
      events: ['address-missing', 'address-came'],
    });
  });

  test('listening at several addresses refuses an address that was asked for by itself and is not there', async () => {
    const server = createServer();
    // For documents only: no machine has it (RFC 5737).
    const addresses = ['192.0.2.55'];
    const where = { addresses, isFixed: true, port: 0, whom: 'engines', log: captureLog().log };
    await assert.rejects(listenOnTcp(server, where), {
      code: 'bad-argument',
      message: 'listening for engines at 192.0.2.55, port 0',
    });
  });

  test('listening at several addresses refuses a port that somebody has at one of them, and lets go of the others', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.3', resolve));
    const address = other.address();
    assert.ok(address !== null && typeof address === 'object');
    const server = createServer();
    const where = {
      addresses: ['127.0.0.1', '127.0.0.2', '127.0.0.3'],
      isFixed: false,
      port: address.port,
      whom: 'engines',
      log: captureLog().log,
    };
    await assert.rejects(listenOnTcp(server, where), /listening for engines at 127\.0\.0\.3/);
    server.close();
    const again = createServer();
    await new Promise<void>((resolve) => again.listen(address.port, '127.0.0.2', resolve));
    for (const each of [other, again]) each.close();
  });
});
