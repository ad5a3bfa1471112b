/** Secure Boot refuses a kernel of which one byte was changed. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FULL_NFS, untilSaid, type Scenario } from '../scenario.ts';

export const tamperedKernel: Scenario = {
  name: 'tampered-kernel',
  title: 'a host that enforces Secure Boot refuses a kernel that was changed',
  inCi: false,
  room: FULL_NFS,
  run: async (room) => {
    const kernel = join(room.site.tftpDirectory, 'boot', room.buildId, 'vmlinuz');
    const whole = readFileSync(kernel);
    const changed = Buffer.from(whole);
    const middle = Math.floor(changed.length / 2);
    changed.writeUInt8(changed.readUInt8(middle) ^ 1, middle);
    writeFileSync(kernel, changed);
    try {
      const host = await room.addHost({ firmware: 'secure-boot' });
      host.powerOn();
      await untilSaid(room, host, 'bad shim signature', /Linux version/);
      await host.powerOff();
    } finally {
      writeFileSync(kernel, whole);
    }
  },
};
