/** What counts as a lab that lives: one whose process is there, not one of which only the exit status is left. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from '../../lib/exec/run.ts';
import { sweepLeftovers } from './registry.ts';

const RECORDS = '/run/openclone-lab';

const fieldsOf = (pid: number): string[] => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
};

/** Sweeps with a record of `pid`; returns whether its things were removed. */
async function isSwept(pid: number): Promise<boolean> {
  mkdirSync(RECORDS, { recursive: true, mode: 0o700 });
  const directory = mkdtempSync('/var/tmp/oclab-registry-test-');
  const name = `registry-test-${pid}`;
  const record = join(RECORDS, `${name}.json`);
  const [, , , , , , , , , , , , , , , , , , , startTicks = ''] = fieldsOf(pid);
  const parts = { namespaces: [], directories: [directory], foreignFiles: [] };
  writeFileSync(record, JSON.stringify({ pid, startTicks, ...parts }));
  try {
    const swept = await sweepLeftovers(run);
    assert.equal(swept.includes(name), !existsSync(directory));
    return swept.includes(name);
  } finally {
    rmSync(record, { force: true });
    rmSync(directory, { recursive: true, force: true });
  }
}

test('a killed lab that nobody has waited for is swept; one that lives is not', async () => {
  // A shell that turns into a program which never asks for its child's exit status.
  const parent = spawn('sh', ['-c', 'sleep 600 & echo $!; exec sleep 600'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = await new Promise<[string]>((resolve) =>
      createInterface({ input: parent.stdout }).once('line', (text) => resolve([text])),
    );
    const zombie = Number(line);
    const { pid = 0 } = parent;
    const isTurned = (): boolean => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'sleep';
    while (!isTurned()) await new Promise((resolve) => setImmediate(resolve));
    process.kill(zombie, 'SIGKILL');
    while (fieldsOf(zombie)[0] !== 'Z') await new Promise((resolve) => setImmediate(resolve));
    assert.equal(await isSwept(zombie), true);
    assert.equal(await isSwept(process.pid), false);
  } finally {
    parent.kill('SIGKILL');
  }
});
