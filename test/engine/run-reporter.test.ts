import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { RunLog } from '../../engine/run-log.ts';
import { RunReporter } from '../../engine/run-reporter.ts';
import type { ServerLink } from '../../engine/server-link.ts';
import { OperatorError } from '../../lib/errors.ts';
import { RunId } from '../../lib/model/ids.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import {
  ENGINE_METHODS,
  type EngineMethods,
  type ProgressReport,
  type RunEvent,
} from '../../lib/protocol/engine-api.ts';
import { SAMPLE_MANIFEST } from '../support/images.ts';
import {
  makeCertificate,
  startEngineServer,
  startLink,
  type EngineServer,
} from './engine-server.ts';
import { afterTest } from './scratch-disk.ts';
import { until } from '../support/wait.ts';

const RUN_ID = RunId.parse('run-0000000001');
const PROGRESS: ProgressReport = {
  stepId: null,
  step: null,
  total: { doneBytes: 1, totalBytes: 2, fraction: 0.5, bytesPerSecond: 0, remainingMs: null },
};

type StatusUpdate = Parameters<Handlers<EngineMethods>['statusUpdate']>[0];

async function report(
  t: TestContext,
  statusUpdate?: (update: StatusUpdate, server: () => EngineServer) => Promise<void>,
  firstSequence = 1,
): Promise<{ server: EngineServer; reporter: RunReporter; link: ServerLink }> {
  const certificate = await makeCertificate(t);
  const server: EngineServer = await startEngineServer(t, {
    certificate,
    handlers: {
      statusUpdate: async (update) => {
        await statusUpdate?.(update, () => server);
        return { acknowledgedSequence: update.firstSequence + update.events.length - 1 };
      },
    },
  });
  const link = startLink(t, { port: server.port, certificate });
  const reporter = new RunReporter({
    link,
    runId: RUN_ID,
    firstSequence,
    progress: () => PROGRESS,
    log: new RunLog({ secrets: [], counter: { next: 1 } }),
  });
  afterTest(t, () => {
    reporter.close();
    return Promise.resolve();
  });
  return { server, reporter, link };
}

function started(stepId: string): RunEvent {
  return { type: 'step-started', stepId };
}

/** The updates that carried events, as numbers and step ids. */
function updatesOf(server: EngineServer): [number, string[]][] {
  return server.calls
    .filter(({ name }) => name === 'statusUpdate')
    .map(({ params }) => ENGINE_METHODS.statusUpdate.params.parse(params))
    .filter(({ events }) => events.length > 0)
    .map(({ firstSequence, events }) => [
      firstSequence,
      events.map((event) => ('stepId' in event ? event.stepId : event.type)),
    ]);
}

test('Events are sent in order, numbered without a gap, and are safe when their sending resolves.', async (t) => {
  const { server, reporter } = await report(t, undefined, 41);
  const names = Array.from({ length: 25 }, (_, index) => `step-${index}`);
  for (const name of names.slice(0, -1)) reporter.tell(started(name));
  await reporter.send(started('step-24'));
  const updates = updatesOf(server);
  assert.deepEqual(
    updates.flatMap(([, events]) => events),
    names,
  );
  let next = 41;
  for (const [first, events] of updates) {
    assert.equal(first, next);
    next += events.length;
  }
  assert.equal(reporter.nextSequence, next);
});

test('What was on its way when the connection was lost is sent again with the same numbers.', async (t) => {
  let lost = 0;
  const { server, reporter } = await report(t, ({ events }, current) => {
    // The server has taken the events, but its answer never arrives.
    if (events.length > 0 && lost < 2) {
      lost += 1;
      current().drop();
    }
    return Promise.resolve();
  });
  reporter.tell(started('one'));
  await reporter.send(started('two'));
  const updates = updatesOf(server);
  assert.ok(updates.length >= 3);
  assert.ok(updates.slice(0, 3).every(([first]) => first === 1));
  assert.deepEqual(updates.at(-1)?.[1].at(-1), 'two');
  assert.equal(reporter.nextSequence, 3);
});

test('The server refuses a captured image: its sender hears why, and the other events are safe.', async (t) => {
  const { server, reporter } = await report(t, ({ events }) =>
    events.some(({ type }) => type === 'captured')
      ? Promise.reject(
          new OperatorError({
            code: 'image-store-full',
            message: 'storing the image',
            hint: 'Make room.',
            cause: new Error('ENOSPC'),
          }),
        )
      : Promise.resolve(),
  );
  const before = reporter.send(started('store-image'));
  const captured = reporter.send({ type: 'captured', image: SAMPLE_MANIFEST });
  const after = reporter.send(started('after'));
  await before;
  await assert.rejects(captured, (error: unknown) => {
    assert.ok(error instanceof OperatorError);
    assert.deepEqual([error.code, error.hint], ['image-store-full', 'Make room.']);
    assert.ok(error.cause instanceof Error && error.cause.message === 'ENOSPC');
    return true;
  });
  await after;
  const captures = updatesOf(server).filter(([, events]) => events.includes('captured'));
  assert.deepEqual(captures, [[2, ['captured']]]);
  assert.equal(reporter.nextSequence, 4);
});

test('Progress goes to the server by itself, without events, until the reporter is closed.', async (t) => {
  const { server, reporter } = await report(t);
  const reports = (): number =>
    server.calls.filter(({ name, params }) => {
      if (name !== 'statusUpdate') return false;
      const { events, progress } = ENGINE_METHODS.statusUpdate.params.parse(params);
      assert.deepEqual(events, []);
      assert.deepEqual(progress, PROGRESS);
      return true;
    }).length;
  await until('two reports came', () => reports() >= 2);
  reporter.close();
  assert.equal(reporter.nextSequence, 1);
});

test('A refused report is not sent for ever.', async (t) => {
  const { reporter } = await report(t, () =>
    Promise.reject(new OperatorError({ code: 'not-found', message: 'finding the run', hint: '' })),
  );
  await assert.rejects(reporter.send(started('one')), { code: 'not-found' });
  await assert.rejects(reporter.send(started('two')), { code: 'not-found' });
});
