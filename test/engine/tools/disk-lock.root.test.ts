import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { lockDisk } from '../../../engine/tools/disk-lock.ts';
import { run } from '../../../lib/exec/run.ts';
import { afterTest, makeScratchDisk, MIB } from '../scratch-disk.ts';

async function makeDisk(t: TestContext): Promise<string> {
  return (await makeScratchDisk(t, { sizeBytes: 4 * MIB, script: '' })).address;
}

/** What udev does before it looks at a disk: it does not wait (systemd.io/BLOCK_DEVICE_LOCKING). */
async function isFree(disk: string): Promise<boolean> {
  const { exitStatus } = await run('flock', ['--shared', '--nonblock', disk, 'true'], {
    allowedStatuses: [0, 1],
  });
  return exitStatus === 0;
}

/** Resolves when the disk can be had; fails after a minute. */
async function becomesFree(disk: string): Promise<void> {
  await run('flock', ['--exclusive', '--timeout', '60', disk, 'true']);
}

/** An engine that has locked the disk and works on. */
async function startLocker(t: TestContext, disk: string): Promise<{ kill: () => Promise<void> }> {
  const module = join(import.meta.dirname, '../../../engine/tools/disk-lock.ts');
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { lockDisk } from ${JSON.stringify(module)};
       await lockDisk(${JSON.stringify(disk)});
       console.log('locked');
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

test('A locked disk can be locked by nobody else until it is unlocked.', async (t) => {
  const disk = await makeDisk(t);
  const unlock = await lockDisk(disk);
  afterTest(t, unlock);
  assert.equal(await isFree(disk), false);
  await assert.rejects(lockDisk(disk), {
    code: 'disk-busy',
    message: `locking ${disk}: another program has locked it`,
    hint: /lslocks/,
  });
  // Every time, though who holds it answers faster or slower.
  for (let time = 0; time < 10; time += 1) {
    await assert.rejects(lockDisk(disk), { code: 'disk-busy' });
  }
  await unlock();
  assert.equal(await isFree(disk), true);
  await unlock();
});

test('A disk that udev looks at just now is refused.', async (t) => {
  const disk = await makeDisk(t);
  const holder = spawn('flock', ['--shared', disk, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  afterTest(t, async () => {
    const ended = once(holder, 'exit');
    holder.stdin.end();
    await ended;
  });
  await once(holder.stdout, 'data');
  await assert.rejects(lockDisk(disk), { code: 'disk-busy' });
});

test('The lock of an engine that is killed is free.', async (t) => {
  const disk = await makeDisk(t);
  const engine = await startLocker(t, disk);
  assert.equal(await isFree(disk), false);
  await engine.kill();
  await becomesFree(disk);
  const unlock = await lockDisk(disk);
  await unlock();
});

test('Two disks are locked apart from each other.', async (t) => {
  const [one, other] = [await makeDisk(t), await makeDisk(t)];
  const unlock = await lockDisk(one);
  afterTest(t, unlock);
  const unlockOther = await lockDisk(other);
  afterTest(t, unlockOther);
  await unlock();
  assert.equal(await isFree(one), true);
  assert.equal(await isFree(other), false);
  await unlockOther();
});
