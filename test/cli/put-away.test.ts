/** A failure that has been seen is put away by the command line as by the UI. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleHost } from '../support/hosts.ts';
import { SAMPLE_IMAGE, SAMPLE_MANIFEST } from '../support/images.ts';
import { sampleTask } from '../support/tasks.ts';
import { runCli, runProgramOnTerminal, withSmallServer } from './small-server.ts';
import { verbatim } from '../../lib/model/messages/table.ts';
import { english } from '../support/messages.ts';

const SAMPLE_HOST = sampleHost(1, 'pc-01');

test('task put-away puts a task away and says which', async () => {
  const task = sampleTask([]);
  await withSmallServer({ 'task.putAway': () => Promise.resolve(task) }, async (server) => {
    const { socketPath, calls } = server;
    const said = await runCli(socketPath, ['task', 'put-away', task.id]);
    assert.equal(said.stdout, `put away: ${english(task.title)}\n`);
    assert.deepEqual(calls, [{ name: 'task.putAway', params: { task: task.id } }]);
    const quiet = await runCli(socketPath, ['--quiet', 'task', 'put-away', task.id]);
    assert.equal(quiet.stdout, '');
  });
});

test('before a deploy it is said what a clone keeps, and what the capture warned of', async () => {
  const [version] = SAMPLE_IMAGE.versions;
  assert.ok(version !== undefined);
  const warnings = [verbatim('partition 3 was copied 1:1')];
  const versions = [{ ...version, id: SAMPLE_MANIFEST.versionId, warnings }];
  const handlers = {
    'image.show': () =>
      Promise.resolve({
        image: { ...SAMPLE_IMAGE, versions },
        manifest: SAMPLE_MANIFEST,
        directory: '/srv/x',
      }),
    'host.list': () => Promise.resolve([SAMPLE_HOST]),
    'group.list': () => Promise.resolve([]),
    'host.resolve': () => Promise.resolve([SAMPLE_HOST]),
  };
  await withSmallServer(handlers, async ({ socketPath, calls }) => {
    const args = ['deploy', 'win11', '--to', SAMPLE_HOST.name];
    const { stdout } = await runProgramOnTerminal(socketPath, args, 'no\n');
    assert.match(
      stdout,
      /Each of them is golden then, by name, domain and machine ID \(Windows: SID\)/,
    );
    assert.match(stdout, /Its capture warned:\s+partition 3 was copied 1:1/);
    assert.ok(!calls.some(({ name }) => name === 'task.create'));
  });
});
