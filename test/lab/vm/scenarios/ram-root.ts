/** The root file system in memory: the host outlives a restart of the server. */

import { FULL_NFS, untilIdle, untilSaid, type Scenario } from '../scenario.ts';

export const ramRoot: Scenario = {
  name: 'ram-root',
  title: 'a host with its root in 1.5 GB of memory registers and is back after the server restarts',
  inCi: false,
  room: { ...FULL_NFS, rootTransport: 'ram' },
  run: async (room) => {
    const host = await room.addHost({ memoryMebibytes: 1536 });
    host.powerOn();
    await untilIdle(room, host);
    await room.server.kill();
    await untilSaid(room, host, 'openclone: state=connecting');
    await room.server.start();
    await untilIdle(room, host);
    await host.powerOff();
  },
};
