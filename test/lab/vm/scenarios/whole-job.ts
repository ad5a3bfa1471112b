/** The whole job by BIOS: capture, deploy to two others by multicast, and all three boot what is on their disks. */

import assert from 'node:assert/strict';
import { makeBlankDisk, makeGoldenDisk } from '../disks.ts';
import type { VmRoom } from '../room.ts';
import { FULL_NFS, BOOT_TIMEOUT_MS, untilIdle, untilSaid, type Scenario } from '../scenario.ts';

/** The least that docs/operate.md asks of hosts. */
const MEMORY_MEBIBYTES = { nfs: 512, ram: 1024 } as const;

export const wholeJob: Scenario = {
  name: 'whole-job',
  title:
    'hosts with a BIOS and 512 MB are captured and deployed by multicast, then boot their own disks through PXE',
  inCi: true,
  room: FULL_NFS,
  run: (room) => doWholeJob(room, MEMORY_MEBIBYTES.nfs),
};

export const wholeJobRam: Scenario = {
  name: 'whole-job-ram',
  title: 'the same with the root file system in 1 GB of memory',
  inCi: false,
  room: { ...FULL_NFS, rootTransport: 'ram' },
  run: (room) => doWholeJob(room, MEMORY_MEBIBYTES.ram),
};

async function doWholeJob(room: VmRoom, memoryMebibytes: number): Promise<void> {
  const golden = await makeGoldenDisk(room.run, room.directory);
  const source = await room.addHost({ disk: golden.file, memoryMebibytes });
  source.powerOn();
  await untilIdle(room, source);
  await room.server.cli([
    'capture',
    source.mac,
    '--disk',
    'only',
    '--name',
    'golden',
    '--then',
    'reboot',
  ]);
  await untilSaid(room, source, golden.marker);
  const targets = await Promise.all(
    ['one', 'two'].map((name) =>
      room.addHost({ disk: makeBlankDisk(room.directory, name), memoryMebibytes }),
    ),
  );
  for (const target of targets) target.powerOn();
  await Promise.all(targets.map((target) => untilIdle(room, target)));
  await room.server.cli([
    'deploy',
    'golden',
    '--to',
    ...targets.map(({ mac }) => mac),
    '--transport',
    'multicast',
    '--wait',
    String(BOOT_TIMEOUT_MS / 1000),
    '--then',
    'reboot',
    '--yes',
  ]);
  await Promise.all(targets.map((target) => untilSaid(room, target, golden.marker)));
  assert.equal((await room.server.hosts()).length, 3);
}
