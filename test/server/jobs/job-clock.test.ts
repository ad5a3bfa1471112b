/** Jobs that are started by their schedules, on a server whose clock the test sets. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { definitionOf } from '../../../lib/jobs/job-file.ts';
import { Job, JobDefinition } from '../../../lib/model/job.ts';
import type { LogEvent } from '../../../lib/model/log-entry.ts';
import { JobClock } from '../../../server/jobs/job-clock.ts';
import { withRoom, type Room } from '../sample-room.ts';

const MADE = '2026-12-01T00:00:00.000Z';

type Scheduled = {
  readonly room: Room;
  /** Lets the clock look as it would at that time. */
  readonly at: (time: string) => Promise<void>;
  readonly told: LogEvent[];
  readonly clock: JobClock;
  /** How long the server has been running from now on, in milliseconds. */
  readonly uptime: (ms: number) => void;
};

/** A room with the job "evening", which switches pc-1 off at 03:00 UTC each day, made at MADE. */
async function withSchedule(
  change: Record<string, unknown>,
  use: (scheduled: Scheduled) => Promise<void>,
): Promise<void> {
  await withRoom({ hosts: 1 }, async (room) => {
    const [host] = room.store.read().hosts;
    const definition = JobDefinition.parse({
      name: 'evening',
      parameters: [{ name: 'room', type: 'targets' }],
      request: {
        targets: { parameter: 'room' },
        operations: [{ type: 'shutdown', mode: 'power-off' }],
      },
      schedules: [
        {
          name: 'daily',
          when: { type: 'cron', expression: '0 3 * * *', timeZone: 'UTC' },
          values: { room: [host?.name ?? ''] },
          ...change,
        },
      ],
    });
    await room.tasks['job.create']({ definition });
    await room.store.change((data) => {
      for (const job of data.jobs) for (const schedule of job.schedules) schedule.mark = MADE;
    });
    const told: LogEvent[] = [];
    let uptimeMs = 0;
    const { store, work, wakeScheduler } = room;
    const clock = new JobClock({
      making: { store, work, wakeScheduler },
      log: room.captured.log,
      tell: (event) => told.push(event),
      uptimeMs: () => uptimeMs,
    });
    await use({
      room,
      told,
      clock,
      uptime: (ms) => (uptimeMs = ms),
      at: (time) => clock.look(new Date(time)),
    });
  });
}

function resultsIn({ store }: Room): string[] {
  return store.read().jobStarts.map(({ result }) => result.type);
}

describe('a job with a schedule', () => {
  test('a job with a schedule is started at its time by the schedule, once, also when the clock is put back', async () => {
    await withSchedule({}, async ({ room, at, told }) => {
      await at('2026-12-01T02:59:59Z');
      assert.deepEqual(room.store.read().tasks, []);
      for (const time of ['03:00:01', '03:00:06', '02:30:00', '03:00:02']) {
        await at(`2026-12-01T${time}Z`);
      }
      const { tasks, jobStarts } = room.store.read();
      assert.equal(tasks.length, 1);
      assert.equal(tasks[0]?.createdBy, 'evening (daily)');
      assert.deepEqual(
        jobStarts.map(({ by }) => by),
        [{ type: 'schedule', name: 'daily' }],
      );
      assert.deepEqual(told, []);
    });
  });

  test('a job with a schedule whose task has not ended by the next time is not started then, and that is told', async () => {
    await withSchedule({}, async ({ room, at, told }) => {
      await at('2026-12-01T03:00:00Z');
      await at('2026-12-02T03:00:00Z');
      assert.equal(room.store.read().tasks.length, 1);
      assert.deepEqual(resultsIn(room), ['task', 'still-running']);
      assert.deepEqual(
        told.map(({ type }) => type),
        ['job-not-started'],
      );
    });
  });

  test('a job with a schedule whose host is gone is refused, once, and the log and the history say why', async () => {
    await withSchedule({ values: { room: ['gone'] } }, async ({ room, at, told }) => {
      await at('2026-12-01T03:00:00Z');
      await at('2026-12-01T03:00:05Z');
      assert.deepEqual(resultsIn(room), ['refused']);
      const [event] = told;
      assert.ok(event?.type === 'job-not-started');
      assert.match(event.error, /gone/);
    });
  });

  test('a job with a schedule that was missed while the server was down is told of, or started late if it may be', async () => {
    await withSchedule({}, async ({ room, at, told }) => {
      await at('2026-12-01T04:00:00Z');
      assert.deepEqual(room.store.read().tasks, []);
      assert.deepEqual(told, [{ type: 'job-missed', job: 'evening', schedule: 'daily', times: 1 }]);
      assert.deepEqual(resultsIn(room), ['missed']);
    });
    const missed = { type: 'run', withinMinutes: 120 };
    await withSchedule({ missed }, async ({ room, at }) => {
      await at('2026-12-02T04:00:00Z');
      assert.equal(room.store.read().tasks.length, 1);
      // The time a day before is told of, too.
      assert.deepEqual(resultsIn(room), ['task', 'missed']);
    });
  });

  test('a job with a schedule that was switched off is not started, and misses nothing when it is on again', async () => {
    await withSchedule({ isOn: false }, async ({ room, at }) => {
      await at('2026-12-01T03:00:00Z');
      const { job } = await room.tasks['job.show']({ job: 'evening' });
      const definition = definitionOf(Job.parse(job));
      for (const schedule of definition.schedules) schedule.isOn = true;
      await room.tasks['job.edit']({ job: 'evening', definition });
      await at(new Date().toISOString());
      assert.deepEqual(resultsIn(room), []);
    });
  });

  test('a job with a schedule learns what its task came to without being started again', async () => {
    await withSchedule({}, async ({ room, at }) => {
      await at('2026-12-01T03:00:00Z');
      const [task] = room.store.read().tasks;
      assert.ok(task !== undefined);
      await room.tasks['task.cancel']({ task: task.id, host: null });
      await at('2026-12-01T03:05:00Z');
      const [start] = room.store.read().jobStarts;
      assert.deepEqual(start?.result, { type: 'task', taskId: task.id, outcome: 'aborted' });
    });
  });

  test('a job with a schedule survives a restart of the server between its start and the next look', async () => {
    await withSchedule({}, async ({ room, at }) => {
      await at('2026-12-01T03:00:00Z');
      await room.restart();
      const { store, work, wakeScheduler, captured } = room;
      const clock = new JobClock({
        making: { store, work, wakeScheduler },
        log: captured.log,
        tell: () => undefined,
      });
      await clock.look(new Date('2026-12-01T03:00:02Z'));
      assert.deepEqual(resultsIn(room), ['task']);
    });
  });

  test('a job with a schedule is not started twice by a server whose clock is behind when it starts', async () => {
    await withSchedule({ missed: { type: 'run', withinMinutes: 1440 } }, async ({ room, at }) => {
      await at('2026-12-01T03:00:00Z');
      const [task] = room.store.read().tasks;
      assert.ok(task !== undefined);
      await room.tasks['task.cancel']({ task: task.id, host: null });
      // Started again without the time, and told it a minute later.
      await at('2020-01-01T00:00:00Z');
      await at('2026-12-01T03:10:00Z');
      assert.deepEqual(resultsIn(room), ['task']);
    });
  });

  test('a job with a schedule goes on after a clock that was wrong by years, an hour after the start of the server', async () => {
    await withSchedule({}, async ({ room, at, uptime }) => {
      await at('2036-12-01T03:00:00Z');
      const [task] = room.store.read().tasks;
      assert.ok(task !== undefined);
      await room.tasks['task.cancel']({ task: task.id, host: null });
      await at('2026-12-01T04:00:00Z');
      uptime(3_600_000);
      await at('2026-12-01T05:00:00Z');
      await at('2026-12-02T03:00:00Z');
      assert.equal(room.store.read().tasks.length, 2);
    });
  });

  test('a job with a schedule that is tried each minute while its task runs is told of once', async () => {
    const when = { type: 'cron', expression: '* * * * *', timeZone: 'UTC' };
    await withSchedule({ when }, async ({ at, told }) => {
      for (const minute of ['01', '02', '03', '04']) await at(`2026-12-01T03:${minute}:00Z`);
      assert.deepEqual(told.filter(({ type }) => type === 'job-not-started').length, 1);
    });
  });

  test('a job with a schedule that was switched off after it was looked at is not started', async () => {
    await withSchedule({}, async ({ room, at }) => {
      const change = room.store.change.bind(room.store);
      room.store.change = async (mutator, by) => {
        await change((data) => {
          for (const { schedules } of data.jobs) for (const each of schedules) each.isOn = false;
        });
        return change(mutator, by);
      };
      await at('2026-12-01T03:00:00Z');
      assert.deepEqual(room.store.read().tasks, []);
    });
  });

  test('a job with a schedule whose time zone is not known any more holds up no other, and is logged once', async () => {
    await withSchedule({}, async ({ room, at }) => {
      await room.store.change((data) => {
        const [job] = data.jobs;
        const [daily] = job?.schedules ?? [];
        assert.ok(job !== undefined && daily !== undefined);
        const when = { type: 'cron', expression: '0 3 * * *', timeZone: 'Mars/Base' } as const;
        job.schedules = [{ ...daily, name: 'gone', when }, daily];
      });
      await at('2026-12-01T03:00:00Z');
      await at('2026-12-01T03:00:05Z');
      assert.deepEqual(resultsIn(room), ['task']);
    });
  });

  test('a store that cannot be written does not end the clock: it is logged once, and looked again', async () => {
    await withSchedule({}, async ({ room, at }) => {
      const change = room.store.change.bind(room.store);
      room.store.change = () => Promise.reject(new Error('no space'));
      await at('2026-12-01T03:00:00Z');
      await at('2026-12-01T03:00:05Z');
      room.store.change = change;
      await at('2026-12-01T03:00:10Z');
      assert.equal(room.store.read().tasks.length, 1);
    });
  });
});
