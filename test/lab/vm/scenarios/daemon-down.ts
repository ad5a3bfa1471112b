/** A server whose daemon has stopped: static files lead every host to its own disk. */

import { makeGoldenDisk } from '../disks.ts';
import { FULL_NFS, untilIdle, untilSaid, type Scenario } from '../scenario.ts';

export const daemonDown: Scenario = {
  name: 'daemon-down',
  title:
    'when the daemon has stopped, an unknown host boots its own disk, and the engine afterwards',
  inCi: false,
  room: FULL_NFS,
  run: async (room) => {
    const disk = await makeGoldenDisk(room.run, room.directory);
    const host = await room.addHost({ disk: disk.file });
    await room.server.stop();
    host.powerOn();
    await untilSaid(room, host, disk.marker, /openclone: state=/);
    await host.powerOff();
    await room.server.start();
    host.powerOn();
    await untilIdle(room, host);
    await host.powerOff();
  },
};
