/** Jobs by the calls of operators: made, changed, started, and what is remembered of their starts. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { OperatorError } from '../../../lib/errors.ts';
import { JobId, TaskId } from '../../../lib/model/ids.ts';
import { JobDefinition, JobStart, JobStarts, type StartResult } from '../../../lib/model/job.ts';
import { MAX_JOB_STARTS, MAX_STARTS_OF_JOB, MAX_TASKS_OF_JOB } from '../../../lib/model/limits.ts';
import { addStart } from '../../../server/store/job-starts.ts';
import { emptyStore } from '../../../server/store/schema.ts';
import { withRoom, type Room } from '../sample-room.ts';

const OFF = { type: 'shutdown', mode: 'power-off' };

function definition(change: Record<string, unknown> = {}): JobDefinition {
  return JobDefinition.parse({
    name: 'evening',
    parameters: [{ name: 'room', type: 'targets' }],
    request: { targets: { parameter: 'room' }, operations: [OFF] },
    ...change,
  });
}

/** The error that a call is refused with. */
async function refusal(call: Promise<unknown>): Promise<OperatorError> {
  let refused: OperatorError | undefined;
  await assert.rejects(call, (error: OperatorError) => {
    refused = error;
    return true;
  });
  return refused ?? assert.fail();
}

async function resultsOf(room: Room, job = 'evening'): Promise<StartResult[]> {
  const starts = await room.tasks['job.history']({ job, limit: 100 });
  return JobStarts.parse(starts).map(({ result }) => result);
}

async function end(room: Room, task: string): Promise<void> {
  await room.tasks['task.cancel']({ task: TaskId.parse(task), host: null });
}

describe('a job', () => {
  test('a job that is started is a task of its operations on its hosts, and both say so', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      const [first, second] = room.store.read().hosts;
      assert.ok(first !== undefined && second !== undefined);
      const { job } = await room.tasks['job.create']({ definition: definition() });
      assert.deepEqual([job.revision, job.createdBy], [1, 'eva']);
      const values = { room: [first.name, second.name] };
      const task = await room.tasks['job.start']({ job: 'EVENING', values });
      assert.deepEqual(
        task.runs.map(({ hostId }) => hostId),
        [first.id, second.id],
      );
      assert.deepEqual([task.job, task.createdBy], [{ id: job.id, name: 'evening' }, 'eva']);
      assert.deepEqual(room.store.read().tasks, [task]);
      const [view] = await room.tasks['job.list']({});
      assert.deepEqual(view?.lastStart?.by, { type: 'operator', name: 'eva' });
      assert.deepEqual(view.lastStart.values, values);
      assert.deepEqual(await resultsOf(room), [{ type: 'task', taskId: task.id, outcome: null }]);
    });
  });

  test('a job is not started a second time before its task has ended, unless it may overlap; each try is remembered', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      const [first, second] = room.store.read().hosts;
      assert.ok(first !== undefined && second !== undefined);
      const values = { room: [first.name] };
      await room.tasks['job.create']({ definition: definition() });
      const task = await room.tasks['job.start']({ job: 'evening', values });
      const error = await refusal(
        room.tasks['job.start']({ job: 'evening', values: { room: [second.name] } }),
      );
      assert.deepEqual([error.code, error.reason?.id], ['not-allowed', 'reason.job-still-running']);
      await end(room, task.id);
      const again = await room.tasks['job.start']({ job: 'evening', values });
      assert.deepEqual(await resultsOf(room), [
        { type: 'task', taskId: again.id, outcome: null },
        { type: 'still-running', taskId: task.id, times: 1 },
        { type: 'task', taskId: task.id, outcome: 'aborted' },
      ]);
      await room.tasks['job.edit']({
        job: 'evening',
        definition: definition({ mayOverlap: true }),
      });
      const third = await room.tasks['job.start']({
        job: 'evening',
        values: { room: [second.name] },
      });
      assert.equal(room.store.read().tasks.at(-1)?.id, third.id);
    });
  });

  test('a job whose host, image or value is not there makes no task, and its history says why', async () => {
    await withRoom({ hosts: 1 }, async (room) => {
      const [host] = room.store.read().hosts;
      assert.ok(host !== undefined);
      await room.tasks['job.create']({ definition: definition() });
      const missing = await refusal(room.tasks['job.start']({ job: 'evening', values: {} }));
      assert.deepEqual([missing.code, missing.reason?.id], ['bad-argument', 'job-fault.several']);
      const gone = { room: ['nobody'] };
      const unknown = await refusal(room.tasks['job.start']({ job: 'evening', values: gone }));
      assert.equal(unknown.code, 'not-found');
      assert.deepEqual(room.store.read().tasks, []);
      assert.deepEqual(
        (await resultsOf(room)).map((result) => result.type === 'refused' && result.error.code),
        ['not-found', 'bad-argument'],
      );
      assert.equal(
        (await refusal(room.tasks['job.start']({ job: 'nothing', values: {} }))).code,
        'not-found',
      );
    });
  });

  test('a job that is wrong is not stored, and the error says where', async () => {
    await withRoom({ hosts: 1 }, async (room) => {
      const request = { targets: ['a'], operations: [OFF], wakee: true };
      const error = await refusal(
        room.tasks['job.create']({ definition: definition({ request }) }),
      );
      assert.match(error.message, /request\.wakee: a task has no field wakee/);
      assert.deepEqual(room.store.read().jobs, []);
    });
  });

  test('a job has a name of its own, and is not changed by who read an older one', async () => {
    await withRoom({ hosts: 1 }, async (room) => {
      await room.tasks['job.create']({ definition: definition() });
      await room.tasks['job.create']({ definition: definition({ name: 'morning' }) });
      const taken = await refusal(
        room.tasks['job.create']({ definition: definition({ name: 'Evening' }) }),
      );
      assert.equal(taken.code, 'name-taken');
      const edit = { job: 'morning', revision: 1 };
      assert.equal(
        (await refusal(room.tasks['job.edit']({ ...edit, definition: definition() }))).code,
        'name-taken',
      );
      const changed = definition({ name: 'morning', description: 'at 7' });
      const { job } = await room.tasks['job.edit']({ ...edit, definition: changed });
      assert.deepEqual([job.revision, job.description], [2, 'at 7']);
      const late = await refusal(room.tasks['job.edit']({ ...edit, definition: changed }));
      assert.equal(late.reason?.id, 'reason.job-changed-meanwhile');
    });
  });

  test('a job that is kept of a task asks for the same on the same hosts, with the newest version of its image', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      const [first, second] = room.store.read().hosts;
      assert.ok(first !== undefined && second !== undefined);
      const image = await room.addImage();
      const task = await room.tasks['task.create']({
        targets: [first.id, second.id],
        disk: { type: 'address', value: '/dev/nvme0n1' },
        operations: [
          { type: 'deploy', image: image.id, transport: 'unicast', gatherMs: 5000 },
          { type: 'shutdown', mode: 'reboot' },
        ],
        wake: true,
      });
      const { job } = await room.tasks['job.keep']({ task: TaskId.parse(task.id), name: 'again' });
      assert.deepEqual(job.request, {
        targets: [first.name, second.name],
        disk: { type: 'address', value: '/dev/nvme0n1' },
        operations: [
          { type: 'deploy', image: image.name, transport: 'unicast', gatherMs: 5000 },
          { type: 'shutdown', mode: 'reboot' },
        ],
        wake: true,
      });
      await end(room, task.id);
      const again = await room.tasks['job.start']({ job: 'again', values: {} });
      assert.deepEqual(again.operations, task.operations);
    });
  });

  test('a job that is deleted leaves its tasks, and nothing of its history', async () => {
    await withRoom({ hosts: 1 }, async (room) => {
      const [host] = room.store.read().hosts;
      await room.tasks['job.create']({ definition: definition() });
      const values = { room: [host?.name ?? ''] };
      const task = await room.tasks['job.start']({ job: 'evening', values });
      await room.tasks['job.delete']({ job: 'evening' });
      const { jobs, jobStarts, tasks } = room.store.read();
      assert.deepEqual([jobs, jobStarts], [[], []]);
      assert.deepEqual(tasks, [task]);
    });
  });

  test('a job keeps its schedule’s mark when it is edited, but not when the times are others or it was off', async () => {
    await withRoom({ hosts: 1 }, async (room) => {
      const cron = { type: 'cron', expression: '0 3 * * *', timeZone: 'UTC' };
      const schedule = { name: 'daily', when: cron, values: { room: ['a'] } };
      const of = (change: object, description = '') =>
        definition({ description, schedules: [{ ...schedule, ...change }] });
      await room.tasks['job.create']({ definition: of({}) });
      const old = '2026-11-30T03:00:00.000Z';
      await room.store.change((data) => {
        const [first] = data.jobs[0]?.schedules ?? [];
        assert.ok(first !== undefined);
        first.mark = old;
      });
      const markAfter = async (changed: JobDefinition): Promise<string | undefined> => {
        const { job } = await room.tasks['job.edit']({ job: 'evening', definition: changed });
        return job.schedules[0]?.mark;
      };
      assert.equal(await markAfter(of({}, 'other words')), old);
      assert.equal(await markAfter(of({ values: { room: ['b'] } })), old);
      assert.notEqual(await markAfter(of({ when: { ...cron, expression: '0 4 * * *' } })), old);
    });
  });
});

describe('a job that is tried again and again', () => {
  test('a job that is tried again and again while its task waits makes no second one, and the tries are one entry', async () => {
    await withRoom({ hosts: 1 }, async (room) => {
      const [host] = room.store.read().hosts;
      const values = { room: [host?.name ?? ''] };
      await room.tasks['job.create']({ definition: definition() });
      const task = await room.tasks['job.start']({ job: 'evening', values });
      for (let index = 0; index < MAX_STARTS_OF_JOB + 5; index += 1) {
        await refusal(room.tasks['job.start']({ job: 'evening', values }));
      }
      assert.equal(room.store.read().tasks.length, 1);
      await end(room, task.id);
      const again = await room.tasks['job.start']({ job: 'evening', values });
      assert.deepEqual(await resultsOf(room), [
        { type: 'task', taskId: again.id, outcome: null },
        { type: 'still-running', taskId: task.id, times: MAX_STARTS_OF_JOB + 5 },
        { type: 'task', taskId: task.id, outcome: 'aborted' },
      ]);
    });
  });

  test('a job that is tried again and again with other values keeps the start whose task has not ended', async () => {
    await withRoom({ hosts: 1 }, async (room) => {
      const [host] = room.store.read().hosts;
      const values = { room: [host?.name ?? ''] };
      await room.tasks['job.create']({ definition: definition({ mayOverlap: true }) });
      const task = await room.tasks['job.start']({ job: 'evening', values });
      for (let index = 0; index < MAX_STARTS_OF_JOB + 5; index += 1) {
        await refusal(room.tasks['job.start']({ job: 'evening', values: { room: [`x${index}`] } }));
      }
      const starts = await room.tasks['job.history']({ job: 'evening', limit: MAX_STARTS_OF_JOB });
      assert.equal(starts.length, MAX_STARTS_OF_JOB);
      const { result } = JobStart.parse(starts.at(-1));
      assert.deepEqual(result, { type: 'task', taskId: task.id, outcome: null });
    });
  });

  test('a job that may overlap has no more than so many tasks that have not ended', async () => {
    await withRoom({ hosts: 1 }, async (room) => {
      const [host] = room.store.read().hosts;
      const values = { room: [host?.name ?? ''] };
      await room.tasks['job.create']({ definition: definition({ mayOverlap: true }) });
      for (let index = 0; index < MAX_TASKS_OF_JOB; index += 1) {
        await room.tasks['job.start']({ job: 'evening', values });
      }
      const error = await refusal(room.tasks['job.start']({ job: 'evening', values }));
      assert.equal(error.reason?.id, 'reason.job-has-too-many-tasks');
      assert.equal(room.store.read().tasks.length, MAX_TASKS_OF_JOB);
    });
  });
});

describe('the history of jobs', () => {
  test('the history of jobs keeps the newest starts of each job, and of all', () => {
    const data = emptyStore();
    const start = (job: number, index: number): JobStart =>
      JobStart.parse({
        id: `start-${String(index).padStart(10, '0')}`,
        jobId: JobId.parse(`job-${String(job).padStart(10, '0')}`),
        at: '2026-12-01T03:00:00.000Z',
        by: { type: 'schedule', name: 'daily' },
        values: {},
        result: { type: 'missed', times: 1 },
      });
    for (let index = 0; index < MAX_STARTS_OF_JOB + 5; index += 1) addStart(data, start(1, index));
    assert.equal(data.jobStarts.length, MAX_STARTS_OF_JOB);
    assert.equal(data.jobStarts[0]?.id, 'start-0000000005');
    data.jobStarts = Array.from({ length: MAX_JOB_STARTS }, (_, index) => start(index, index));
    addStart(data, start(99_999, 99_999));
    assert.equal(data.jobStarts.length, MAX_JOB_STARTS);
    assert.deepEqual(
      [data.jobStarts[0]?.id, data.jobStarts.at(-1)?.id],
      ['start-0000000001', 'start-0000099999'],
    );
  });
});
