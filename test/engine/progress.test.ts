import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ProgressMeter } from '../../engine/progress.ts';
import { ProgressReport } from '../../lib/protocol/engine-api.ts';
import { verbatim } from '../../lib/model/messages/table.ts';

const MB = 1_000_000;

/** A meter whose clock is told the time. */
function meterAt(): { meter: ProgressMeter; pass: (ms: number) => void } {
  let now = 1000;
  return { meter: new ProgressMeter(() => now), pass: (ms) => (now += ms) };
}

const PLAN = [
  { id: 'check', title: verbatim('check'), totalBytes: null, writes: true },
  { id: 'write', title: verbatim('write'), totalBytes: 100 * MB, writes: true },
  { id: 'sync', title: verbatim('sync'), totalBytes: null, writes: true },
];

test('Before a plan there is nothing to report, and after all steps all is done.', () => {
  const { meter } = meterAt();
  assert.equal(meter.report().total.fraction, 0);
  meter.plan(PLAN);
  for (const { id } of PLAN) {
    meter.begin(id);
    meter.end(id);
  }
  const { stepId, step, total } = meter.report();
  assert.deepEqual([stepId, step, total.fraction, total.remainingMs], [null, null, 1, null]);
});

test('A steady rate gives the bytes per second, and the time left of the step and of the whole.', () => {
  const { meter, pass } = meterAt();
  meter.plan(PLAN);
  meter.begin('write');
  for (let second = 1; second <= 4; second += 1) {
    pass(1000);
    meter.update(second * 10 * MB, null, null);
  }
  const { stepId, step, total } = meter.report();
  assert.equal(stepId, 'write');
  assert.deepEqual(step, {
    doneBytes: 40 * MB,
    totalBytes: 100 * MB,
    fraction: 0.4,
    bytesPerSecond: 10 * MB,
    remainingMs: 6000,
  });
  // The two small steps weigh 8 MB each.
  assert.equal(total.totalBytes, 116 * MB);
  assert.equal(total.remainingMs, 7600);
});

test('The rate follows a change within seconds, and does not jump with one reading.', () => {
  const { meter, pass } = meterAt();
  meter.plan(PLAN);
  meter.begin('write');
  pass(1000);
  meter.update(10 * MB, null, null);
  pass(1000);
  meter.update(10 * MB, null, null);
  const stalled = meter.report().step?.bytesPerSecond ?? 0;
  assert.ok(stalled > 7 * MB && stalled < 10 * MB, String(stalled));
  for (let second = 0; second < 30; second += 1) {
    pass(1000);
    meter.update(10 * MB, null, null);
  }
  assert.ok((meter.report().step?.bytesPerSecond ?? MB) < MB / 10);
});

test('Many small readings do not make a rate of their own.', () => {
  const { meter, pass } = meterAt();
  meter.plan(PLAN);
  meter.begin('write');
  for (let reading = 1; reading <= 1000; reading += 1) {
    pass(1);
    meter.update(reading * 10_000, null, null);
  }
  assert.equal(meter.report().step?.bytesPerSecond, 10 * MB);
});

test('A total that is better known later, and a fraction that the tool measured, count.', () => {
  const { meter, pass } = meterAt();
  meter.plan(PLAN);
  meter.begin('write');
  pass(1000);
  meter.update(10 * MB, 40 * MB, 0.25);
  const { step, total } = meter.report();
  assert.deepEqual([step?.totalBytes, step?.fraction], [40 * MB, 0.25]);
  assert.equal(total.totalBytes, 56 * MB);
});

test('From one stream to the next the rate goes on; a step without bytes has none.', () => {
  const { meter, pass } = meterAt();
  meter.plan([...PLAN, { id: 'more', title: verbatim('more'), totalBytes: MB, writes: true }]);
  meter.begin('write');
  pass(1000);
  meter.update(50 * MB, null, null);
  meter.end('write');
  assert.equal(meter.doneBytesOf('write'), 50 * MB);
  meter.begin('more');
  const { step } = meter.report();
  assert.deepEqual([step?.bytesPerSecond, step?.remainingMs, step?.doneBytes], [50 * MB, 20, 0]);
  meter.begin('sync');
  const sync = meter.report().step;
  assert.deepEqual([sync?.bytesPerSecond, sync?.remainingMs], [0, null]);
});

test('Whatever is measured, the report fits its schema and the whole never goes back while steps only go on.', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          wait: fc.nat(5000),
          done: fc.nat(200 * MB),
          fraction: fc.option(fc.double({ min: 0, max: 2, noNaN: true })),
        }),
      ),
      (readings) => {
        const { meter, pass } = meterAt();
        meter.plan(PLAN);
        for (const { id } of PLAN) {
          meter.begin(id);
          for (const { wait, done, fraction } of readings) {
            pass(wait);
            meter.update(done, null, fraction);
            ProgressReport.parse(meter.report());
          }
          const before = meter.report().total.fraction;
          meter.end(id);
          assert.ok(meter.report().total.fraction >= before);
        }
        assert.equal(meter.report().total.fraction, 1);
      },
    ),
  );
});
