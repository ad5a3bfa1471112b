/** Four UEFI hosts that are switched on at the same time. */

import { FULL_NFS, untilIdle, type Scenario } from '../scenario.ts';

export const fourUefi: Scenario = {
  name: 'four-uefi',
  title: 'four UEFI hosts that are switched on at once all reach the engine',
  inCi: false,
  room: FULL_NFS,
  run: async (room) => {
    const hosts = await Promise.all(
      Array.from({ length: 4 }, () => room.addHost({ firmware: 'uefi', memoryMebibytes: 640 })),
    );
    for (const host of hosts) host.powerOn();
    await Promise.all(hosts.map((host) => untilIdle(room, host)));
  },
};
