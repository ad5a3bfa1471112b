import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { run } from '../../lib/exec/run.ts';

const DATA = join(import.meta.dirname, '../../netboot-rootfs/data');
const SCRIPT = join(DATA, 'initrd/openclone');

/** What busybox's shell prints for `commands` after it has read the boot script. */
async function inScript(commands: string): Promise<string> {
  const { stdout } = await run('busybox', ['sh', '-c', `. "${SCRIPT}"\n${commands}`]);
  return stdout.trim();
}

for (const file of [
  'initrd/openclone',
  'initrd/lease',
  'system/init',
  'system/lease',
  'system/watchdog',
  'base/customize.sh',
  'base/initramfs/hook',
]) {
  test(`The shells that run ${file} can read it.`, async () => {
    const path = join(DATA, file);
    await run('busybox', ['sh', '-n', path]);
    await run('sh', ['-n', path]);
  });
}

describe('The boot script', () => {
  for (const [mask, prefix] of [
    ['255.255.255.0', '24'],
    ['255.255.252.0', '22'],
    ['255.128.0.0', '9'],
    ['255.255.255.252', '30'],
    ['0.0.0.0', '0'],
  ] as const) {
    test(`reads the netmask ${mask}`, async () => {
      assert.equal(await inScript(`prefix_of ${mask}`), prefix);
    });
  }

  for (const [lease, meaning] of [
    ['10.77.0.20:10.77.0.1:10.77.0.254:255.255.255.0', '10.77.0.20|10.77.0.254|255.255.255.0'],
    ['10.77.0.20:10.77.0.1:0.0.0.0:255.255.255.0', '10.77.0.20||255.255.255.0'],
    ['10.77.0.20:10.77.0.1::255.255.255.0::eth0:off', '10.77.0.20||255.255.255.0'],
    ['10.77.0.20:10.77.0.1:10.77.0.254', '|10.77.0.254|'],
    [':::', '||'],
  ] as const) {
    test(`reads the loader's lease ${lease}`, async () => {
      const printed = await inScript(`read_lease ${lease}; echo "$client|$router|$netmask"`);
      assert.equal(printed, meaning);
    });
  }
});
