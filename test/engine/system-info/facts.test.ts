import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { partitionAddress } from '../../../engine/system-info/block-device.ts';
import { readSystemIdentity } from '../../../engine/system-info/dmi.ts';
import { parseMeminfo } from '../../../engine/system-info/memory.ts';
import { parseOsRelease } from '../../../engine/filesystems/os-release.ts';
import { parseCpuinfo } from '../../../engine/system-info/processors.ts';
import { recorded } from '../tools/recorded.ts';

async function dmiDirectory(t: TestContext, facts: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'openclone-test-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(facts)) await writeFile(join(directory, name), text);
  return directory;
}

test('The machine is called what its firmware says.', async (t) => {
  const directory = await dmiDirectory(t, {
    sys_vendor: 'Dell Inc.\n',
    product_name: 'OptiPlex 7050\n',
    product_serial: '6XKQ3M2\n',
  });
  assert.deepEqual(await readSystemIdentity(directory), {
    vendor: 'Dell Inc.',
    model: 'OptiPlex 7050',
    serial: '6XKQ3M2',
  });
});

test('Fields that the maker never filled in are passed over for the next best ones.', async (t) => {
  const directory = await dmiDirectory(t, {
    sys_vendor: 'To Be Filled By O.E.M.\n',
    board_vendor: 'ASRock\n',
    product_name: 'System Product Name\n',
    board_name: 'B450M Pro4\n',
    product_serial: 'Default string\n',
    board_serial: '00000000\n',
  });
  assert.deepEqual(await readSystemIdentity(directory), {
    vendor: 'ASRock',
    model: 'B450M Pro4',
    serial: null,
  });
});

test('A machine without SMBIOS has no name and no serial number.', async () => {
  assert.deepEqual(await readSystemIdentity('/nonexistent'), {
    vendor: '',
    model: '',
    serial: null,
  });
});

test('/proc/cpuinfo gives a processor per socket, with its threads counted.', () => {
  assert.deepEqual(parseCpuinfo(recorded('proc-cpuinfo-linux-6.18.txt')), [
    {
      vendor: 'AuthenticAMD',
      model: 'AMD EPYC',
      mhz: 2445,
      cores: 2,
      threads: 2,
      cacheBytes: null,
    },
  ]);
  assert.deepEqual(parseCpuinfo(''), []);
});

test('/proc/meminfo counts in units of 1024 bytes.', () => {
  assert.equal(parseMeminfo('MemTotal:       24682416 kB\nMemFree:  1 kB\n'), 25274793984);
  assert.equal(parseMeminfo(''), 0);
});

test('An os-release file gives its pretty name, unquoted, else its name.', () => {
  assert.equal(
    parseOsRelease('NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'),
    'Debian GNU/Linux 12 (bookworm)',
  );
  assert.equal(parseOsRelease('NAME=\'Büro \\"Linux\\"\''), 'Büro "Linux"');
  assert.equal(parseOsRelease('NAME=Alpine\nPRETTY_NAME=""\n'), 'Alpine');
  assert.equal(parseOsRelease('VERSION=1\n'), null);
});

test('A partition is called after its disk, with a "p" when that ends in a digit.', () => {
  assert.equal(partitionAddress('/dev/sda', 1), '/dev/sda1');
  assert.equal(partitionAddress('/dev/nvme0n1', 12), '/dev/nvme0n1p12');
});
