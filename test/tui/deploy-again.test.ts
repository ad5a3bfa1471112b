/** Deploying again from a task: to whom, and when it cannot be. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Task } from '../../lib/model/task.ts';
import { newModel, type Model } from '../../tui/model.ts';
import type { Command } from '../../tui/screen.ts';
import { deployAgainCommand } from '../../tui/screens/deploy/again.ts';
import { titleOf } from '../../tui/screens/table.ts';
import { doneRun, sampleRun, sampleTask } from '../support/tasks.ts';
import { waitUntil, walk } from './driver.ts';
import { called, inRoom } from './in-room.ts';
import { sampleRoom } from './sample-room.ts';
import { watchedRoom, withDisks } from './watched-room.ts';
import { reasonIn } from '../../tui/text/reasons.ts';

const GB = 1_000_000_000;

describe('deploying again', () => {
  test('deploying again goes to the disk, with the image of the task and the hosts that failed', async () => {
    const { handlers } = watchedRoom();
    await inRoom(
      async (driver, server) => {
        await walk(driver, [
          ['t', '1 under way'],
          ['enter', 'pc-04'],
          ['d', 'Deploy win11 to 1 host, step 3 of 5'],
          ['escape', 'made 2026'],
          ['enter', 'pc-01: deploy win11'],
          ['d', 'Deploy win11 to 1 host, step 3 of 5'],
          ['enter', 'step 4 of 5'],
          ['enter', 'step 5 of 5'],
        ]);
        driver.press('y');
        await waitUntil('deployed', () => called(server, 'task.create') !== undefined);
        assert.partialDeepStrictEqual(called(server, 'task.create'), {
          operations: [{ type: 'deploy', image: 'image-0000000001' }, { type: 'shutdown' }],
          targets: ['host-0000000004'],
        });
      },
      { handlers },
    );
  });

  test('deploying again checks the disks of these hosts as always', async () => {
    const { handlers } = watchedRoom((host) =>
      host.name === 'pc-04' ? withDisks(host, { sizeBytes: 120 * GB }) : host,
    );
    await inRoom(
      async (driver) => {
        await walk(driver, [
          ['t', '1 under way'],
          ['enter', 'made 2026'],
          ['d', 'step 3 of 5'],
          ['enter', 'next: too small'],
        ]);
      },
      { handlers },
    );
  });

  test('deploying again is for failed, cancelled and cut off hosts that are still there, or says why not', () => {
    const room = sampleRoom();
    const model: Model = {
      ...newModel({
        area: { left: 0, top: 0, width: 80, height: 24 },
        unicode: true,
        language: 'en',
        now: 0,
        operator: 'anna',
      }),
      hosts: room.hosts,
      images: room.images,
    };
    const again = (task: Task | null, change: Partial<Model> = {}): Command =>
      deployAgainCommand(task, { ...model, ...change });
    const states = ['failed', 'aborted', 'interrupted', 'completed', 'running', 'waiting'] as const;
    const failed = sampleTask(states.map((state, index) => sampleRun(index + 1, { state })));
    const titleWith = (change: Partial<Model>): string => {
      const [action] = again(failed, change).run().actions;
      return action?.type === 'push' ? titleOf(action.screen, model) : '';
    };
    assert.equal(again(failed).disabledReason, null);
    assert.match(titleWith({}), /win11 to 3 hosts, step 3/);
    assert.match(titleWith({ hosts: room.hosts.slice(1) }), /win11 to 2 hosts, step 3/);

    const reasonOf = (...given: Parameters<typeof again>): string =>
      reasonIn('en', again(...given).disabledReason ?? '');
    const shutdown: Task = { ...failed, operations: [{ type: 'shutdown', mode: 'reboot' }] };
    assert.match(reasonOf(shutdown), /deployed nothing/);
    assert.match(reasonOf(sampleTask([sampleRun(1), doneRun(2)])), /no host .* failed/);
    assert.match(reasonOf(failed, { images: [] }), /the image has been deleted/);
    assert.match(reasonOf(failed, { hosts: [] }), /hosts that failed have been deleted/);
    const bare = room.images.map((image) => ({ ...image, versions: [] }));
    assert.match(reasonOf(failed, { images: bare }), /no complete version/);
    const pending = room.hosts.map((host) => ({ ...host, approval: 'pending' as const }));
    assert.match(reasonOf(failed, { hosts: pending }), /pc-01: it waits for approval/);
    assert.match(reasonOf(null), /not listed/);
  });
});
