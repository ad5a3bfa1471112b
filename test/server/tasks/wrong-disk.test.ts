/** A disk that a host is known not to have is refused when the task is made. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DiskSelector } from '../../../lib/model/disk-selector.ts';
import { withRoom, type Room } from '../sample-room.ts';
import {
  captureTask,
  deployTask,
  partitionTask,
  shutdownTask,
} from '../../support/task-requests.ts';

const WRONG: readonly DiskSelector[] = [
  { type: 'address', value: '/dev/sda' },
  { type: 'serial', value: 'S4EV9' },
  { type: 'wwn', value: '0x5000' },
];

/** Every call that makes a task about a disk. */
function calls(room: Room, disk: DiskSelector): Record<string, () => Promise<unknown>> {
  const both = [room.host(1), room.host(2)];
  const about = { image: 'win11', targets: both, disk, afterwards: null };
  const transport = 'auto' as const;
  return {
    capture: () =>
      room.tasks['task.create'](
        captureTask({
          host: room.host(1),
          disk,
          imageName: 'x',
          compression: 'zstd',
          afterwards: null,
        }),
      ),
    deploy: () => room.tasks['task.create'](deployTask({ ...about, transport, gatherMs: 0 })),
    partition: () => room.tasks['task.create'](partitionTask(about)),
    create: () =>
      room.tasks['task.create']({
        targets: both,
        disk,
        operations: [{ type: 'deploy', image: 'win11', transport, gatherMs: 0 }],
      }),
  };
}

describe('a disk that is not there', () => {
  for (const disk of WRONG) {
    test(`a disk that is not there is refused by ${disk.type}, with what is there, for every kind of work`, async () => {
      await withRoom({ hosts: 2 }, async (room) => {
        await room.addImage();
        for (const [kind, call] of Object.entries(calls(room, disk))) {
          await assert.rejects(
            call,
            {
              code: 'disk-not-found',
              message: /choosing the disk .*: no such disk in pc-1/,
              hint: /pc-1 has \/dev\/nvme0n1 \(.*serial S4EV1.*wwn eui\.0025385b01b1e2f3/,
            },
            kind,
          );
        }
        assert.deepEqual(room.store.read().tasks, []);
      });
    });
  }

  test('a disk that is not there names the hosts that lack it, and counts them when they are many', async () => {
    await withRoom({ hosts: 9 }, async (room) => {
      await room.addImage();
      const disk = { type: 'serial', value: 'S4EV2' } as const;
      const targets = Array.from({ length: 9 }, (_, index) => index + 1);
      await assert.rejects(room.deploy(targets, { disk }), {
        message: /no such disk in pc-1, pc-3, pc-4, pc-5, pc-6 and 3 more$/,
      });
      await room.deploy([2], { disk });
    });
  });

  test('a disk that is not there is left to the engine where nobody knows the disks, and a shutdown is about none', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      await room.addImage();
      await room.store.change(({ hosts }) => {
        for (const host of hosts) host.systemInfo = null;
      });
      for (const disk of WRONG) await room.deploy([1, 2], { disk });
      await room.tasks['task.create'](shutdownTask({ targets: [room.host(1)], mode: 'reboot' }));
    });
  });
});

test('the only fixed disk of a host with two is refused', async () => {
  await withRoom({}, async (room) => {
    await room.addImage();
    await room.store.change(({ hosts }) => {
      const disks = hosts[0]?.systemInfo?.disks ?? assert.fail();
      const [first] = disks;
      assert.ok(first !== undefined);
      disks.push({ ...first, address: '/dev/sdb', serial: 'OTHER' });
    });
    await assert.rejects(room.deploy([1]), {
      code: 'disk-ambiguous',
      message: /more than one disk matches in pc-1$/,
    });
  });
});
