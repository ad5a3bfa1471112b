/** The wizards at the real server, with engines that really connect to it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitUntil } from './driver.ts';
import { atServer } from './real-server.ts';

test('an image is captured and deployed to a group by keys alone, and the server has the work', async () => {
  await atServer({ columns: 100, rows: 30 }, async (driver, server) => {
    const { call } = await server.operator();
    const golden = await server.readyEngine(1);
    const others = [await server.readyEngine(2), await server.readyEngine(3)];
    const hosts = others.map(({ hostId }) => hostId);
    await call('group.create', { name: 'Raum 1', hosts });
    await driver.waitFor(/3 ready/);

    driver.press('c');
    await driver.waitFor(/0001 +○ ready +512 GB +Windows 10 Pro/);
    driver.press('enter');
    // The map needs the partitions, which lists do not have.
    await driver.waitFor(/4 +ntfs +Windows +105 MB/);
    driver.press('enter');
    await driver.waitFor('step 3 of 3');
    driver.press('\u0015', 'win11', 'enter');
    await driver.waitFor('Started: capture');
    const capture = await golden.nextWork();
    assert.ok(capture.type === 'capture');
    assert.deepEqual(capture.disk, { type: 'address', value: '/dev/nvme0n1' });
    await golden.capture(capture.runId, capture.token);

    // The program's own clock reads the lists again when something of them changed.
    const { app } = driver;
    await waitUntil('there is a new image', () => app.state.model.lists.isStale);
    app.put({ type: 'tick', now: app.state.model.lists.askedAt + 10_000 });
    driver.press('escape', 'd');
    await driver.waitFor(/win11 .*0001/);
    driver.press('enter');
    await driver.waitFor('Enter next with 2 hosts');
    driver.press('enter');
    await driver.waitFor(/the only fixed disk +2\/2/);
    driver.press('enter');
    await driver.waitFor('all 2 hosts write at the same time');
    driver.press('enter');
    await driver.waitFor('Everything on these 2 disks will be lost');
    driver.press('y');
    await driver.waitFor('Transmission: deploy win11 to Raum 1');
    const [task] = await call('task.list', { limit: 1 });
    assert.deepEqual(
      task?.runs.map(({ hostId, state }) => [hostId, state]),
      [
        [hosts[0], 'waiting'],
        [hosts[1], 'waiting'],
      ],
    );
    for (const engine of others) await engine.heard('work');
  });
});

test('a rule whose names somebody else has taken meanwhile changes nothing', async () => {
  await atServer({}, async (driver, server) => {
    const { call } = await server.operator();
    for (const number of [1, 2, 3]) {
      await call('host.add', { mac: `52:54:00:00:00:0${number}`, name: `pc-${number}` });
    }
    await driver.waitFor(/3 +0 working/);
    driver.press('h');
    await driver.waitFor('3 of 3 hosts');
    driver.press('space', 'space', 'u');
    await driver.waitFor(/pc-2 → WS-020/);
    await call('host.edit', { host: 'pc-3', name: 'ws-020' });
    // The preview follows what the server says, and refuses.
    await driver.waitFor(/✗ pc-2 → WS-020 {2}ws-020 has it/);
    driver.press('enter');
    await driver.waitFor('rename: 1 change cannot be made');
    const names = (await call('host.list', { group: null })).map(({ name }) => name);
    assert.deepEqual(names, ['pc-1', 'pc-2', 'ws-020']);
  });
});
