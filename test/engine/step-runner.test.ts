import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { abortError, raceAbort, RunStopped } from '../../engine/abort.ts';
import { ProgressMeter } from '../../engine/progress.ts';
import {
  runSteps,
  type OperationEnd,
  type PlannedOperation,
  type StepWork,
} from '../../engine/step-runner.ts';
import { OperatorError } from '../../lib/errors.ts';
import { RunEvent } from '../../lib/protocol/engine-api.ts';
import { english } from '../support/messages.ts';
import { verbatim } from '../../lib/model/messages/table.ts';

type Heard = { readonly log: string[]; readonly events: RunEvent[] };

function step(id: string, work: StepWork['work'] = () => Promise.resolve(undefined)): StepWork {
  return { id, title: verbatim(`do ${id}`), totalBytes: null, writes: id !== 'check', work };
}

function operation(
  { log }: Heard,
  steps: StepWork[],
  changes: Partial<PlannedOperation> = {},
): PlannedOperation {
  return {
    disk: '/dev/sda',
    steps,
    outcome: 'complete',
    leave: null,
    cleanUp: () => {
      log.push('clean-up');
      return Promise.resolve('cleared');
    },
    release: () => {
      log.push('release');
      return Promise.resolve();
    },
    ...changes,
  };
}

/** Carries out and writes down everything in the order in which it happened. */
async function perform(
  make: (heard: Heard) => PlannedOperation,
  options: { signal?: AbortSignal; send?: () => Promise<void> } = {},
): Promise<Heard & { end: OperationEnd }> {
  const heard: Heard = { log: [], events: [] };
  const hear = (event: RunEvent): void => {
    heard.events.push(RunEvent.parse(event));
    heard.log.push('stepId' in event ? `${event.type} ${event.stepId}` : event.type);
  };
  const end = await runSteps(
    make(heard),
    3,
    new ProgressMeter(),
    {
      emit: hear,
      emitDurably: async (event) => {
        await options.send?.();
        hear(event);
      },
      fault: (what) => heard.log.push(`fault: ${what}`),
    },
    options.signal ?? new AbortController().signal,
  );
  RunEvent.parse(end);
  return { ...heard, end };
}

test('The plan is with the server before the first step begins.', async () => {
  let acknowledge = (): void => undefined;
  const acknowledged = new Promise<void>((resolve) => (acknowledge = resolve));
  const worked: string[] = [];
  const performing = perform(
    (heard) => operation(heard, [step('one', () => Promise.resolve(void worked.push('one')))]),
    { send: () => acknowledged },
  );
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(worked, []);
  acknowledge();
  const { log, events, end } = await performing;
  assert.deepEqual(log, ['plan', 'step-started one', 'step-ended one', 'release']);
  assert.deepEqual(events[0], {
    type: 'plan',
    steps: [
      {
        id: 'one',
        title: { id: 'verbatim', params: { text: 'do one' } },
        totalBytes: null,
        writes: true,
      },
    ],
    disk: '/dev/sda',
    leave: null,
  });
  assert.deepEqual(end, {
    type: 'operation-ended',
    operationIndex: 3,
    outcome: 'completed',
    diskOutcome: 'complete',
    error: null,
  });
});

test('A plan that the server refuses ends the operation before its first step.', async () => {
  const { log, end } = await perform((heard) => operation(heard, [step('one')]), {
    send: () =>
      Promise.reject(new OperatorError({ code: 'not-found', message: 'no run', hint: '' })),
  });
  assert.deepEqual(log, ['clean-up', 'release']);
  assert.deepEqual([end.outcome, end.error?.code], ['failed', 'not-found']);
});

test('A step ends completed, warned or skipped with what was found, and one warning warns of the whole.', async () => {
  const { events, end } = await perform((heard) =>
    operation(heard, [
      step('one', ({ progress }) => {
        progress(1234.4);
        return Promise.resolve({ state: 'completed', notes: [verbatim('found')] });
      }),
      step('two', () => Promise.resolve({ state: 'warned', notes: [verbatim('odd')] })),
      step('three', () => Promise.resolve({ state: 'skipped', notes: [verbatim('not needed')] })),
    ]),
  );
  const ends = events.flatMap((event) =>
    event.type === 'step-ended' ? [[event.state, english(event.notes), event.doneBytes]] : [],
  );
  assert.deepEqual(ends, [
    ['completed', 'found', 1234],
    ['warned', 'odd', 0],
    ['skipped', 'not needed', 0],
  ]);
  assert.deepEqual([end.outcome, end.diskOutcome], ['warned', 'complete']);
});

test('A failure is reported before anything is cleaned up, ends the operation, and says what is on the disk.', async () => {
  const cause = new OperatorError({ code: 'tool-failed', message: 'running dd', hint: 'Look.' });
  const { log, events, end } = await perform((heard) =>
    operation(heard, [step('one', () => Promise.reject(cause)), step('two')]),
  );
  assert.deepEqual(log, ['plan', 'step-started one', 'step-ended one', 'clean-up', 'release']);
  const failed = events.at(-1);
  assert.ok(failed?.type === 'step-ended');
  assert.equal(failed.state, 'failed');
  // A tool's failure says by itself not what was being done: the step does.
  assert.deepEqual(failed.error, {
    code: 'tool-failed',
    message: 'do one',
    hint: 'Look.',
    causes: ['running dd'],
  });
  assert.deepEqual([end.outcome, end.diskOutcome, end.error], ['failed', 'cleared', failed.error]);
});

test('An error that already says what was being done stays as it is; a bug is an internal error.', async () => {
  const busy = new OperatorError({ code: 'disk-busy', message: 'checking', hint: 'Unmount.' });
  const first = await perform((heard) =>
    operation(heard, [step('one', () => Promise.reject(busy))]),
  );
  assert.deepEqual([first.end.error?.code, first.end.error?.message], ['disk-busy', 'checking']);
  const second = await perform((heard) =>
    operation(heard, [step('one', () => Promise.reject(new TypeError('undefined is not')))]),
  );
  assert.equal(second.end.error?.code, 'internal-error');
});

test('When cleaning up fails the disk is in an unknown state, and what was held is given back still.', async () => {
  const { log, end } = await perform((heard) =>
    operation(heard, [step('one', () => Promise.reject(new Error('x')))], {
      cleanUp: () => Promise.reject(new Error('the disk is gone')),
    }),
  );
  assert.equal(end.diskOutcome, 'unknown');
  assert.deepEqual(log.slice(-2), ['fault: making the disk unbootable', 'release']);
});

test('What cannot be given back does not change how the operation ended.', async () => {
  const { log, end } = await perform((heard) =>
    operation(heard, [step('one')], { release: () => Promise.reject(new Error('busy')) }),
  );
  assert.equal(end.outcome, 'completed');
  assert.equal(log.at(-1), 'fault: giving back the disk');
});

describe('A run that is stopped', () => {
  for (const [stopped, outcome, code] of [
    ['aborted', 'aborted', 'cancelled'],
    ['failed', 'failed', 'session-failed'],
    ['given-up', 'failed', 'interrupted'],
  ] as const) {
    test(`A run that is stopped by the server as ${stopped} ends at once, also when its step hangs`, async () => {
      const stop = new AbortController();
      const { log, events, end } = await perform(
        (heard) =>
          operation(heard, [
            step('one', () => {
              setImmediate(() => stop.abort(new RunStopped(stopped, 'alice cancelled it')));
              return new Promise(() => undefined);
            }),
            step('two'),
          ]),
        { signal: stop.signal },
      );
      assert.deepEqual(log, ['plan', 'step-started one', 'step-ended one', 'clean-up', 'release']);
      const ended = events.at(-1);
      assert.ok(ended?.type === 'step-ended');
      assert.equal(ended.state, outcome);
      assert.deepEqual(
        [ended.error?.code, ended.error?.message],
        [code, 'do one: alice cancelled it'],
      );
      assert.deepEqual([end.outcome, end.diskOutcome], [outcome, 'cleared']);
    });
  }

  test('A run that is stopped while the plan is on its way does not begin', async () => {
    const stop = new AbortController();
    const { log, end } = await perform((heard) => operation(heard, [step('one')]), {
      signal: stop.signal,
      send: () => {
        stop.abort(new RunStopped('aborted', 'alice cancelled it'));
        return new Promise(() => undefined);
      },
    });
    assert.deepEqual(log, ['clean-up', 'release']);
    assert.equal(end.outcome, 'aborted');
  });

  test('A run that is stopped does not crash the engine when its step fails afterwards', async () => {
    const stop = new AbortController();
    let fail = (): void => undefined;
    const { end } = await perform(
      (heard) =>
        operation(heard, [
          step('one', () => {
            setImmediate(() => stop.abort(new RunStopped('aborted', 'alice cancelled it')));
            return new Promise((_, reject) => (fail = () => reject(new Error('too late'))));
          }),
        ]),
      { signal: stop.signal },
    );
    assert.equal(end.outcome, 'aborted');
    fail();
    // An unhandled rejection would end this process now.
    await new Promise((resolve) => setImmediate(resolve));
  });
});

test('Work that ends before the stop gives its result, and leaves no listener behind.', async () => {
  const stop = new AbortController();
  assert.equal(await raceAbort(stop.signal, 'working', Promise.resolve(7)), 7);
  stop.abort();
  await assert.rejects(raceAbort(stop.signal, 'working', new Promise(() => undefined)), {
    code: 'cancelled',
  });
});

test('A stop without a reason is a cancellation.', () => {
  const stop = new AbortController();
  stop.abort();
  const error = abortError(stop.signal, 'writing');
  assert.deepEqual([error.code, error.message], ['cancelled', 'writing: stopped']);
});
