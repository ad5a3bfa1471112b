import assert from 'node:assert/strict';
import { once, EventEmitter } from 'node:events';
import { describe, test } from 'node:test';
import { ChangeSignal } from '../../../server/events/change-signal.ts';

/** A signal whose listener tells the test of each time it is called. */
function listening(intervalMs: number): {
  signal: ChangeSignal;
  faults: unknown[];
  stop: () => void;
  called: () => Promise<unknown>;
  count: () => number;
} {
  const faults: unknown[] = [];
  const signal = new ChangeSignal((error) => faults.push(error));
  const calls = new EventEmitter();
  let count = 0;
  const stop = signal.listen(intervalMs, () => {
    count += 1;
    calls.emit('call');
    return Promise.resolve();
  });
  return { signal, faults, stop, called: () => once(calls, 'call'), count: () => count };
}

/** Resolves when all timers that are due have fired. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  await new Promise((resolve) => setImmediate(resolve));
}

describe('a change', () => {
  test('a change is heard once, however many come together', async () => {
    const { signal, called, count, stop } = listening(60_000);
    for (let change = 0; change < 100; change += 1) signal.emit();
    await called();
    await settled();
    assert.equal(count(), 1);
    stop();
  });

  test('a change: soon after another is heard when the interval is over', async () => {
    const { signal, called, count, stop } = listening(10);
    signal.emit();
    await called();
    signal.emit();
    signal.emit();
    await called();
    await settled();
    assert.equal(count(), 2);
    stop();
  });

  test('a change is heard by every listener, and by none that has stopped', async () => {
    const { signal, called, count, stop } = listening(0);
    let others = 0;
    const stopOther = signal.listen(0, () => {
      others += 1;
      return Promise.resolve();
    });
    signal.emit();
    await called();
    await settled();
    assert.deepEqual([count(), others], [1, 1]);
    signal.emit();
    stopOther();
    await called();
    await settled();
    assert.deepEqual([count(), others], [2, 1]);
    stop();
  });

  test('a change is heard also when the clock was set back', async (t) => {
    const now = Date.now();
    t.mock.timers.enable({ apis: ['Date'], now });
    const { signal, called, count, stop } = listening(1);
    signal.emit();
    await called();
    t.mock.timers.reset();
    t.mock.timers.enable({ apis: ['Date'], now: now - 86_400_000 });
    signal.emit();
    await called();
    assert.equal(count(), 2);
    stop();
  });

  for (const [how, act] of [
    ['fails', () => Promise.reject(new Error('broken'))],
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
  ] as const)
    test(`a change whose listener ${how} is told, and the next one is heard again`, async () => {
      const faults: unknown[] = [];
      const told = new EventEmitter();
      const signal = new ChangeSignal((error) => {
        faults.push(error);
        told.emit('fault');
      });
      const stop = signal.listen(0, act);
      for (let count = 1; count <= 2; count += 1) {
        const fault = once(told, 'fault');
        signal.emit();
        await fault;
        assert.equal(faults.length, count);
      }
      stop();
    });
});
