import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseWaitEnd } from '../../../lib/client/wait-end.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A moment in local time, without daylight saving between it and those below. */
function local(day: number, hours: number, minutes = 0): number {
  return new Date(2026, 10, day, hours, minutes).getTime();
}

const NOW = local(10, 14, 30);

describe('the end of waiting', () => {
  const readable: readonly [string, number][] = [
    ['90m', 90 * MINUTE],
    ['90 min', 90 * MINUTE],
    ['1h', HOUR],
    ['24 h', DAY],
    ['3d', 3 * DAY],
    ['3 D', 3 * DAY],
    ['18:00', local(10, 18) - NOW],
    // The next time that it is.
    ['14:30', local(11, 14, 30) - NOW],
    ['9:05', local(11, 9, 5) - NOW],
    // The whole day.
    ['2026-11-10', local(11, 0) - NOW],
    ['2026-11-12', local(13, 0) - NOW],
    ['2026-11-12 08:00', local(12, 8) - NOW],
    ['2026-11-12T08:00', local(12, 8) - NOW],
    [' 1h ', HOUR],
  ];
  for (const [text, expected] of readable) {
    test(`the end of waiting: "${text}" is read`, () => {
      assert.equal(parseWaitEnd(text, NOW), expected);
    });
  }

  const refused = [
    '',
    'tomorrow',
    '1',
    '0m',
    '0h',
    '-1h',
    '1.5h',
    '400d',
    '24:00',
    '8:60',
    '18',
    '18h30',
    '2026-11-09',
    '2026-11-10 14:30',
    '2026-02-31',
    '2026-13-01',
    '2028-01-01',
    '10.11.2026',
    '2026-11-12 ',
    'T08:00',
    ' 08:00x',
    '99999999h',
    'never',
  ];
  for (const text of refused.filter((each) => each.trim() !== '2026-11-12')) {
    test(`the end of waiting: "${text}" is refused`, () => {
      assert.equal(parseWaitEnd(text, NOW), null);
    });
  }
});
