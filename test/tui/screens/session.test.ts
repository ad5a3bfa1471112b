/** A transmission against a small real server, by keys alone. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { waitUntil } from '../driver.ts';
import { called, inRoom } from '../in-room.ts';
import { ROOM_TIME } from '../room-units.ts';
import { sampleRoom } from '../sample-room.ts';

describe('transmission', () => {
  test('transmission shows total, loss and every host, and follows what the server pushes', async () => {
    await inRoom(async (driver, server) => {
      driver.press('v');
      const text = (await driver.waitFor('Transmission: deploy win11')).join('\n');
      assert.match(text, /sending +18 hosts receive/);
      assert.match(text, /38\.4 GB of 96\.0 GB sent/);
      assert.match(text, /Sent again: 1\.2 %/);
      assert.match(text, /pc-04 +✗ failed/);
      assert.match(text, /pc-09 +\? waiting/);
      server.tell(sampleRoom(0.75).status);
      await driver.waitFor('72.0 GB of 96.0 GB sent');
    });
  });

  test('transmission start now is disabled while it sends, and sent while it gathers', async () => {
    await inRoom(async (driver, server) => {
      driver.press('v', 's');
      await driver.waitFor('start now: it has started already');
      const { status } = sampleRoom(0.4);
      server.tell({
        ...status,
        sessions: status.sessions.map((each) => ({ ...each, state: 'gathering', sentBytes: 0 })),
      });
      await driver.waitFor('waiting for hosts');
      driver.press('s');
      await driver.waitFor('The transmission starts.');
      assert.deepEqual(called(server, 'session.start'), { session: 'session-0000000001' });
    });
  });

  test('transmission: a host is dropped from it, or all of it aborted, after the question', async () => {
    await inRoom(async (driver, server) => {
      driver.press('v', 'right');
      await driver.waitFor('x drop host');
      driver.press('x');
      await driver.waitFor('pc-02 alone; the others go on.');
      driver.press('y');
      await driver.waitFor('1 host is being cancelled');
      const task = 'task-0000000001';
      assert.deepEqual(called(server, 'task.cancel'), { task, host: 'host-0000000002' });
      driver.press('c');
      await driver.waitFor('18 hosts work, 1 waits');
      driver.press('y');
      await waitUntil('aborted', () => server.calls.at(-1)?.name === 'task.cancel');
      await waitUntil('as a whole', () => {
        const { params } = server.calls.findLast(({ name }) => name === 'task.cancel') ?? {};
        return JSON.stringify(params) === JSON.stringify({ task, host: null });
      });
    });
  });

  test('transmission: one that is over shows how every host ended, also when the server has forgotten it', async () => {
    await inRoom(async (driver, server) => {
      driver.press('v');
      await driver.waitFor('sending');
      const { status } = sampleRoom(1);
      const endedAt = '2026-11-21T07:30:00.000Z';
      const tasks = status.tasks.map((task) => ({
        ...task,
        runs: task.runs.map((run) =>
          run.state === 'running' || run.state === 'waiting'
            ? { ...run, state: 'completed' as const, startedAt: ROOM_TIME, endedAt }
            : run,
        ),
      }));
      const sessions = status.sessions.map((each) => ({
        ...each,
        state: 'finished' as const,
        endedAt,
      }));
      server.tell({ ...status, tasks, sessions, progress: [] });
      const text = (await driver.waitFor('finished')).join('\n');
      assert.match(text, /took 30:00 min/);
      assert.match(text, /pc-01 +✓ done/);
      driver.press('s');
      await driver.waitFor('start now: it is over');
      driver.press('c');
      await driver.waitFor('abort: the task has ended');
      server.tell({ ...status, tasks, sessions: [], progress: [] });
      const later = (await driver.waitFor(/ended +took 30:00 min/)).join('\n');
      assert.match(later, /18 of 18 hosts done/);
    });
  });

  test('transmission: a failed one says why, and what to do', async () => {
    await inRoom(async (driver, server) => {
      driver.press('v');
      await driver.waitFor('sending');
      const { status } = sampleRoom(0.5);
      const error = {
        code: 'session-failed' as const,
        message: 'sending to the room',
        hint: 'Look at the switch.',
        causes: ['no receiver connected to the sender'],
      };
      const sessions = status.sessions.map((each) => ({
        ...each,
        state: 'failed' as const,
        endedAt: ROOM_TIME,
        error,
      }));
      server.tell({ ...status, sessions });
      const text = (await driver.waitFor('Look at the switch.')).join('\n');
      assert.match(text, /sending to the room: no receiver/);
    });
  });

  test('transmission: arrow keys go through the grid, Enter opens a host', async () => {
    await inRoom(async (driver) => {
      driver.press('v', 'right', 'down', 'enter');
      await driver.waitFor('Replace the disk.');
      await driver.waitFor('pc-04: deploy win11 to room-1');
    });
  });
});
