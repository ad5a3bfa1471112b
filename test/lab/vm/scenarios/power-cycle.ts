/** A host that loses its power while it has work comes back to it, whatever its own disk has. */

import assert from 'node:assert/strict';
import { z } from 'zod';
import { makeGoldenDisk } from '../disks.ts';
import { FULL_NFS, untilIdle, untilSaid, type Scenario } from '../scenario.ts';

const Images = z.array(z.object({ name: z.string(), versions: z.array(z.unknown()) }));
const Tasks = z.array(z.object({ runs: z.array(z.object({ state: z.string() })) }));

export const powerCycle: Scenario = {
  name: 'power-cycle',
  title: 'a host that is given work while it is off, and loses power in it, comes back to the work',
  inCi: false,
  room: FULL_NFS,
  run: async (room) => {
    const disk = await makeGoldenDisk(room.run, room.directory);
    const host = await room.addHost({ disk: disk.file });
    host.powerOn();
    await untilIdle(room, host);
    await host.powerOff();
    await room.server.cli([
      'capture',
      host.mac,
      '--disk',
      'only',
      '--name',
      'cycled',
      '--then',
      'reboot',
      '--detach',
    ]);
    host.powerOn();
    await untilSaid(room, host, 'openclone: state=working', /OPENCLONE-LAB-BOOTED/);
    await host.powerOff();
    host.powerOn();
    await untilSaid(room, host, 'openclone: state=working', /OPENCLONE-LAB-BOOTED/);
    await untilSaid(room, host, disk.marker);
    await host.powerOff();
    const images = Images.parse(await room.server.cli(['image', 'list']));
    assert.equal(images.find(({ name }) => name === 'cycled')?.versions.length, 1);
    const [task] = Tasks.parse(await room.server.cli(['task', 'list', '--limit', '1']));
    assert.deepEqual(
      task?.runs.map(({ state }) => state),
      ['completed'],
    );
  },
};
