import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { LogEntry } from '../../../lib/model/log-entry.ts';
import { watchLog } from '../../../server/watches/log-watch.ts';

function entryOf(number: number): LogEntry {
  return LogEntry.parse({
    number,
    at: '2026-11-30T12:00:00.000Z',
    times: 1,
    event: { type: 'server-started', version: '0.3.0' },
  });
}

test('a program that does not read the log is sent nothing more, and all of it once it reads again', (t) => {
  mock.timers.enable({ apis: ['setInterval'] });
  t.after(() => mock.timers.reset());
  const entries: LogEntry[] = [];
  let tell: (news: readonly LogEntry[]) => void = () => undefined;
  let isBehind = false;
  const sent: number[][] = [];
  const stop = watchLog({
    events: {
      entries,
      listen: (listener) => {
        tell = listener;
        return () => true;
      },
    },
    isBehind: () => isBehind,
    send: (each) => sent.push(each.map(({ number }) => number)),
  });
  const add = (number: number): void => {
    const entry = entryOf(number);
    entries.push(entry);
    tell([entry]);
  };
  add(1);
  isBehind = true;
  add(2);
  add(3);
  mock.timers.tick(60_000);
  assert.deepEqual(sent, [[1]]);
  isBehind = false;
  mock.timers.tick(1000);
  assert.deepEqual(sent, [[1], [1, 2, 3]]);
  add(4);
  assert.deepEqual(sent, [[1], [1, 2, 3], [4]]);
  isBehind = true;
  add(5);
  stop();
  isBehind = false;
  mock.timers.tick(60_000);
  assert.equal(sent.length, 3);
});
