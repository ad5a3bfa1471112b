import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { run } from '../../lib/exec/run.ts';

const PROJECT = join(import.meta.dirname, '../..');
const DATA = join(PROJECT, 'netboot-rootfs/data/base');
const REQUIRED = readFileSync(join(DATA, 'required-tools.txt'), 'utf8');

/** A system of a few programs of this machine, with their libraries. */
async function smallRoot(t: TestContext): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'openclone-root-'));
  t.after(() => rmSync(root, { recursive: true }));
  for (const name of ['usr/bin', 'usr/sbin', 'usr/lib/x86_64-linux-gnu', 'usr/lib64', 'dev']) {
    mkdirSync(join(root, name), { recursive: true });
  }
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) symlinkSync(`usr/${name}`, join(root, name));
  writeFileSync(join(root, 'dev/null'), '');
  const take = (path: string): void => {
    const to = join(root, path.replace(/^\/(?!usr)/, '/usr/'));
    mkdirSync(dirname(to), { recursive: true });
    if (!existsSync(to)) copyFileSync(path, to);
  };
  for (const tool of [
    '/bin/bash',
    '/bin/sh',
    '/usr/bin/env',
    '/usr/bin/ldd',
    '/usr/bin/lsblk',
    '/bin/cat',
  ]) {
    take(tool);
    const { stdout } = await run('ldd', [tool], { allowedStatuses: [0, 1] });
    for (const [, library = ''] of stdout.matchAll(/(?:=> |^\s*)(\/\S+) \(/gm)) take(library);
  }
  return root;
}

/** What it complains of; nothing when all is well. */
async function check(root: string, list: string): Promise<string> {
  const file = join(root, 'list.txt');
  writeFileSync(file, list);
  const { exitStatus, stderr } = await run('sh', [join(DATA, 'check-tools.sh'), root, file], {
    allowedStatuses: [0, 1],
  });
  assert.equal(exitStatus === 0, stderr === '', stderr);
  return stderr;
}

describe('A base', () => {
  test('A base whose programs start passes', async (t) => {
    assert.equal(
      await check(
        await smallRoot(t),
        '# programs\nlsblk --version\ncat --version\nany bash -c "exit 7"\n',
      ),
      '',
    );
  });

  test('A base is refused when a program lacks a library, whether the list names it or not', async (t) => {
    const root = await smallRoot(t);
    const libraries = join(root, 'usr/lib/x86_64-linux-gnu');
    const library = readdirSync(libraries).find((name) => name.startsWith('libsmartcols'));
    assert.ok(library !== undefined);
    rmSync(join(libraries, library));
    assert.match(await check(root, 'cat --version\n'), /\/usr\/bin\/lsblk lacks libsmartcols/);
    assert.match(await check(root, 'any lsblk --version\n'), /lsblk --version: status 127/);
  });

  test('A base is refused when a program is missing or fails; all of them are named', async (t) => {
    const root = await smallRoot(t);
    const list = 'udp-receiver --license\nany sgdisk --version\nbash -c "exit 3"\n';
    const complaint = await check(root, list);
    for (const word of ['udp-receiver', 'sgdisk', 'exit 3']) assert.match(complaint, RegExp(word));
  });
});

test('Every program that the engine starts is one that a base is refused without.', () => {
  const required = new Set(
    REQUIRED.split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.replace(/^any /, '').split(' ')[0]),
  );
  const started = new Set<string>();
  for (const directory of ['engine', 'lib/exec']) {
    const names = readdirSync(join(PROJECT, directory), { recursive: true, encoding: 'utf8' });
    for (const name of names.filter((each) => each.endsWith('.ts'))) {
      const text = readFileSync(join(PROJECT, directory, name), 'utf8');
      const calls = text.matchAll(
        /(?:\brun|startService|spawn|execa|startIn)\(\s*'([a-z0-9_.+-]+)'|\btool: '([a-z0-9_.+-]+)'|'(partclone\.[a-z0-9+]+)'/g,
      );
      for (const [, one, other, third] of calls) started.add(one ?? other ?? third ?? '');
    }
  }
  assert.ok(started.size > 20, [...started].join(' '));
  // Not in Debian, or not in each; the engine says so when a disk or an image wants one.
  const others = ['jfs', 'nilfs2', 'reiser4', 'reiserfs', 'ufs', 'vmfs'];
  const absent = others.map((each) => `partclone.${each}`);
  assert.deepEqual(
    [...started].filter((tool) => !required.has(tool) && !absent.includes(tool)),
    [],
  );
});
