import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Refusals } from '../../../server/net/refusals.ts';
import { captureLog } from '../captured-log.ts';

describe('what is refused', () => {
  test('what is refused leaves a line of each address and kind, and the number of those that it stands for', () => {
    const { log, lines } = captureLog();
    const refusals = new Refusals(log);
    for (let round = 0; round < 1000; round += 1) {
      refusals.note('data-refused', '10.0.0.1', { url: `/${round}` });
      refusals.note('call-refused', '10.0.0.1', { call: 'register' });
      refusals.note('call-refused', '10.0.0.2', { call: 'register' });
    }
    assert.equal(lines.length, 3);
    refusals.close();
    assert.deepEqual(
      lines.slice(3).map(({ event, address, suppressed }) => [event, address, suppressed]),
      [
        ['data-refused', '10.0.0.1', 999],
        ['call-refused', '10.0.0.1', 999],
        ['call-refused', '10.0.0.2', 999],
      ],
    );
  });

  test('what is refused is cut where it is long', () => {
    const { log, lines } = captureLog();
    const refusals = new Refusals(log);
    refusals.note('data-refused', '10.0.0.1', {
      url: 'x'.repeat(15_000),
      error: new Error('y'.repeat(15_000)),
    });
    refusals.close();
    assert.ok(JSON.stringify(lines).length < 800, JSON.stringify(lines));
  });

  test('what is refused comes from so many addresses that they share a line', () => {
    const { log, lines } = captureLog();
    const refusals = new Refusals(log);
    for (let index = 0; index < 5000; index += 1)
      refusals.note('data-refused', `10.0.${index}`, {});
    assert.equal(lines.length, 1001);
    refusals.close();
    assert.deepEqual(lines.at(-1)?.suppressed, 3999);
  });
});
