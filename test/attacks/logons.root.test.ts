/** Who knows the id of an approved host, and logs on as that host as often as they can: the host itself is not held up. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ENGINE_PROTOCOL_VERSION } from '../../lib/protocol/version.ts';
import { underAttack } from './attacked-server.ts';
import { logOn, macOf, systemInfoOf } from './stated-host.ts';

const ADDRESSES = 8;
const TIMES = 50;

test('a stranger at other addresses who knows the id of a host uses up none of the logons of the host', async () => {
  await underAttack(async (server) => {
    const { call } = await server.operator();
    await call('settings.set', { automaticRegistration: true });
    const host = await server.engine({ localAddress: '127.0.0.2' });
    const hostId = await logOn(host, 1);
    const logon = {
      protocolVersion: ENGINE_PROTOCOL_VERSION,
      hostId,
      macAddresses: [macOf(1)],
      activeRunId: null,
      systemInfo: systemInfoOf(1),
    };
    const why: unknown[] = [];
    for (let index = 0; index < ADDRESSES; index += 1) {
      const stranger = await server.engine({ localAddress: `127.0.6.${index + 1}` });
      const said = { ...logon, instanceId: 'engine-0000000666' };
      const tries = Array.from({ length: TIMES }, () => stranger.call('logon', said));
      for (const each of await Promise.allSettled(tries)) {
        assert.equal(each.status, 'rejected');
        why.push(each.reason);
      }
    }
    assert.ok(why.some((each) => /too many logons/.test(String(each))));
    // Its work has changed what it has: it says so on the connection that it has.
    const again = await host.call('logon', { ...logon, instanceId: 'engine-0000000001' });
    assert.match(JSON.stringify(again), /"continueRun":true/);
  });
});
