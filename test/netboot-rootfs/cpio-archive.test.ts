import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from '../../lib/exec/run.ts';
import { makeCpio, type CpioEntry } from '../../netboot-rootfs/cpio-archive.ts';

const ENTRIES: readonly CpioEntry[] = [
  { type: 'directory', path: 'scripts' },
  { type: 'file', path: 'scripts/a', mode: 0o755, content: Buffer.from('#!/bin/sh\n') },
  { type: 'file', path: 'scripts/empty', mode: 0o600, content: Buffer.alloc(0) },
  { type: 'file', path: 'scripts/odd', mode: 0o644, content: Buffer.from('12345') },
];

test('cpio(1) unpacks an archive as it was meant.', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'openclone-cpio-'));
  t.after(() => rmSync(directory, { recursive: true }));
  await run('cpio', ['--extract', '--quiet', '--directory', directory], {
    input: makeCpio(ENTRIES),
  });
  for (const entry of ENTRIES) {
    const path = join(directory, entry.path);
    if (entry.type === 'directory') {
      assert.ok(statSync(path).isDirectory());
      continue;
    }
    assert.deepEqual(readFileSync(path), Buffer.from(entry.content));
    assert.equal(statSync(path).mode & 0o7777, entry.mode);
  }
});

test('The same entries give the same bytes, and room for another archive behind them.', () => {
  const archive = makeCpio(ENTRIES);
  assert.deepEqual(makeCpio(ENTRIES), archive);
  assert.equal(archive.length % 512, 0);
});
