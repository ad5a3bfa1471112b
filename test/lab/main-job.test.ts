/** The main job as `npm run lab` does it, and that the lab leaves nothing behind, however it ends. */

import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { run } from '../../lib/exec/run.ts';
import { sweepLeftovers } from './registry.ts';

const Outcome = z.object({
  ok: z.boolean(),
  reason: z.string().nullable(),
  hosts: z.array(
    z.object({
      host: z.string(),
      verified: z.boolean(),
      differences: z.array(z.string()),
    }),
  ),
  steps: z.array(z.object({ title: z.string() })),
  imageBytes: z.number().nullable(),
  sentBytes: z.number().nullable(),
});

describe('the lab', { concurrency: false }, () => {
  test('the lab: an MBR disk is captured, deployed to three hosts by one transmission, verified, and boots', async () => {
    const outcome = await runLab(['--hosts', '3', '--source', 'mbr', '--boot']);
    assertDone(outcome, 3);
    assert.ok(outcome.steps.some(({ title }) => title.startsWith('Booting the disk')));
    assertSentOnce(outcome);
  });

  test('the lab: a GPT disk with six kinds of content is deployed to three hosts and verified', async () => {
    const outcome = await runLab(['--hosts', '3', '--source', 'gpt']);
    assertDone(outcome, 3);
    assertSentOnce(outcome);
  });

  test('the lab: a GPT disk with 4096-byte sectors goes to one host over its own connection', async () => {
    const args = ['--hosts', '1', '--source', 'gpt', '--sector-size', '4096'];
    assertDone(await runLab([...args, '--compression', 'lzo']), 1);
  });

  test('the lab: a lab that is interrupted in the middle of a deploy leaves nothing behind', async () => {
    const lab = startLab(['--hosts', '2', '--source', 'gpt']);
    const traces = await tracesAfterStep(lab, 'Deploying');
    lab.kill('SIGINT');
    const [status] = await ended(lab);
    assert.notEqual(status, 0);
    await assertGone(traces);
  });

  test('the lab: what a killed lab left is removed by the next one', async () => {
    const lab = startLab(['--hosts', '2', '--source', 'gpt']);
    const traces = await tracesAfterStep(lab, 'Deploying');
    lab.kill('SIGKILL');
    await ended(lab);
    const swept = await sweepLeftovers(run);
    assert.ok(swept.some((name) => traces.namespaces.every((each) => each.startsWith(name))));
    await assertGone(traces);
  });
});

function startLab(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['test/lab/main.ts', '--json', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function runLab(args: readonly string[]): Promise<z.infer<typeof Outcome>> {
  const lab = startLab(args);
  let output = '';
  let said = '';
  lab.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  lab.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [status] = await ended(lab);
  assert.equal(status, 0, said.slice(-4000));
  return Outcome.parse(JSON.parse(output));
}

function assertDone(outcome: z.infer<typeof Outcome>, hosts: number): void {
  assert.equal(outcome.reason, null);
  assert.ok(outcome.ok);
  assert.equal(outcome.hosts.length, hosts);
  for (const host of outcome.hosts) {
    assert.deepEqual(host.differences, []);
    assert.ok(host.verified);
  }
}

/** Frames, acknowledgements and the hosts' own connections are all that comes on top of one image. */
function assertSentOnce({ imageBytes, sentBytes }: z.infer<typeof Outcome>): void {
  assert.ok(imageBytes !== null && sentBytes !== null);
  assert.ok(sentBytes < 1.2 * imageBytes, `${sentBytes} bytes for an image of ${imageBytes}`);
}

/** What the lab has made, by names that nothing else on this machine has. */
type Traces = { readonly name: string; readonly namespaces: string[]; readonly directory: string };

async function tracesAfterStep(lab: ChildProcess, title: string): Promise<Traces> {
  assert.ok(lab.stderr);
  lab.stdout?.resume();
  const lines = createInterface({ input: lab.stderr });
  for await (const line of lines) {
    if (line.startsWith(`→ ${title}`)) break;
  }
  lab.stderr.resume();
  const prefix = `oclab-${lab.pid ?? 0}-`;
  const namespaces = readdirSync('/run/netns').filter((each) => each.startsWith(prefix));
  assert.ok(namespaces.length >= 4, `namespaces: ${namespaces.join(', ')}`);
  const name = /^oclab-\d+-[0-9a-f]+/.exec(namespaces[0] ?? '')?.[0] ?? '';
  return { name, namespaces, directory: `/var/tmp/${name}` };
}

async function assertGone({ name, namespaces, directory }: Traces): Promise<void> {
  for (const namespace of namespaces) assert.ok(!existsSync(`/run/netns/${namespace}`), namespace);
  assert.ok(!existsSync(directory), directory);
  assert.ok(!existsSync(`/run/openclone-lab/${name}.json`), 'its record');
  const { stdout: loops } = await run('losetup', [
    '--list',
    '--noheadings',
    '--output',
    'BACK-FILE',
  ]);
  assert.ok(!loops.includes(name), `loop devices: ${loops}`);
  const { stdout: mounts } = await run('findmnt', ['--list', '--noheadings', '--output', 'TARGET']);
  assert.ok(!mounts.includes(name), `mounts: ${mounts}`);
  const { stdout: processes } = await run('ps', ['-eo', 'args']);
  assert.ok(!processes.includes(name), 'processes');
}

async function ended(child: ChildProcess): Promise<[number | null]> {
  const status: unknown[] = await once(child, 'close');
  return [typeof status[0] === 'number' ? status[0] : null];
}
