import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from '../../lib/exec/run.ts';
import { RunId, RunToken } from '../../lib/model/ids.ts';
import type { AssignedOperation } from '../../lib/model/operation.ts';
import { makeCertificate, startEngineServer, type EngineServer } from './engine-server.ts';
import { afterTest, scratchDirectory } from './scratch-disk.ts';
import { until } from '../support/wait.ts';

const PROJECT = join(import.meta.dirname, '../..');

/** A /proc in which the kernel's trigger is a file of ours, $1; $2 is an empty directory. */
const START = `set -e
mount --bind /proc "$2"
mount -t tmpfs none /proc
for entry in "$2"/*; do ln -s "$entry" /proc/; done
rm -f /proc/sysrq-trigger
ln -s "$1" /proc/sysrq-trigger
shift 2
exec "$@"`;

test('A host is restarted when its root file system and then its server are gone.', async (t) => {
  const directory = await scratchDirectory(t);
  const trigger = join(directory, 'trigger');
  const lines = join(directory, 'lines');
  for (const file of [trigger, lines]) await writeFile(file, '');
  const kernel = join(directory, 'kernel');
  await mkdir(kernel);
  const certificate = await makeCertificate(t);
  const reboot: AssignedOperation = {
    runId: RunId.parse('run-0000000001'),
    token: RunToken.parse('a'.repeat(64)),
    operationIndex: 0,
    type: 'shutdown',
    mode: 'reboot',
  };
  const work: AssignedOperation[] = [];
  const server: EngineServer = await startEngineServer(t, {
    certificate,
    handlers: {
      nextOperation: () => Promise.resolve(work.shift() ?? { type: 'idle' }),
      statusUpdate: ({ firstSequence, events }) => {
        // The plan is the last thing that the server hears.
        if (events.length > 0) setImmediate(() => void server.close());
        return Promise.resolve({ acknowledgedSequence: firstSequence + events.length - 1 });
      },
    },
  });
  const engine = spawn(
    'unshare',
    [
      '--mount',
      '--propagation',
      'slave',
      'sh',
      '-c',
      START,
      'sh',
      trigger,
      kernel,
      process.execPath,
      join(PROJECT, 'engine/main.ts'),
      '--control-power',
      '--server',
      `127.0.0.1:${server.port}`,
      '--certificate',
      certificate.path,
      '--state',
      join(directory, 'state'),
      '--only-disk',
      '/dev/nonexistent',
      '--console-log',
      lines,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const ended = once(engine, 'exit');
  afterTest(t, () => {
    engine.kill('SIGKILL');
    return ended;
  });
  const text = { lines: '', trigger: '' };
  const poll = async (what: string, found: () => boolean): Promise<void> => {
    for (let attempt = 0; !found(); attempt += 1) {
      assert.ok(attempt < 1200 && engine.exitCode === null, `in vain until ${what}: ${text.lines}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      text.lines = await readFile(lines, 'utf8');
      text.trigger = await readFile(trigger, 'utf8');
    }
  };
  await poll('it is ready', () => text.lines.includes('openclone: ready'));
  assert.match(text.lines, /openclone: state=idle host=room1-pc01 /);

  // Program, tools, and even /proc are no longer to be found.
  for (const gone of [PROJECT, '/proc', '/etc', '/usr']) {
    // The tests' own root need not be the machine's.
    const process = `/proc/${engine.pid ?? 0}`;
    const target = [`--mount=${process}/ns/mnt`, `--root=${process}/root`];
    await run('nsenter', [...target, 'mount', '-t', 'tmpfs', 'none', gone]);
  }
  work.push(reboot);
  for (const peer of server.peers) peer.notify('workAvailable', {});
  await poll('the kernel is told', () => text.trigger === 'sb');
  await until('the server is gone', () => server.peers.size === 0);
  assert.match(text.lines, /openclone: state=leaving .* mode=reboot/);
});
