/** The image directory is full: the capture says so, and the host goes on. */

import assert from 'node:assert/strict';
import { ERROR_TREATMENT } from '../../../../lib/model/error-treatment.ts';
import { makeGoldenDisk } from '../disks.ts';
import type { VmRoom } from '../room.ts';
import { FULL_NFS, untilIdle, untilSaid, type Scenario } from '../scenario.ts';
import { RESTARTS, said } from './server-away.ts';

export const fullImages: Scenario = {
  name: 'full-images',
  title:
    'a capture for which the image directory has no room fails with a clear message, and the host is ready for the next one',
  inCi: false,
  room: FULL_NFS,
  run: async (room) => {
    const { imageDirectory } = room.site;
    await room.server.stop();
    await room.run('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', imageDirectory]);
    try {
      await room.server.start();
      await captures(room);
    } finally {
      await room.run('umount', ['--lazy', imageDirectory]);
    }
  },
};

async function captures(room: VmRoom): Promise<void> {
  const disk = await makeGoldenDisk(room.run, room.directory);
  const host = await room.addHost({ disk: disk.file });
  host.powerOn();
  await untilIdle(room, host);
  const capture = ['capture', host.mac, '--disk', 'only', '--name', 'too-big', '--then', 'reboot'];
  await assert.rejects(
    room.server.cli(capture),
    new RegExp(`exit status ${ERROR_TREATMENT['image-store-full'].exitStatus}\\)`),
  );
  await said(
    room,
    host,
    /openclone: state=failed [^\r\n]*error="storing the stream \S+ of \S+ in \S+\/images, which has \d+ of \d+ bytes free/,
    RESTARTS,
  );
  await room.run('mount', ['-o', 'remount,size=2g', room.site.imageDirectory]);
  await room.server.cli(capture);
  await untilSaid(room, host, disk.marker);
}
