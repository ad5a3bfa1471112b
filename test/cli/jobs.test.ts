/** The commands about jobs: files are checked before anything is sent, values by their types, both languages. */

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { definitionOf, jobFile } from '../../lib/jobs/job-file.ts';
import { Job, JobStart, type JobView } from '../../lib/model/job.ts';
import { withDirectory } from '../support/directories.ts';
import { sampleTask } from '../support/tasks.ts';
import { TIME } from '../support/times.ts';
import { runCli, withSmallServer } from './small-server.ts';

const JOB = Job.parse({
  id: 'job-0000000001',
  revision: 1,
  createdAt: TIME,
  createdBy: 'eva',
  name: 'evening',
  parameters: [
    { name: 'room', type: 'targets', help: 'which hosts' },
    { name: 'image', type: 'image', default: 'win11' },
    { name: 'wake', type: 'boolean', default: true },
  ],
  request: {
    targets: { parameter: 'room' },
    operations: [{ type: 'deploy', image: { parameter: 'image' } }],
    wake: { parameter: 'wake' },
  },
  schedules: [
    {
      name: 'weekly',
      when: { type: 'cron', expression: '0 3 * * 6', timeZone: 'Europe/Berlin' },
      values: { room: ['room-1'] },
      mark: TIME,
    },
  ],
});
const START = JobStart.parse({
  id: 'start-0000000001',
  jobId: JOB.id,
  at: TIME,
  by: { type: 'schedule', name: 'weekly' },
  values: { room: ['room-1', 'pc-17'] },
  result: { type: 'task', taskId: 'task-0000000001', outcome: 'completed' },
});
const VIEW: JobView = {
  job: JOB,
  lastStart: START,
  nextStarts: [{ schedule: 'weekly', at: '2026-12-05T02:00:00.000Z' }],
};
const SHOW = { 'job.show': () => Promise.resolve(VIEW) };

test('job list and job show say when a job was started and will be, with its parameters, in both languages', async () => {
  const handlers = { ...SHOW, 'job.list': () => Promise.resolve([VIEW]) };
  await withSmallServer(handlers, async ({ socketPath }) => {
    const list = await runCli(socketPath, ['job', 'list']);
    assert.match(list.stdout, /evening +2026-\S+ \S+ +task-0000000001 done +2026-12-05 02:00/);
    const german = await runCli(socketPath, ['job', 'list', '--language', 'de']);
    assert.match(german.stdout, /NÄCHSTER START/);
    const show = await runCli(socketPath, ['job', 'show', 'evening']);
    assert.match(show.stdout, /room +targets +- +which hosts/);
    assert.match(show.stdout, /weekly +0 3 \* \* 6 Europe\/Berlin +room=room-1/);
    assert.match(show.stdout, /^ {2}2026-12-05 02:00\S* +weekly$/m);
    const json = await runCli(socketPath, ['job', 'show', 'evening', '--json']);
    assert.deepEqual(JSON.parse(json.stdout), VIEW);
  });
});

test('job start sends the values by their types, and refuses words that are none before it sends anything', async () => {
  const task = sampleTask([]);
  const handlers = { ...SHOW, 'job.start': () => Promise.resolve(task) };
  await withSmallServer(handlers, async ({ socketPath, calls }) => {
    const settings = ['room=room-1, pc-17', 'wake=false', 'image=a=b'];
    const started = await runCli(socketPath, [
      'job',
      'start',
      'evening',
      '--detach',
      '--set',
      ...settings,
    ]);
    assert.match(started.stdout, /^task-0000000001: /);
    assert.deepEqual(calls.at(-1), {
      name: 'job.start',
      params: { job: JOB.id, values: { room: ['room-1', 'pc-17'], wake: false, image: 'a=b' } },
    });
    const before = calls.length;
    for (const [setting, said] of [
      ['wake=maybe', /the value of wake is not of the type boolean/],
      ['hall=1', /there is no parameter hall/],
      ['room', /NAME=VALUE is expected/],
    ] as const) {
      const refused = await runCli(socketPath, ['job', 'start', 'evening', '--set', setting]);
      assert.equal(refused.exitStatus, 2, refused.stderr);
      assert.match(refused.stderr, said);
    }
    assert.ok(!calls.slice(before).some(({ name }) => name === 'job.start'));
  });
});

test('job check, create and edit say where a job file is wrong and send nothing; right ones are sent', async () => {
  const handlers = {
    ...SHOW,
    'job.create': () => Promise.resolve(VIEW),
    'job.edit': () => Promise.resolve(VIEW),
  };
  await withDirectory(async (directory) => {
    await withSmallServer(handlers, async ({ socketPath, calls }) => {
      const wrong = join(directory, 'wrong.yaml');
      await writeFile(wrong, jobFile(JOB).replace('type: deploy', 'type: deplay'));
      for (const args of [['check'], ['create'], ['edit', 'evening']]) {
        const refused = await runCli(socketPath, ['job', ...args, wrong]);
        assert.equal(refused.exitStatus, 2);
        assert.match(refused.stderr, /wrong\.yaml:\d+:\d+: /);
      }
      assert.deepEqual(calls, []);
      const right = join(directory, 'right.yaml');
      const exported = await runCli(socketPath, ['job', 'export', 'evening']);
      await writeFile(right, exported.stdout);
      assert.match(
        (await runCli(socketPath, ['job', 'check', right])).stdout,
        /it is the job "evening"/,
      );
      await runCli(socketPath, ['job', 'create', right]);
      await runCli(socketPath, ['job', 'edit', 'evening', right]);
      const sent = definitionOf(JOB);
      assert.deepEqual(calls.slice(-2), [
        { name: 'job.create', params: { definition: sent } },
        { name: 'job.edit', params: { job: 'evening', definition: sent } },
      ]);
      const missing = await runCli(socketPath, ['job', 'check', join(directory, 'none.yaml')]);
      assert.match(missing.stderr, /reading the job file .*none\.yaml/);
    });
  });
});

test('job history, keep and delete say what became of starts, which job was made, and what is lost', async () => {
  const refusedStart = JobStart.parse({
    ...START,
    id: 'start-0000000002',
    by: { type: 'operator', name: 'tom' },
    result: {
      type: 'refused',
      error: { code: 'not-found', message: 'finding x: there is none', hint: 'Look.', causes: [] },
    },
  });
  const handlers = {
    ...SHOW,
    'job.history': () => Promise.resolve([refusedStart, START]),
    'job.keep': () => Promise.resolve(VIEW),
    'job.delete': () => Promise.resolve({}),
  };
  await withSmallServer(handlers, async ({ socketPath, calls }) => {
    const history = await runCli(socketPath, ['job', 'history', 'evening']);
    assert.match(history.stdout, /tom +refused: finding x: there is none +room=room-1,pc-17/);
    assert.match(history.stdout, /schedule weekly +task-0000000001 done/);
    const keep = await runCli(socketPath, ['job', 'keep', 'task-0000000001', '--name', 'evening']);
    assert.equal(keep.stdout, 'made the job "evening"\n');
    const unasked = await runCli(socketPath, ['job', 'delete', 'evening']);
    assert.equal(unasked.exitStatus, 2);
    const deleted = await runCli(socketPath, ['job', 'delete', 'evening', '--yes']);
    assert.equal(deleted.stdout, 'deleted the job "evening"\n');
    assert.deepEqual(calls.at(-1), { name: 'job.delete', params: { job: 'evening' } });
  });
});
