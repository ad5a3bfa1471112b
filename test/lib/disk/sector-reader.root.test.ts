import assert from 'node:assert/strict';
import { truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { fileReader } from '../../../lib/disk/file-reader.ts';
import { bufferReader } from '../../../lib/disk/sector-reader.ts';
import { OperatorError } from '../../../lib/errors.ts';
import { run } from '../../../lib/exec/run.ts';
import { MIB, scratchFile } from '../../engine/scratch-disk.ts';
import { writeBytes } from './tables/partitioned-file.ts';

test('a file is read by sectors of the given size, a rest below one sector left out', async (t) => {
  const path = await scratchFile(t, 3 * 4096 + 100);
  await writeBytes(path, 4096, Buffer.alloc(4096, 1));
  const reader = await fileReader(path, 4096);
  t.after(() => reader.close());
  assert.equal(reader.diskSectors, 3);
  const expected = Buffer.concat([Buffer.alloc(4096, 1), Buffer.alloc(4096)]);
  assert.ok((await reader.read(1, 2)).equals(expected));
  assert.equal((await reader.read(3, 0)).length, 0);
});

test('a block device has the size the kernel gives it', async (t) => {
  const path = await scratchFile(t, MIB);
  await writeBytes(path, 512 * 2047, Buffer.alloc(512, 9));
  const { stdout } = await run('losetup', ['--find', '--show', '--read-only', path]);
  const device = stdout.trim();
  t.after(() => run('losetup', ['--detach', device]));
  const reader = await fileReader(device, 512);
  try {
    assert.equal(reader.diskSectors, 2048);
    assert.ok((await reader.read(2047, 1)).equals(Buffer.alloc(512, 9)));
  } finally {
    await reader.close();
  }
});

test('a disk that ends early fails with its path and the first missing sector', async (t) => {
  const path = await scratchFile(t, 20 * 512);
  const reader = await fileReader(path, 512);
  t.after(() => reader.close());
  await truncate(path, 13 * 512);
  await assert.rejects(reader.read(10, 8), {
    code: 'disk-read-failed',
    message: `reading sector 13 of ${path}`,
  });
});

test('an error of read(2) becomes disk-read-failed with the path, the sector and the cause', async (t) => {
  const directory = dirname(await scratchFile(t, 512));
  const reader = await fileReader(directory, 1);
  t.after(() => reader.close());
  await assert.rejects(reader.read(3, 2), (error: unknown) => {
    assert.ok(error instanceof OperatorError);
    assert.equal(error.code, 'disk-read-failed');
    assert.equal(error.message, `reading sector 3 of ${directory}`);
    assert.ok(error.cause instanceof Error);
    assert.match(error.cause.message, /EISDIR/);
    return true;
  });
});

test('a missing device is disk-read-failed', async () => {
  await assert.rejects(fileReader('/dev/openclone-no-such-disk', 512), {
    code: 'disk-read-failed',
    message: 'opening /dev/openclone-no-such-disk',
  });
});

test('sectors outside the disk are a bug of the caller', () => {
  const reader = bufferReader(Buffer.alloc(4 * 512), 512);
  assert.throws(() => reader.read(3, 2), RangeError);
  assert.throws(() => reader.read(-1, 1), RangeError);
  assert.throws(() => reader.read(0.5, 1), RangeError);
});
