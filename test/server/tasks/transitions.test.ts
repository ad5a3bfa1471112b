import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EngineInstanceId, SessionId } from '../../../lib/model/ids.ts';
import type { Run, Task } from '../../../lib/model/task.ts';
import type { RunEvent } from '../../../lib/protocol/engine-api.ts';
import { transition } from '../../../server/tasks/transitions.ts';
import type { Effect, Transition, WorkEvent } from '../../../server/tasks/work-event.ts';
import { operationEnded, plan, started, stepEnded } from '../../support/run-events.ts';
import { assignedTo, CAPTURE, DEPLOY, newTask, NOON, SESSION, SHUTDOWN } from './work-world.ts';

const FIRST = EngineInstanceId.parse('engine-0000000001');

function reported(run: Run, ...events: readonly RunEvent[]): WorkEvent {
  return {
    type: 'reported',
    by: 'engine',
    events,
    isResumable: true,
    identityOf: () => undefined,
    lastSequence: run.eventSequence + events.length,
  };
}

/** The last transition of `events`, one after the other. */
function after(
  item: { readonly task: Task; readonly run: Run },
  events: readonly (WorkEvent | ((run: Run) => WorkEvent))[],
  now = NOON,
): Transition {
  let made: Transition = { run: item.run, effects: [] };
  for (const event of events) {
    const next = typeof event === 'function' ? event(made.run) : event;
    made = transition({ task: item.task, run: made.run }, next, now);
  }
  return made;
}

function kinds({ effects }: Transition): Effect['type'][] {
  return effects.map(({ type }) => type);
}

const AT_WORK = [
  assignedTo(FIRST, SESSION),
  (run: Run) => reported(run, plan('clear-disk', 'write-p1'), started('clear-disk')),
];
const END = ['forget-progress', 'leave-session', 'stop-awaiting', 'log-end'] as const;

describe('a transition of a run', () => {
  test('a transition of a run leaves the record that it is given as it was', () => {
    const item = newTask(DEPLOY);
    const before = JSON.stringify(item);
    after(item, [...AT_WORK, { type: 'worker-lost', reason: 'gone' }]);
    assert.equal(JSON.stringify(item), before);
  });

  test('a transition of a run to its end releases what was kept of it, whichever way it ends', () => {
    const ends: (readonly [string, readonly (WorkEvent | ((run: Run) => WorkEvent))[]])[] = [
      ['completed', [...AT_WORK, (run) => reported(run, operationEnded())]],
      ['failed', [...AT_WORK, (run) => reported(run, operationEnded('failed'))]],
      ['failed', [{ type: 'not-assigned', error: gone() }]],
      ['aborted', [{ type: 'cancelled', operator: 'eva', isWorkerConnected: false }]],
    ];
    for (const [state, events] of ends) {
      const made = after(newTask(DEPLOY), events);
      assert.equal(made.run.state, state);
      assert.deepEqual(kinds(made), [...END, 'release']);
    }
  });

  test('a transition of a run to "interrupted" releases nothing: its engine may still finish it', () => {
    const made = after(newTask(CAPTURE), [...AT_WORK, { type: 'worker-lost', reason: 'gone' }]);
    assert.equal(made.run.state, 'interrupted');
    assert.deepEqual(kinds(made), END);
  });

  test('a transition of a run between two operations leaves the session, and stays at work', () => {
    const made = after(newTask(DEPLOY, SHUTDOWN), [
      ...AT_WORK,
      (run) => reported(run, stepEnded('write-p1'), operationEnded()),
    ]);
    assert.deepEqual([made.run.state, made.run.operationIndex], ['running', 1]);
    assert.deepEqual(kinds(made), ['forget-progress', 'forget-progress', 'leave-session']);
  });

  test('a transition of a run by a session that missed the host offers the work again', () => {
    const missed = operationEnded('failed', { code: 'session-missed', diskOutcome: 'untouched' });
    const made = after(newTask(DEPLOY), [...AT_WORK, (run) => reported(run, missed)]);
    assert.equal(made.run.state, 'waiting');
    assert.deepEqual(kinds(made), [
      'forget-progress',
      'leave-session',
      'stop-awaiting',
      'offer-work',
    ]);
  });

  test('a transition of a run by a cancel waits for the engine only when one is connected', () => {
    const cancel = (isWorkerConnected: boolean): WorkEvent => ({
      type: 'cancelled',
      operator: 'eva',
      isWorkerConnected,
    });
    const connected = after(newTask(DEPLOY), [...AT_WORK, cancel(true)]);
    assert.deepEqual([connected.run.state, kinds(connected)], ['running', ['await-worker']]);
    const alone = after(newTask(DEPLOY), [...AT_WORK, cancel(false)]);
    assert.deepEqual([alone.run.state, kinds(alone)], ['interrupted', END]);
  });

  test('a transition of a run that assigns a run which was cancelled meanwhile takes it out of its session again', () => {
    const made = after(newTask(DEPLOY), [
      { type: 'cancelled', operator: 'eva', isWorkerConnected: true },
      assignedTo(FIRST, SESSION),
    ]);
    assert.equal(made.run.state, 'aborted');
    assert.deepEqual(kinds(made), ['forget-progress', 'leave-session', 'stop-awaiting', 'release']);
  });

  test('a transition of a run by a drop concerns only who receives by that session', () => {
    const drop: WorkEvent = { type: 'dropped', sessionId: SESSION, reason: 'silent' };
    const receiving = after(newTask(DEPLOY), [...AT_WORK, drop]);
    assert.deepEqual(kinds(receiving), ['log-drop', 'end-receiving', 'recount-session']);
    assert.equal(receiving.run.droppedFrom, SESSION);
    const other = after(newTask(DEPLOY), [
      assignedTo(FIRST, SessionId.parse('session-0000000002')),
      drop,
    ]);
    assert.deepEqual([other.run.droppedFrom, kinds(other)], [null, []]);
  });
});

function gone(): Extract<WorkEvent, { type: 'not-assigned' }>['error'] {
  return { code: 'not-found', message: 'finding the image', hint: 'Look.', causes: [] };
}
