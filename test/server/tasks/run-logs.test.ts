import assert from 'node:assert/strict';
import { readdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { EngineInstanceId, RunId } from '../../../lib/model/ids.ts';
import type { RunLogLine } from '../../../lib/protocol/engine-api.ts';
import { RunLogs, type RunLogsOptions } from '../../../server/tasks/run-logs.ts';
import { scratchDirectory } from '../../engine/scratch-disk.ts';

const ENGINE = EngineInstanceId.parse('engine-0000000001');
const RESTARTED = EngineInstanceId.parse('engine-0000000002');

function runId(number: number): RunId {
  return RunId.parse(`run-${String(number).padStart(10, '0')}`);
}

function line(number: number, text = `line ${number}`, level: RunLogLine['level'] = 'info') {
  return { number, at: '2026-11-21T12:00:00.000Z', level, text };
}

async function openLogs(
  t: TestContext,
  options: Partial<RunLogsOptions> = {},
): Promise<{ logs: RunLogs; directory: string }> {
  const dataDirectory = await scratchDirectory(t);
  const logs = await RunLogs.open({
    dataDirectory,
    knownRuns: () => new Set(Array.from({ length: 10 }, (_, index) => runId(index))),
    ...options,
  });
  return { logs, directory: join(dataDirectory, 'logs') };
}

test('What is sent twice is kept once, and a new start of the engine goes on.', async (t) => {
  const { logs, directory } = await openLogs(t);
  await logs.append(runId(1), ENGINE, [line(5), line(6)]);
  await Promise.all([
    logs.append(runId(1), ENGINE, [line(6), line(7, 'bad', 'error')]),
    logs.append(runId(1), ENGINE, [line(7, 'bad', 'error')]),
  ]);
  await logs.append(runId(1), RESTARTED, [line(1, 'again')]);
  assert.deepEqual(await logs.read(runId(1), 10_000), {
    lines: [
      '2026-11-21T12:00:00.000Z INFO  line 5',
      '2026-11-21T12:00:00.000Z INFO  line 6',
      '2026-11-21T12:00:00.000Z ERROR bad',
      '2026-11-21T12:00:00.000Z INFO  again',
    ],
    isCut: false,
  });
  assert.equal((await stat(join(directory, `${runId(1)}.log`))).mode & 0o777, 0o640);
  assert.equal((await stat(directory)).mode & 0o027, 0);
  assert.deepEqual(await logs.read(runId(2), 10_000), { lines: [], isCut: false });
});

test('A log has an end, says so once, and what went wrong still gets in.', async (t) => {
  const { logs } = await openLogs(t, { maxBytes: 400 });
  for (let number = 1; number <= 100; number += 1)
    await logs.append(runId(1), ENGINE, [line(number)]);
  await logs.append(runId(1), ENGINE, [line(101, 'it failed', 'error')]);
  const { lines } = await logs.read(runId(1), 10_000);
  assert.ok(lines.length < 20);
  assert.equal(lines.filter((each) => each.startsWith('what follows is left out')).length, 1);
  assert.match(lines.at(-1) ?? '', /ERROR it failed$/);
});

test('Of a long log the end is read, in whole lines.', async (t) => {
  const { logs } = await openLogs(t);
  await logs.append(
    runId(1),
    ENGINE,
    Array.from({ length: 50 }, (_, index) => line(index + 1)),
  );
  const { lines, isCut } = await logs.read(runId(1), 100);
  assert.equal(isCut, true);
  assert.deepEqual(
    lines,
    [49, 50].map((each) => `2026-11-21T12:00:00.000Z INFO  line ${each}`),
  );
});

test('Logs go with their tasks, and the oldest when they are too many; other files stay.', async (t) => {
  const known = new Set([runId(1), runId(2), runId(3), runId(4)]);
  const { logs, directory } = await openLogs(t, { knownRuns: () => known, maxLogs: 2 });
  await logs.append(runId(1), ENGINE, [line(1)]);
  await logs.append(runId(2), ENGINE, [line(2)]);
  known.delete(runId(2));
  await logs.append(runId(3), ENGINE, [line(3)]);
  assert.deepEqual((await readdir(directory)).toSorted(), [`${runId(1)}.log`, `${runId(3)}.log`]);
  // Which are the oldest the runs say: the clock was wrong when this was written.
  await utimes(join(directory, `${runId(1)}.log`), new Date(), new Date('2040-01-01'));
  await logs.append(runId(4), ENGINE, [line(4)]);
  assert.deepEqual((await readdir(directory)).toSorted(), [`${runId(3)}.log`, `${runId(4)}.log`]);
});
