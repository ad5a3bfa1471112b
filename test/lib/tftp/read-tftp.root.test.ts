import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from '../../../lib/exec/run.ts';
import { withDhcpRoom } from '../dhcp/dhcp-room.ts';

const READ_PROGRAM = fileURLToPath(new URL('./read-program.ts', import.meta.url));

test('files of a real TFTP server are read, from another machine and from its own', async () => {
  await withDhcpRoom(async (room) => {
    const server = await room.addMachine('srv', 1);
    const client = await room.addMachine('cli', 50);
    const root = join(room.directory, 'tftp');
    mkdirSync(join(root, 'boot'), { recursive: true });
    writeFileSync(join(root, 'boot/small'), 'small file');
    writeFileSync(join(root, 'empty'), '');
    writeFileSync(join(root, 'large'), Buffer.alloc(20_000_000, '0123456789'));
    chmodSync(room.directory, 0o755);
    await room.startDnsmasq(server, [
      '--dhcp-range=10.91.7.0,proxy,255.255.255.0',
      '--enable-tftp',
      `--tftp-root=${root}`,
    ]);
    const read = async (namespace: string, path: string, host = '10.91.7.1'): Promise<string> => {
      const file = JSON.stringify({ host, path, mostBytes: 1_000_000 });
      const args = ['netns', 'exec', namespace, process.execPath, READ_PROGRAM, file];
      return (await run('ip', args, { timeoutMs: 60_000 })).stdout;
    };
    for (const namespace of [server, client]) {
      assert.equal(await read(namespace, 'boot/small'), '10 small file');
      assert.equal(await read(namespace, 'empty'), '0 ');
      assert.equal(await read(namespace, 'large'), '1000000 0123456789');
      assert.equal(await read(namespace, 'missing'), 'not-found');
    }
    assert.equal(await read(client, 'boot/small', '10.91.7.50'), 'connection-failed');
    assert.equal(await read(client, 'boot/small', '10.91.7.99'), 'connection-failed');
  });
});
