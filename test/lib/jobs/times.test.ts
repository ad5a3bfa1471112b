/** Schedules at the days on which clocks are changed, on servers that were down, and by clocks that jump. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dueTimes, nextTime, plannedStarts, timesFault } from '../../../lib/jobs/times.ts';
import { Schedule, type ScheduleTimes } from '../../../lib/model/job.ts';

const DAY_MS = 86_400_000;

function cron(expression: string, timeZone: string): ScheduleTimes {
  return { type: 'cron', expression, timeZone };
}

function timesAfter(times: ScheduleTimes, from: string, count: number): string[] {
  const found: string[] = [];
  for (let next = nextTime(times, new Date(from)); next !== null && found.length < count;) {
    found.push(next.toISOString().slice(0, 16));
    next = nextTime(times, next);
  }
  return found;
}

function schedule(change: Partial<Schedule>): Schedule {
  return Schedule.parse({
    name: 'daily',
    when: cron('0 3 * * *', 'Europe/Berlin'),
    mark: '2026-12-01T00:00:00.000Z',
    ...change,
  });
}

describe('the times of a schedule', () => {
  test('the times of a schedule that do not exist when clocks go forward are the first instant after the gap', () => {
    assert.deepEqual(timesAfter(cron('30 2 * * *', 'Europe/Berlin'), '2026-03-27T12:00:00Z', 3), [
      '2026-03-28T01:30',
      '2026-03-29T01:00',
      '2026-03-30T00:30',
    ]);
    assert.deepEqual(
      timesAfter(cron('30 2 * * *', 'America/New_York'), '2026-03-06T12:00:00Z', 3),
      ['2026-03-07T07:30', '2026-03-08T07:00', '2026-03-09T06:30'],
    );
    // By half an hour: 02:15 is in the gap.
    assert.deepEqual(
      timesAfter(cron('15 2 * * *', 'Australia/Lord_Howe'), '2026-10-02T12:00:00Z', 3),
      ['2026-10-02T15:45', '2026-10-03T15:30', '2026-10-04T15:15'],
    );
  });

  test('the times of a schedule that exist twice when clocks go back are the first of the two', () => {
    assert.deepEqual(timesAfter(cron('30 2 * * *', 'Europe/Berlin'), '2026-10-23T12:00:00Z', 3), [
      '2026-10-24T00:30',
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ]);
    assert.deepEqual(
      timesAfter(cron('30 1 * * *', 'America/New_York'), '2026-10-30T12:00:00Z', 3),
      ['2026-10-31T05:30', '2026-11-01T05:30', '2026-11-02T06:30'],
    );
    assert.deepEqual(
      timesAfter(cron('45 1 * * *', 'Australia/Lord_Howe'), '2026-04-03T14:50:00Z', 2),
      ['2026-04-04T14:45', '2026-04-05T15:15'],
    );
  });

  test('the time of a schedule for once is a local time, and none afterwards', () => {
    const once: ScheduleTimes = { type: 'once', at: '2026-12-24T18:00', timeZone: 'Europe/Berlin' };
    assert.deepEqual(timesAfter(once, '2026-12-01T00:00:00Z', 2), ['2026-12-24T17:00']);
    assert.deepEqual(timesAfter(once, '2026-12-24T17:00:00Z', 2), []);
  });

  test('the times of a schedule that are none say why', () => {
    const now = new Date('2026-12-01T00:00:00Z');
    assert.equal(timesFault(cron('0 3 * * 6', 'Europe/Berlin'), now), null);
    for (const [bad, why] of [
      [cron('0 3 * *', 'UTC'), /five/],
      [cron('* * * * * *', 'UTC'), /5 parts/],
      [cron('61 * * * *', 'UTC'), /minute/],
      [cron('0 3 31 2 *', 'UTC'), /no day/],
      [cron('0 3 * * *', 'Mars/Base'), /Mars/],
      [cron('2027-02-01T10:00:00', 'UTC'), /five fields/],
      [{ type: 'once', at: '2027-02-31T10:00', timeZone: 'UTC' }, /a day that exists/],
    ] as const) {
      assert.match(timesFault(bad, now) ?? 'no fault', why);
    }
    const past: ScheduleTimes = { type: 'once', at: '2020-01-01T00:00', timeZone: 'UTC' };
    assert.equal(timesFault(past, now), null);
    assert.notEqual(timesFault({ ...past, at: '2026-13-01T00:00' }, now), null);
  });

  test('the times of several schedules are planned soonest first, those that are off left out', () => {
    const schedules = [
      schedule({}),
      schedule({ name: 'noon', when: cron('0 12 * * *', 'UTC') }),
      schedule({ name: 'never', isOn: false }),
    ];
    assert.deepEqual(plannedStarts(schedules, new Date('2026-12-01T05:00:00Z'), 3), [
      { schedule: 'noon', at: '2026-12-01T12:00:00.000Z' },
      { schedule: 'daily', at: '2026-12-02T02:00:00.000Z' },
      { schedule: 'noon', at: '2026-12-02T12:00:00.000Z' },
    ]);
  });
});

describe('what a schedule wants', () => {
  test('what a schedule wants is a start at its time, once', () => {
    const before = dueTimes(schedule({}), new Date('2026-12-01T01:59:59.999Z'));
    assert.deepEqual(before, { start: null, missed: 0, mark: '2026-12-01T00:00:00.000Z' });
    const due = dueTimes(schedule({}), new Date('2026-12-01T02:00:04Z'));
    assert.deepEqual(due, {
      start: new Date('2026-12-01T02:00:00Z'),
      missed: 0,
      mark: '2026-12-01T02:00:00.000Z',
    });
    const { mark } = due;
    // The clock is put back by an hour.
    for (const now of ['2026-12-01T02:00:04Z', '2026-12-01T01:00:00Z', '2026-12-01T02:30:00Z']) {
      assert.equal(dueTimes(schedule({ mark }), new Date(now)).start, null);
    }
  });

  test('what a schedule wants after a server was down is nothing, or what its missed start may be late by', () => {
    const now = new Date('2026-12-03T04:00:00Z');
    assert.deepEqual(dueTimes(schedule({}), now), {
      start: null,
      // The first of them, which stands for all that are older than a day, and yesterday's and today's.
      missed: 2,
      mark: '2026-12-03T02:00:00.000Z',
    });
    const patient = schedule({ missed: { type: 'run', withinMinutes: 120 } });
    assert.deepEqual(dueTimes(patient, now), {
      start: new Date('2026-12-03T02:00:00Z'),
      missed: 1,
      mark: '2026-12-03T02:00:00.000Z',
    });
    const impatient = schedule({ missed: { type: 'run', withinMinutes: 119 } });
    assert.equal(dueTimes(impatient, now).start, null);
  });

  test('what a schedule of every minute wants after a year is told within a bounded number of steps', () => {
    const often = schedule({ when: cron('* * * * *', 'UTC'), mark: '2025-12-01T00:00:00.000Z' });
    const due = dueTimes(often, new Date('2026-12-01T00:00:30Z'));
    assert.deepEqual(due.start, new Date('2026-12-01T00:00:00Z'));
    assert.ok(due.missed <= 25 * 60 + 1, String(due.missed));
  });

  test('what a schedule wants is not held up by a mark of a clock that was wrong by years', () => {
    const now = new Date('2026-12-01T12:00:00Z');
    const wrong = schedule({ mark: '2036-12-01T00:00:00.000Z' });
    const { start, mark } = dueTimes(wrong, now);
    assert.deepEqual([start, mark], [null, now.toISOString()]);
    const due = dueTimes(schedule({ mark }), new Date(now.getTime() + DAY_MS));
    assert.deepEqual(due.mark, '2026-12-02T02:00:00.000Z');
  });

  test('what a schedule wants that is off is nothing, and its mark stays', () => {
    const off = schedule({ isOn: false });
    assert.deepEqual(dueTimes(off, new Date('2026-12-09T00:00:00Z')), {
      start: null,
      missed: 0,
      mark: off.mark,
    });
  });
});
