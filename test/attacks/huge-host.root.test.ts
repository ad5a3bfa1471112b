/** Hosts that say as much of themselves as they can: the store stays small, and operators see their lists. */

import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { AttackedServer, underAttack } from './attacked-server.ts';
import { diskOf, logOn, registerParams } from './stated-host.ts';

const TEXT = 'ä'.repeat(256);
const HOSTS = 8;

/** A disk of which there are `partitions`, with as much text as they may have. */
function largeDisk(partitions: number, texts: number): unknown {
  return diskOf(1, {
    partitions: Array.from({ length: partitions }, (_, index) => ({
      number: index + 1,
      startSector: 0,
      sizeBytes: 0,
      typeCode: 'x',
      name: null,
      filesystem: null,
      mountpoints: Array.from({ length: texts }, () => TEXT),
    })),
  });
}

test('hosts with long descriptions leave a store that is small, and lists that can be read', async () => {
  await underAttack(async (server) => {
    for (let index = 1; index <= HOSTS; index += 1) {
      const localAddress = `127.0.4.${index}`;
      const huge = await server.engine({ localAddress });
      // As it was with version 0.2.0: 24 MiB.
      await assert.rejects(
        huge.call('register', registerParams(index, { disks: [largeDisk(1, 24 * 2048)] })),
        /closed/,
      );
      const large = await server.engine({ localAddress });
      await logOn(large, index, { disks: [largeDisk(10, 11)] });
    }
    const { call, close } = await server.operator();
    const hosts = await call('host.list', { group: null });
    assert.equal(hosts.length, HOSTS);
    for (const host of hosts) {
      assert.ok(Buffer.byteLength(JSON.stringify(host)) < 32 * 1024);
      assert.ok((host.systemInfo?.leftOut ?? 0) >= 0);
    }
    await call('status.get', {});
    close();
    const { size } = await stat(join(server.directory, 'data/store.json'));
    assert.ok(size < HOSTS * 32 * 1024, `${size} bytes`);
    await server.stop();
    const again = await AttackedServer.start(server.directory);
    assert.ok(again.isRunning, again.stderr);
    await again.stop();
  });
});

test('one address fills no list of pending hosts, and with automatic registration no store', async () => {
  await underAttack(async (server) => {
    const stranger = await server.engine({ localAddress: '127.0.0.2' });
    let taken = 0;
    for (let index = 1; index <= 20; index += 1) {
      taken += await stranger.call('register', registerParams(index)).then(
        () => 1,
        () => 0,
      );
    }
    assert.equal(taken, 8);
    assert.ok((await server.serviceMs(30)) > 0);
    const { call, close } = await server.operator();
    await call('settings.set', { automaticRegistration: true });
    for (let index = 100; index < 300; index += 1) {
      taken += await stranger.call('register', registerParams(index)).then(
        () => 1,
        () => 0,
      );
    }
    assert.ok(taken <= 8 + 64, `${taken}`);
    assert.ok((await server.serviceMs(31)) > 0);
    close();
  });
});
