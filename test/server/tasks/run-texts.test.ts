import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorReport } from '../../../lib/model/error-report.ts';
import { message, verbatim } from '../../../lib/model/messages/table.ts';
import type { RunEvent } from '../../../lib/protocol/engine-api.ts';
import {
  MAX_RUN_NOTE_BYTES,
  MAX_RUN_TITLE_BYTES,
  withRoomFor,
} from '../../../server/tasks/run-texts.ts';
import { operationEnded, plan, started, stepEnded } from '../../support/run-events.ts';
import { withRoom } from '../sample-room.ts';
import { givenRun } from './given-run.ts';

/** Four bytes a character: as long a text as a note may have. */
const LONG = verbatim('🙂'.repeat(128));
const NOTES = Array.from({ length: 20 }, () => LONG);

function wordy(stepId: string, error: ErrorReport | null = null): RunEvent {
  return { type: 'step-ended', stepId, state: 'failed', doneBytes: 0, notes: NOTES, error };
}

function report(length: number): ErrorReport {
  const text = 'x'.repeat(length);
  return { code: 'internal-error', message: text, hint: text, causes: [text, text] };
}

function ended(error: ErrorReport): RunEvent {
  return {
    type: 'operation-ended',
    operationIndex: 0,
    outcome: 'failed',
    diskOutcome: 'untouched',
    error,
  };
}

test('a run whose host says too much keeps the first notes, and each later step says how many were left out', async () => {
  await withRoom({}, async (room) => {
    const task = await room.capture(1);
    const engine = await room.connect(1);
    const { runId } = await engine.nextWork();
    const names = Array.from({ length: 100 }, (_, index) => `write-p${index}`);
    await engine.report(runId, plan(...names));
    for (let first = 0; first < names.length; first += 10) {
      const some = names.slice(first, first + 10);
      await engine.report(
        runId,
        ...some.flatMap((name) => [started(name), wordy(name, report(1000))]),
      );
    }
    const { steps } = room.run(task, 1);
    const said = steps.flatMap(({ notes, error }) => [...notes, error]);
    const ours = steps.length * 400;
    assert.ok(Buffer.byteLength(JSON.stringify(said)) < MAX_RUN_NOTE_BYTES + ours);
    assert.deepEqual(steps[0]?.notes, NOTES);
    const last = steps.at(-1);
    assert.deepEqual(last?.notes, [message('note.notes-left-out', { count: 20 })]);
    const short = `${'x'.repeat(119)}…`;
    assert.deepEqual(last.error, {
      code: 'internal-error',
      causes: [],
      message: short,
      hint: short,
    });
    await engine.report(runId, ended(report(4000)));
    assert.deepEqual(room.run(task, 1).error?.message, short);
  });
});

test('what a real run says of its steps is kept as it is', () => {
  const events = [stepEnded('write-p1'), wordy('write-p2', report(4000)), operationEnded()];
  assert.deepEqual(withRoomFor(givenRun(), events), events);
});

test('a plan whose titles are too long together is refused, and no step of it is stored', async () => {
  await withRoom({}, async (room) => {
    const task = await room.capture(1);
    const engine = await room.connect(1);
    const { runId } = await engine.nextWork();
    const names = Array.from(
      { length: Math.ceil(MAX_RUN_TITLE_BYTES / 512) },
      (_, each) => `p${each}`,
    );
    const long = plan(...names);
    assert.ok(long.type === 'plan');
    const steps = long.steps.map((step) => ({ ...step, title: LONG }));
    await assert.rejects(engine.report(runId, { ...long, steps }), { code: 'bad-message' });
    assert.deepEqual(room.run(task, 1).steps, []);
    // A shorter one is taken.
    assert.equal(await engine.reportAt(runId, 1, { ...long, steps: steps.slice(0, 100) }), 1);
  });
});
