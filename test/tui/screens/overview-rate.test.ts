/** The data rate that the overview shows: pure. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Run } from '../../../lib/model/task.ts';
import type { Status } from '../../../lib/model/status.ts';
import type { UiEvent } from '../../../tui/events.ts';
import { sampleRoom } from '../sample-room.ts';
import { after, start, SERVER, ROOM } from '../pure-ui.ts';

describe('the data rate of the overview', () => {
  const ofLast = (...events: readonly UiEvent[]): number =>
    Math.round((after(start(), ...events).state.model.rates.at(-1) ?? 0) / 1e6);
  const online: UiEvent = { type: 'connected', server: SERVER, now: 900 };
  const at = (now: number, status: Status): UiEvent[] => [
    { type: 'status', status, now },
    { type: 'tick', now },
  ];
  const withoutSessions = (status: Status, change: Partial<Run>): Status => ({
    ...status,
    sessions: [],
    tasks: status.tasks.map((task) => ({
      ...task,
      runs: task.runs.map((run) => (run.state === 'running' ? { ...run, ...change } : run)),
    })),
  });

  test('the data rate of the overview is what a transmission sends, once for all its hosts', () => {
    const statuses = [0.1, 0.2].map((share) => sampleRoom(share).status);
    const [first = ROOM.status, second = ROOM.status] = statuses;
    assert.equal(ofLast(online, ...at(1000, first), ...at(2000, second)), 9600);
    // A run of its own beside it.
    const [task = assert.fail()] = second.tasks;
    const alone = task.runs.map((run, index) => (index === 0 ? { ...run, sessionId: null } : run));
    const both = { ...second, tasks: [{ ...task, runs: alone }] };
    assert.equal(ofLast(online, ...at(1000, first), ...at(2000, both)), 9697);
  });

  test('the data rate of the overview is what runs without a transmission move, together', () => {
    const unicast = withoutSessions(ROOM.status, { sessionId: null });
    const rates = unicast.progress
      .filter((_, index) => index !== 3 && index !== 8)
      .map(({ total }) => total.bytesPerSecond / 1e6);
    const sum = rates.reduce((one, other) => one + other, 0);
    assert.equal(ofLast(online, ...at(1000, unicast)), Math.round(sum));
  });

  test('the data rate of the overview is nothing while hosts write the end of what was sent', () => {
    const sent = withoutSessions(ROOM.status, {});
    assert.equal(ofLast(online, ...at(1000, sent), ...at(2000, sent)), 0);
  });
});
