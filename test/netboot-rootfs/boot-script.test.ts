import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
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
  'base/thin-modules.sh',
  'base/check-tools.sh',
  'base/left-out-cards.sh',
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
    test(`The boot script reads the netmask ${mask}`, async () => {
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
    test(`The boot script reads the loader's lease ${lease}`, async () => {
      const printed = await inScript(`read_lease ${lease}; echo "$client|$router|$netmask"`);
      assert.equal(printed, meaning);
    });
  }
});

test('A network card whose driver is left out is named with its driver; one with a driver is not.', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'openclone-pci-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const device = (slot: string, ids: readonly [string, string], kind: string): string => {
    const path = join(directory, 'pci', slot);
    mkdirSync(path, { recursive: true });
    const [vendor, model] = ids;
    const long = (text: string): string => text.toUpperCase().padStart(8, '0');
    const modalias = `pci:v${long(vendor)}d${long(model)}sv00001028sd00000001bc02sc00i00`;
    const facts = { vendor: `0x${vendor}`, device: `0x${model}`, class: kind, modalias };
    for (const [name, text] of Object.entries(facts)) writeFileSync(join(path, name), `${text}\n`);
    return path;
  };
  device('0000:01:00.0', ['15b3', '1017'], '0x020000');
  device('0000:02:00.0', ['10ec', '9999'], '0x020000');
  device('0000:03:00.0', ['15b3', '1017'], '0x010802');
  mkdirSync(join(device('0000:04:00.0', ['15b3', '1017'], '0x020700'), 'driver'));
  const list = join(directory, 'left-out');
  writeFileSync(
    list,
    'pci:v000015B3d00001013sv*sd*bc*sc*i* mlx4\npci:v000015B3d00001017sv*sd*bc*sc*i* mlx5_core\n',
  );
  const names = `PCI=${directory}/pci LEFT_OUT=${list}\n`;
  const printed = await inScript(`${names}cards_without_driver`);
  assert.equal(printed, '15b3:1017 mlx5_core\n10ec:9999');
  // A build that leaves none out may have no such list.
  const without = await inScript(`PCI=${directory}/pci LEFT_OUT=/nowhere\ncards_without_driver`);
  assert.equal(without, '15b3:1017\n10ec:9999');
});

// Packets that are dropped: npm run lab:vm -- nfs-blocked
test('A port of the server is tried before a mount or a download waits for it, and named when it does not answer.', async () => {
  const server = createServer((socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const { port } = address;
  const tried = `server=127.0.0.1; reaches ${port} && echo yes`;
  assert.equal(await inScript(tried), 'yes');
  server.close();
  await once(server, 'close');
  assert.equal(
    await inScript(`${tried} || true`),
    `OpenClone: TCP port ${port} of 127.0.0.1 does not answer`,
  );
});
