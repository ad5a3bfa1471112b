import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { protectDisk, releaseLeftProtection } from '../../../engine/checks/protect.ts';
import { OperatorError } from '../../../lib/errors.ts';
import { run, type Run } from '../../../lib/exec/run.ts';
import { afterTest, makeScratchDisk, type ScratchDisk } from '../scratch-disk.ts';

const MIB = 1024 * 1024;

async function makeDisk(t: TestContext): Promise<ScratchDisk & { records: string }> {
  const disk = await makeScratchDisk(t, {
    sizeBytes: 32 * MIB,
    script: 'label: dos\nsize=10M, type=83\nsize=10M, type=83\n',
  });
  // A loop device keeps the flag when it is detached: never leave one behind for the next user.
  afterTest(t, () => run('blockdev', ['--setrw', disk.address]));
  return { ...disk, records: join(disk.directory, 'records') };
}

/** The kernel's flags of the disk and its two partitions. */
async function readOnlyFlags({ address }: ScratchDisk): Promise<boolean[]> {
  const flags: boolean[] = [];
  for (const device of [address, `${address}p1`, `${address}p2`]) {
    flags.push((await run('blockdev', ['--getro', device])).stdout.trim() === '1');
  }
  return flags;
}

async function writeOneByte(device: string): Promise<void> {
  const file = await open(device, 'r+');
  try {
    await file.write(Buffer.from([1]), 0, 1, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** An engine that has protected the disk and works on. */
async function startProtector(t: TestContext, disk: ScratchDisk & { records: string }) {
  const module = (path: string): string =>
    JSON.stringify(join(import.meta.dirname, '../../..', path));
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { protectDisk } from ${module('engine/checks/protect.ts')};
       import { run } from ${module('lib/exec/run.ts')};
       await protectDisk(run, ${JSON.stringify(disk.address)}, ${JSON.stringify(disk.records)});
       console.log('protected');
       setInterval(() => undefined, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  afterTest(t, kill);
  await once(child.stdout, 'data');
  return { kill };
}

test('A protected disk refuses writes, on its partitions too, until it is released.', async (t) => {
  const disk = await makeDisk(t);
  const release = await protectDisk(run, disk.address, disk.records);
  assert.deepEqual(await readOnlyFlags(disk), [true, true, true]);
  await assert.rejects(writeOneByte(disk.address));
  await assert.rejects(writeOneByte(`${disk.address}p1`));
  await release();
  assert.deepEqual(await readOnlyFlags(disk), [false, false, false]);
  await writeOneByte(`${disk.address}p1`);
  assert.deepEqual(await readdir(disk.records), []);
  await release();
});

test('What was read-only before stays so.', async (t) => {
  const disk = await makeDisk(t);
  await run('blockdev', ['--setro', `${disk.address}p2`]);
  const release = await protectDisk(run, disk.address, disk.records);
  assert.deepEqual(await readOnlyFlags(disk), [true, true, true]);
  await release();
  assert.deepEqual(await readOnlyFlags(disk), [false, false, true]);
});

test('A disk that is read-only altogether is left alone and not recorded.', async (t) => {
  const disk = await makeDisk(t);
  await run('blockdev', ['--setro', disk.address]);
  const release = await protectDisk(run, disk.address, disk.records);
  await assert.rejects(readdir(disk.records), { code: 'ENOENT' });
  await release();
  assert.equal((await readOnlyFlags(disk))[0], true);
});

test('When protecting fails half-way, what was done is undone.', async (t) => {
  const disk = await makeDisk(t);
  const failing: Run = (tool, args, options) =>
    args[0] === '--setro' && args[1] === disk.address
      ? Promise.reject(new OperatorError({ code: 'tool-failed', message: 'blockdev', hint: '' }))
      : run(tool, args, options);
  await assert.rejects(protectDisk(failing, disk.address, disk.records), { code: 'tool-failed' });
  assert.deepEqual(await readOnlyFlags(disk), [false, false, false]);
  assert.deepEqual(await readdir(disk.records), []);
});

test('What a killed engine left is released by the next one, and a living one is left alone.', async (t) => {
  const disk = await makeDisk(t);
  const engine = await startProtector(t, disk);
  assert.deepEqual(await releaseLeftProtection(run, disk.records), []);
  assert.deepEqual(await readOnlyFlags(disk), [true, true, true]);
  await engine.kill();
  assert.deepEqual(await releaseLeftProtection(run, disk.records), [disk.address]);
  assert.deepEqual(await readOnlyFlags(disk), [false, false, false]);
  assert.deepEqual(await readdir(disk.records), []);
});

test('A record of an earlier boot is forgotten without touching a disk.', async (t) => {
  const disk = await makeDisk(t);
  await protectDisk(run, disk.address, disk.records);
  const [name = ''] = await readdir(disk.records);
  const file = join(disk.records, name);
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/"bootId":"[^"]+"/, '"bootId":"another"'));
  const unexpected: Run = (tool) => Promise.reject(new Error(`${tool} must not run`));
  assert.deepEqual(await releaseLeftProtection(unexpected, disk.records), []);
  assert.deepEqual(await readdir(disk.records), []);
});

test('A record that cannot be read is an error that names it, and stays.', async (t) => {
  const disk = await makeDisk(t);
  const release = await protectDisk(run, disk.address, disk.records);
  await release();
  const file = join(disk.records, 'write-protection-sda-1.json');
  await writeFile(file, '{"version":99}');
  await assert.rejects(releaseLeftProtection(run, disk.records), (error: unknown) => {
    assert.ok(error instanceof OperatorError);
    assert.equal(error.code, 'disk-read-only');
    return error.message.includes(file);
  });
  assert.deepEqual(await readdir(disk.records), ['write-protection-sda-1.json']);
});

test('No record directory means that nothing was left.', async () => {
  assert.deepEqual(await releaseLeftProtection(run, '/nonexistent/records'), []);
});
