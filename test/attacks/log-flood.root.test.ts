/** Refused requests and calls by the thousand: each kind leaves a line, and none of them a flood. */

import assert from 'node:assert/strict';
import { request as httpsRequest, Agent } from 'node:https';
import { test } from 'node:test';
import { underAttack } from './attacked-server.ts';
import { registerParams } from './stated-host.ts';

const REQUESTS = 3000;

test('refused requests leave some lines, not one each, and cut ones', async () => {
  await underAttack(async (server) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 20, rejectUnauthorized: false });
    const path = `/runs/${'x'.repeat(12_000)}`;
    const ask = (): Promise<number> =>
      new Promise((resolve, reject) => {
        const request = httpsRequest(
          { host: '127.0.0.1', port: server.port, path, agent },
          (answer) => {
            answer.resume();
            answer.once('end', () => resolve(answer.statusCode ?? 0));
          },
        );
        request.once('error', reject);
        request.end();
      });
    const begin = performance.now();
    for (let done = 0; done < REQUESTS; done += 100) {
      const statuses = await Promise.all(Array.from({ length: 100 }, ask));
      assert.deepEqual(new Set(statuses), new Set([404]));
    }
    const seconds = (performance.now() - begin) / 1000;
    agent.destroy();
    const lines = server.logged('data-refused');
    assert.ok(lines.length >= 1 && lines.length <= 2 * (seconds + 2), `${lines.length} lines`);
    assert.ok(server.logText.length < 100_000, `${server.logText.length} characters of log`);
    const [first] = lines;
    assert.match(String(first?.url), /^\/runs\/x+…$/);
    assert.equal(first?.address, '127.0.0.1');
  });
});

test('refused calls leave a line that says which and why', async () => {
  await underAttack(async (server) => {
    const { call, close } = await server.operator();
    await call('settings.set', { automaticRegistration: true });
    const host = await server.engine();
    await host.call('register', registerParams(1));
    const stranger = await server.engine({ localAddress: '127.0.0.2' });
    const other = stranger.call('register', registerParams(1, { systemSerial: 'ROGUE' }));
    await assert.rejects(other, /^Error: not-allowed: taking a machine with serial number/);
    const [line] = await server.hasLogged('call-refused');
    assert.deepEqual(
      [line?.address, line?.call, line?.code],
      ['127.0.0.2', 'register', 'not-allowed'],
    );
    for (let round = 0; round < 500; round += 1) {
      await assert.rejects(stranger.call('nextOperation', {}));
    }
    assert.ok(server.logged('call-refused').length < 50);
    close();
  });
});
