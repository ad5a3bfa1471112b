import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logEvent } from '../../engine/run-log-events.ts';
import { RunLog } from '../../engine/run-log.ts';
import { MAX_LOG_LINES_AT_ONCE } from '../../lib/protocol/engine-api.ts';

const TOKEN = 'a1'.repeat(32);

function textsOf(log: RunLog): string[] {
  return log.next().map(({ text }) => text);
}

test('Lines are numbered through all runs of the engine, and wait until they are dropped.', () => {
  const counter = { next: 1 };
  const first = new RunLog({ secrets: [], counter });
  first.add('info', 'one\r\ntwo\n\n');
  const second = new RunLog({ secrets: [], counter });
  second.add('error', 'three');
  assert.deepEqual(
    first.next().map(({ number, level, text }) => [number, level, text]),
    [
      [1, 'info', 'one'],
      [2, 'info', 'two'],
    ],
  );
  first.drop(1);
  assert.deepEqual(textsOf(first), ['two']);
  assert.equal(second.next()[0]?.number, 3);
});

test('The token of the run and what terminals act on are never in it.', () => {
  const log = new RunLog({ secrets: [TOKEN], counter: { next: 1 } });
  log.add('info', `curl -H token:${TOKEN} \u001b[2J${TOKEN}\u202e end`);
  logEvent(log, {
    type: 'step-ended',
    stepId: 'write-p1',
    state: 'failed',
    doneBytes: 10,
    notes: [],
    error: { code: 'tool-failed', message: TOKEN, causes: ['No space left', TOKEN], hint: TOKEN },
  });
  const text = textsOf(log).join('\n');
  assert.ok(!text.includes(TOKEN));
  assert.match(text, /curl -H token:\[secret\] {2}\[2J\[secret\]/);
  assert.match(text, /write-p1: failed[^]*because: No space left/);
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]/);
});

test('A tool that repeats itself is cut short and says so; errors pass, and later lines too.', () => {
  let now = 1_000_000;
  const log = new RunLog({ secrets: [], counter: { next: 1 }, now: () => now });
  for (let index = 0; index < 10_000; index += 1) log.add('info', `line ${index}`);
  log.add('error', 'it failed');
  assert.ok(log.waitingCount < 400);
  now += 60_000;
  log.add('info', 'later');
  const texts: string[] = [];
  while (log.waitingCount > 0) {
    const lines = log.next();
    assert.ok(lines.length <= MAX_LOG_LINES_AT_ONCE);
    texts.push(...lines.map(({ text }) => text));
    log.drop(lines.at(-1)?.number ?? 0);
  }
  assert.deepEqual(texts.slice(-3), [
    '9700 lines were left out here: too many at once',
    'it failed',
    'later',
  ]);
});

test('While the server is away the newest lines are kept, and none is too long for a report.', () => {
  let now = 0;
  const log = new RunLog({ secrets: [], counter: { next: 1 }, now: () => (now += 1000) });
  for (let index = 1; index <= 3000; index += 1) log.add('info', `line ${index}`);
  assert.equal(log.waitingCount, 1000);
  assert.equal(log.next()[0]?.text, 'line 2001');
  log.drop(3000);
  log.add('info', 'x'.repeat(100_000));
  assert.equal(log.next()[0]?.text.length, 1000);
});
