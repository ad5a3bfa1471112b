/** A room that stays: what is in it, and that a second command ends it without a trace. */

import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { run } from '../../lib/exec/run.ts';
import { runProgram } from '../cli/small-server.ts';
import { sweepLeftovers } from './registry.ts';

const startLab = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, ['test/lab/main.ts', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });

/** The socket that the room says; its output is read on, so that it is not stopped by a full pipe. */
async function socketOf(lab: ChildProcess): Promise<string> {
  const { stdout } = lab;
  assert.ok(stdout !== null);
  const lines = createInterface({ input: stdout });
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      const socket = /OPENCLONE_SOCKET=(\S+)/.exec(line)?.[1];
      if (socket !== undefined) resolve(socket);
    });
    lines.once('close', () => reject(new Error('the room was not opened')));
  });
}

test('a room stays with named hosts and an image, until a second command ends it', async (t) => {
  const lab = startLab(['--stay', '--hosts', '1']);
  t.after(() => lab.kill());
  const over = once(lab, 'exit');
  const socket = await socketOf(lab);
  const hosts = await runProgram(socket, ['host', 'list']);
  assert.match(hosts.stdout, /^golden +ready[^]*^pc-01 +ready/m);
  assert.match((await runProgram(socket, ['image', 'list'])).stdout, /^small .* golden /m);
  const ending = startLab(['--end']);
  assert.deepEqual(await once(ending, 'exit'), [0, null]);
  assert.deepEqual(await over, [0, null]);
  assert.equal(existsSync(dirname(socket)), false);
  const { stdout } = await run('ip', ['netns', 'list']);
  assert.ok(!stdout.includes(`oclab-${lab.pid}-`), stdout);
});

test('one that was killed is removed by the next lab', async (t) => {
  const lab = startLab(['--stay', '--hosts', '1']);
  t.after(() => lab.kill());
  const over = once(lab, 'exit');
  const socket = await socketOf(lab);
  lab.kill('SIGKILL');
  await over;
  assert.ok((await sweepLeftovers(run)).some((name) => socket.includes(name)));
  assert.equal(existsSync(dirname(socket)), false);
});
