import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { run } from '../../lib/exec/run.ts';
import { BuildFile } from '../../lib/model/build-file.ts';
import { hashRecipe, readBase } from '../../netboot-rootfs/base.ts';
import { buildRootfs } from '../../netboot-rootfs/build.ts';
import { activateBuild, hardwareOfCurrent, listBuilds } from '../../netboot-rootfs/activate.ts';
import { replaceFile } from '../../netboot-rootfs/replace-file.ts';
import { scratchNetboot, SOURCES } from './scratch-netboot.ts';
import { until } from '../support/wait.ts';

/** Everything about the files below `directory` that a write into a shared file would change. */
function snapshot(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const path = join(directory, name);
      const { mode, size, mtimeMs, uid } = lstatSync(path);
      const content = lstatSync(path).isFile()
        ? createHash('sha256').update(readFileSync(path)).digest('hex')
        : '';
      return [name, mode.toString(8), size, mtimeMs, uid, content].join(' ');
    });
}

describe('A build', () => {
  test('A build has kernel, initramfs, the overlay, and build.json inside and beside', async (t) => {
    const scratch = scratchNetboot(t);
    const { directory, file, warnings } = await buildRootfs(scratch.run, scratch.options());
    const root = join(directory, 'rootfs');
    assert.match(file.id, /^20261121-113000-[0-9a-f]{4}$/);
    assert.equal(file.kernel, '6.1.0-test');
    assert.deepEqual(JSON.parse(readFileSync(join(directory, 'build.json'), 'utf8')), file);
    const inside: unknown = JSON.parse(
      readFileSync(join(root, 'etc/openclone/build.json'), 'utf8'),
    );
    assert.deepEqual(inside, BuildFile.parse(file));
    assert.equal(readFileSync(join(root, 'usr/lib/openclone/engine.js'), 'utf8'), 'engine.js\n');
    assert.equal(readFileSync(join(root, 'etc/openclone/server.crt'), 'utf8'), 'server.crt\n');
    assert.equal(statSync(join(root, 'usr/lib/openclone/init')).mode & 0o777, 0o755);
    assert.equal(readFileSync(join(directory, 'vmlinuz'), 'utf8'), 'kernel\n');
    const initrd = readFileSync(join(directory, 'initrd.img'), 'latin1');
    assert.ok(initrd.endsWith('initrd\n') && initrd.includes(`build=${file.id}\n`));
    assert.deepEqual(warnings, ['firmware: no source has firmware-x']);
    assert.equal(statSync(directory).mode & 0o777, 0o755);
  });

  test('A build names neither mirror nor proxy anywhere', async (t) => {
    const scratch = scratchNetboot(t);
    await buildRootfs(scratch.run, scratch.options());
    const { stdout } = await run('grep', ['-r', 'secret.example', scratch.netboot], {
      allowedStatuses: [1],
    });
    assert.equal(stdout, '', SOURCES);
    const names = readdirSync(scratch.netboot, { recursive: true, encoding: 'utf8' });
    assert.deepEqual(
      names.filter((name) => name.includes('secret.example')),
      [],
    );
  });

  test('A build shares files with its base and never writes into one', async (t) => {
    const scratch = scratchNetboot(t);
    const first = await buildRootfs(scratch.run, scratch.options());
    const base = snapshot(first.base.directory);
    const before = snapshot(first.directory);
    // What the base has already under the names of the overlay is replaced, not written into.
    const shared = join(first.base.directory, 'rootfs/etc/openclone/server.crt');
    mkdirSync(join(first.base.directory, 'rootfs/etc/openclone'));
    writeFileSync(shared, 'of the base\n');
    const now = new Date('2026-11-21T11:31:00Z');
    const second = await buildRootfs(scratch.run, scratch.options({ now }));
    assert.ok(second.baseReused);
    assert.equal(readFileSync(shared, 'utf8'), 'of the base\n');
    const inode = (path: string): number => statSync(path).ino;
    const name = 'rootfs/etc/shared';
    assert.equal(inode(join(second.directory, name)), inode(join(first.base.directory, name)));
    await replaceFile(join(second.directory, name), 'changed\n', 0o600);
    assert.deepEqual(snapshot(first.directory), before);
    const kept = snapshot(first.base.directory).filter((line) => !line.includes('openclone'));
    const meant = base.filter((line) => !/openclone|^rootfs\/etc /.test(line));
    assert.deepEqual(
      kept.filter((line) => !line.startsWith('rootfs/etc ')),
      meant,
    );
  });

  test('A build with a squashfs says its length and hash to the initramfs', async (t) => {
    const scratch = scratchNetboot(t);
    const { directory, file } = await buildRootfs(scratch.run, scratch.options());
    const bytes = readFileSync(join(directory, 'rootfs.squashfs'));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    assert.deepEqual(file.squashfs, { sizeBytes: bytes.length, sha256 });
    const initrd = readFileSync(join(directory, 'initrd.img'), 'latin1');
    assert.ok(initrd.includes(`squashfs_bytes=${bytes.length}\nsquashfs_sha256=${sha256}\n`));
  });

  test('A build that fails leaves nothing, and the one before stays', async (t) => {
    const scratch = scratchNetboot(t);
    const { file } = await buildRootfs(scratch.run, scratch.options());
    await activateBuild({ netboot: scratch.netboot, tftp: null }, null);
    const before = scratch.names();
    const failing: typeof scratch.run = (tool, args, options = {}) =>
      scratch.run(tool, args, { ...options, env: { ...options.env, STAND_IN_FAILS: 'y' } });
    await assert.rejects(buildRootfs(failing, scratch.options({ refresh: true })), {
      code: 'tool-failed',
    });
    const missing = scratch.options({ engineFile: '/nowhere/engine.js' });
    await assert.rejects(buildRootfs(scratch.run, missing), { code: 'bad-argument' });
    assert.deepEqual(scratch.names(), before);
    const rows = await listBuilds(scratch.netboot);
    assert.deepEqual(
      rows.map((row) => [row.file.id, row.current]),
      [[file.id, true]],
    );
    assert.notEqual(await readBase(scratch.netboot, file.base), null);
  });

  test('A build whose base lacks what hosts need is refused with what is missing', async (t) => {
    const scratch = scratchNetboot(t);
    const problem = 'drivers that must stay would go: igc';
    const failing: typeof scratch.run = (tool, args, options = {}) =>
      scratch.run(tool, args, { ...options, env: { ...options.env, STAND_IN_PROBLEM: problem } });
    await assert.rejects(buildRootfs(failing, scratch.options()), (error: Error) => {
      assert.match(error.message, /base of the root file system of bookworm/);
      return String(error.cause).includes(problem);
    });
    assert.deepEqual(scratch.names(), ['bases']);
  });

  test('A build says what hardware it is made for, and the next one can be as it is', async (t) => {
    const scratch = scratchNetboot(t);
    const site = { netboot: scratch.netboot, tftp: null };
    const none = { firmware: false, serverHardware: false };
    assert.deepEqual(await hardwareOfCurrent(scratch.netboot), none);
    const { recipe } = scratch.options();
    const wide = scratch.options({ recipe: { ...recipe, serverHardware: true } });
    const { file, directory } = await buildRootfs(scratch.run, wide);
    assert.deepEqual([file.serverHardware, file.firmware], [true, true]);
    // Not yet: hosts boot another.
    assert.deepEqual(await hardwareOfCurrent(scratch.netboot), none);
    await activateBuild(site, file.id);
    const both = { firmware: true, serverHardware: true };
    assert.deepEqual(await hardwareOfCurrent(scratch.netboot), both);
    // One of OpenClone before 0.3 says nothing; what its base was made with is known.
    const { serverHardware, firmware, ...old } = file;
    assert.ok(serverHardware === true && firmware === true);
    await replaceFile(join(directory, 'build.json'), JSON.stringify(old), 0o644);
    assert.deepEqual(await hardwareOfCurrent(scratch.netboot), none);
    const base = join(scratch.netboot, 'bases', file.base, 'base.json');
    const text = readFileSync(base, 'utf8').replace('"firmware": []', '"firmware": ["firmware-x"]');
    await replaceFile(base, text, 0o644);
    assert.deepEqual(await hardwareOfCurrent(scratch.netboot), { ...none, firmware: true });
  });

  test('with --refresh has a new base of the same name; builds of the old one keep theirs', async (t) => {
    const scratch = scratchNetboot(t);
    const first = await buildRootfs(scratch.run, scratch.options());
    const before = snapshot(first.directory);
    const now = new Date('2026-11-22T08:00:00Z');
    const second = await buildRootfs(scratch.run, scratch.options({ refresh: true, now }));
    assert.equal(second.baseReused, false);
    assert.equal(second.base.file.hash, first.base.file.hash);
    assert.equal(second.base.file.madeAt, now.toISOString());
    const inode = (directory: string): number => statSync(join(directory, 'rootfs/etc/shared')).ino;
    assert.notEqual(inode(second.directory), inode(first.directory));
    assert.deepEqual(snapshot(first.directory), before);
  });
});

test('Another package, suite, source or file of ours is another base.', async (t) => {
  const scratch = scratchNetboot(t);
  const { recipe, dataDirectory } = scratch.options();
  const whole = { ...recipe, dataDirectory: join(dataDirectory, 'base') };
  const hashes = await Promise.all(
    [
      whole,
      { ...whole, suite: 'trixie' },
      { ...whole, packages: ['udev', 'kmod'] },
      { ...whole, firmware: [] },
      { ...whole, serverHardware: true },
      { ...whole, sources: [] },
      { ...whole, dataDirectory: join(dataDirectory, 'system') },
    ].map(hashRecipe),
  );
  assert.equal(new Set(hashes).size, hashes.length);
  assert.equal(await hashRecipe(whole), hashes[0]);
});

test('A killed build takes its tools along, leaves no build, and the next one clears its rest.', async (t) => {
  const scratch = scratchNetboot(t);
  const options = scratch.options();
  mkdirSync(scratch.netboot);
  const started = join(scratch.netboot, 'started');
  const sources = join(scratch.netboot, 'sources.list');
  writeFileSync(sources, SOURCES);
  const main = join(import.meta.dirname, '../../netboot-rootfs/main.ts');
  const args = [main, 'build', '--netboot', scratch.netboot, '--sources', sources];
  args.push('--suite', 'bookworm', '--engine', options.engineFile);
  args.push('--certificate', options.certificateFile, '--node', options.nodeFile);
  const builder = spawn(process.execPath, args, {
    env: { ...process.env, ...scratch.environment, STAND_IN_HANGS: started },
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => builder.once('exit', resolve));
  t.after(() => builder.kill('SIGKILL'));
  await until('mmdebstrap runs', () => existsSync(started));
  assert.ok(processesOf(scratch.netboot).length > 0);
  await assert.rejects(buildRootfs(scratch.run, options), { code: 'not-allowed' });
  builder.kill('SIGKILL');
  await ended;
  await until('its tools are gone', () => processesOf(scratch.netboot).length === 0);
  assert.ok(!readFileSync('/proc/self/mountinfo', 'utf8').includes(scratch.netboot));
  assert.ok(scratch.names().some((name) => name.startsWith('.new-')));
  assert.deepEqual(await listBuilds(scratch.netboot), []);
  await buildRootfs(scratch.run, options);
  assert.deepEqual(scratch.names(), ['bases', 'builds', 'sources.list', 'started']);
});

/** Ids of processes that were started with something of `directory`; a zombie has no command line any more. */
function processesOf(directory: string): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^[0-9]+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(directory);
    } catch {
      return false;
    }
  });
}
