/** What is expected of a host that is woken is what the boot files make it do, whatever its state. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunState } from '../../../lib/model/task.ts';
import { bootChoices } from '../../../lib/rules/boot-choice.ts';
import { expectedBootOf } from '../../../server/wake/expected-boot.ts';
import { withRoom } from '../sample-room.ts';

const MARK = {
  runId: 'run-0000000001',
  disk: '/dev/sda',
  since: '2026-11-21T10:00:00.000Z',
} as const;

test('over all states of hosts, work and server', async () => {
  await withRoom({}, async (room) => {
    await room.addImage();
    const task = await room.deploy([1], { afterwards: 'reboot' });
    const engines = new Set<string>();
    for (const approval of ['approved', 'pending'] as const)
      for (const isHalfWritten of [true, false])
        for (const debugShell of [true, false])
          for (const state of RunState.options)
            for (const operationIndex of [0, 1])
              for (const endedAgoMs of [60_000, 7_200_000, -86_400_000])
                for (const isOverdue of [true, false])
                  for (const automaticRegistration of [true, false]) {
                    await room.store.change((data) => {
                      const [host] = data.hosts;
                      const made = data.tasks.find(({ id }) => id === task.id);
                      const run = made?.runs[0];
                      assert.ok(host !== undefined && made !== undefined && run !== undefined);
                      const at = new Date(Date.now() - endedAgoMs).toISOString();
                      data.settings.automaticRegistration = automaticRegistration;
                      host.approval = approval;
                      host.debugShell = debugShell;
                      host.halfWritten = isHalfWritten ? { ...MARK, runId: run.id } : null;
                      run.state = state;
                      run.operationIndex = operationIndex;
                      run.startedAt = state === 'waiting' ? null : at;
                      run.endedAt = state === 'waiting' || state === 'running' ? null : at;
                      made.waits = {
                        since: '2026-11-21T10:00:00.000Z',
                        until: new Date(Date.now() + (isOverdue ? -1 : 1) * 60_000).toISOString(),
                      };
                    });
                    for (const hasBuild of [true, false]) {
                      const data = room.store.read();
                      const [host] = data.hosts;
                      assert.ok(host !== undefined);
                      const now = Date.now();
                      const { byMac } = bootChoices(data, { hasBuild, isServing: true, now });
                      const choice = byMac.get(host.mac) ?? 'disk';
                      const expected = choice === 'disk' ? 'disk' : 'engine';
                      const found = expectedBootOf({ ...room.context, hasBuild }, host.id);
                      const about = { approval, isHalfWritten, state, operationIndex, hasBuild };
                      assert.equal(found, expected, JSON.stringify(about));
                      engines.add(found);
                    }
                  }
    assert.deepEqual([...engines].toSorted(), ['disk', 'engine']);
  });
});
