/** What always holds of a run, whatever happens to it in whatever order (docs/design/work.md). */

import assert from 'node:assert/strict';
import { after, before, describe, mock, test } from 'node:test';
import fc from 'fast-check';
import type { Operation } from '../../../lib/model/operation.ts';
import { giveTo } from '../../support/given-worker.ts';
import { isEnded } from '../../../lib/model/task.ts';
import { plan, started, stepEnded } from '../../support/run-events.ts';
import { CAPTURE, DEPLOY, HOUR_MS, PARTITION, SESSION, SHUTDOWN, World } from './work-world.ts';

type Happening = { readonly title: string; readonly act: (world: World) => void };

const HAPPENINGS: readonly Happening[] = [
  { title: 'a new start of the engine connects', act: (world) => world.connect(false) },
  { title: 'the same engine connects again', act: (world) => world.connect(true) },
  { title: 'a new start of the agent connects', act: (world) => world.connect(false, 'agent') },
  { title: 'the same agent connects again', act: (world) => world.connect(true, 'agent') },
  { title: 'the connection is lost', act: (world) => world.disconnect() },
  { title: 'the worker asks for work', act: (world) => world.askForWork() },
  {
    title: 'it plans and begins',
    act: (world) => world.report(plan('clear-disk', 'write-p1'), started('clear-disk')),
  },
  { title: 'a step ends', act: (world) => world.report(stepEnded('clear-disk')) },
  {
    title: 'the operation is completed',
    act: (world) => world.endOperation('completed', 'disk-busy'),
  },
  { title: 'it fails', act: (world) => world.endOperation('failed', 'disk-busy') },
  {
    title: 'the session does not reach the host',
    act: (world) => world.endOperation('failed', 'session-failed'),
  },
  { title: 'it is aborted', act: (world) => world.endOperation('aborted', 'disk-busy') },
  { title: 'the server begins what is its own', act: (world) => world.serverBegins() },
  {
    title: 'the server plans and begins a step',
    act: (world) => world.serverReports(plan('clear-disk', 'tell'), started('clear-disk')),
  },
  { title: 'a step of the server ends', act: (world) => world.serverReports(stepEnded('tell')) },
  { title: 'the server completes its operation', act: (world) => world.serverEnds('completed') },
  { title: 'the server fails at it', act: (world) => world.serverEnds('failed') },
  { title: 'the server is restarted', act: (world) => world.serverRestarts(true) },
  { title: 'the server is restarted for good', act: (world) => world.serverRestarts(false) },
  { title: 'an operator cancels', act: (world) => world.cancel() },
  {
    title: 'the sender drops the host',
    act: (world) => world.happens({ type: 'dropped', sessionId: SESSION, reason: 'silent' }),
  },
  { title: 'what was awaited did not come in time', act: (world) => world.timerEnds() },
  { title: 'ten minutes pass', act: (world) => world.timePasses(HOUR_MS / 6) },
  { title: 'a day passes', act: (world) => world.timePasses(25 * HOUR_MS) },
  { title: 'the clock is set back', act: (world) => world.timePasses(-3 * HOUR_MS) },
];

const happening = fc
  .integer({ min: 0, max: HAPPENINGS.length - 1 })
  .map((index) => HAPPENINGS[index] ?? { title: 'nothing', act: () => undefined });

type Walk = readonly [readonly Operation[], readonly Happening[]];

function walked([operations, happenings]: Walk): World {
  const world = new World(operations);
  for (const { title, act } of happenings) {
    world.log.push(`- ${title}`);
    act(world);
    world.check();
  }
  return world;
}

/** The host is where it is wanted, or goes there, and the next worker does the next operation. */
function goOn(world: World): void {
  world.timePasses(0);
  if (isEnded(world.run.state)) return;
  const { by } = world;
  if (by === 'server') {
    world.serverBegins();
    world.serverEnds(world.run.cancelRequested ? 'aborted' : 'completed');
    return;
  }
  if (world.worker !== null && world.worker.kind !== by) world.askForWork();
  if (isEnded(world.run.state)) return;
  if (world.worker?.kind !== by) world.connect(false, by);
  if (world.worker?.hasRun !== true) world.askForWork();
  world.report(plan('clear-disk'), started('clear-disk'), stepEnded('clear-disk'));
  world.endOperation('completed', 'disk-busy');
}

function holdsFor(tasks: readonly (readonly Operation[])[]): void {
  const walk = fc.tuple(
    fc.constantFrom(...tasks),
    fc.array(happening, { maxLength: 50 }),
  ) satisfies fc.Arbitrary<Walk>;

  test('a run is always with somebody who ends it, or is awaited, or waits, or has ended', () => {
    fc.assert(
      fc.property(walk, (steps) => {
        walked(steps);
      }),
      { numRuns: 3000 },
    );
  });

  test('a run ends when its host never comes again', () => {
    fc.assert(
      fc.property(walk, (steps) => {
        const world = walked(steps);
        world.disconnect();
        for (let times = 0; times < 4; times += 1) {
          if (world.by === 'server') goOn(world);
          world.timerEnds();
        }
        world.timePasses(400 * 24 * HOUR_MS);
        assert.ok(isEnded(world.run.state), world.log.join('\n'));
      }),
      { numRuns: 1000 },
    );
  });

  test('a run ends when its host comes back and does all it is asked', () => {
    fc.assert(
      fc.property(walk, (steps) => {
        const world = walked(steps);
        for (let times = 0; times < 16 && !isEnded(world.run.state); times += 1) {
          goOn(world);
          world.check();
        }
        assert.ok(isEnded(world.run.state), world.log.join('\n'));
      }),
      { numRuns: 1000 },
    );
  });

  test('a run stays as it ended, but for an interrupted one that its worker finishes', () => {
    fc.assert(
      fc.property(walk, ([operations, happenings]) => {
        const world = new World(operations);
        for (const { act } of happenings) {
          const { run } = world;
          act(world);
          if (!isEnded(run.state) || run.state === 'interrupted') continue;
          assert.deepEqual(
            { ...world.run, eventSequence: 0, cancelRequested: false },
            { ...run, eventSequence: 0, cancelRequested: false },
          );
        }
      }),
      { numRuns: 1000 },
    );
  });
}

describe('whatever happens in whatever order, of operations of the engine', () => {
  holdsFor([[DEPLOY], [CAPTURE], [DEPLOY, SHUTDOWN], [CAPTURE, DEPLOY, SHUTDOWN]]);
});

describe('whatever happens in whatever order, of operations of all workers', () => {
  before(() => {
    giveTo('agent', 'partition');
    giveTo('server', 'capture');
  });
  after(() => mock.restoreAll());
  holdsFor([
    [DEPLOY, CAPTURE, PARTITION, SHUTDOWN],
    [PARTITION, DEPLOY, SHUTDOWN],
    [CAPTURE, CAPTURE, DEPLOY],
    [DEPLOY, PARTITION, CAPTURE],
    [PARTITION],
    [CAPTURE],
  ]);
});
