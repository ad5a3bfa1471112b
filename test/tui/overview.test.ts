/** The first screen: what a new server says, who is ready, and what failed until somebody has seen it. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Settings } from '../../lib/model/settings.ts';
import type { Task } from '../../lib/model/task.ts';
import { called, inRoom } from './in-room.ts';
import { sampleRoom } from './sample-room.ts';

const ROOM = sampleRoom(null);

describe('a new server', () => {
  for (const language of ['en', 'de'] as const) {
    test(`a new server says what to do first, step by step: ${language}`, async () => {
      const at = async (
        hosts: { total: number; pending: number },
        isOn: boolean,
        expected: readonly RegExp[],
      ): Promise<void> => {
        const status = {
          ...ROOM.status,
          tasks: [],
          hosts: { ...hosts, idle: 0, working: 0, off: hosts.total - hosts.pending },
        };
        await inRoom(
          async (driver) => {
            for (const each of expected) await driver.waitFor(each);
          },
          {
            share: null,
            language,
            waitsForImages: false,
            handlers: {
              'status.get': () => Promise.resolve(status),
              'status.watch': () => Promise.resolve(status),
              'image.list': () => Promise.resolve([]),
              'settings.get': () =>
                Promise.resolve(Settings.parse({ automaticRegistration: isOn })),
            },
          },
        );
      };
      const en = language === 'en';
      const none = { total: 0, pending: 0 };
      await at(none, true, en ? [/No machine is known/, /by itself/] : [/Noch ist/, /von selbst/]);
      await at(
        none,
        false,
        en ? [/No machine is known/, /Registration is off/] : [/Noch ist/, /Aufnahme ist aus/],
      );
      await at({ total: 5, pending: 5 }, true, [
        en ? /5 wait for approval: h a p/ : /5 zuzulassen: h a p/,
        en ? /a marks all/ : /a markiert alle/,
        /0 (ready|bereit)/,
      ]);
      await at({ total: 5, pending: 1 }, true, [
        en ? /no image yet/ : /kein Abbild/,
        en ? /c captures/ : /c nimmt/,
      ]);
    });
  }
});

describe('what went wrong', () => {
  const withTasks = (change: (task: Task) => Task): typeof ROOM.status => ({
    ...ROOM.status,
    tasks: ROOM.tasks.map(change),
  });

  test('what went wrong can be put away by a key, which tells the server', async () => {
    await inRoom(
      async (driver, server) => {
        await driver.waitFor('capture pc-07');
        driver.press('x');
        await driver.waitFor('Put away: capture pc-07');
        assert.deepEqual(called(server, 'task.putAway'), { task: ROOM.tasks[0]?.id });
        const putAway = { by: 'eva', at: '2026-11-21T08:00:00.000Z' };
        server.tell(withTasks((task) => ({ ...task, putAway })));
        await driver.waitFor('Nothing runs');
      },
      {
        share: null,
        handlers: {
          'task.putAway': () => Promise.resolve(ROOM.tasks[0] ?? assert.fail('no task')),
        },
      },
    );
  });

  test('what went wrong is not what an operator has cancelled', async () => {
    const status = withTasks((task) => ({
      ...task,
      runs: task.runs.map((run) => ({ ...run, state: 'aborted' as const })),
    }));
    await inRoom(
      async (driver) => {
        await driver.waitFor('Nothing runs');
      },
      { share: null, handlers: { 'status.watch': () => Promise.resolve(status) } },
    );
  });
});

test('on a large terminal the room goes to the tasks, not to the chart', async () => {
  await inRoom(
    async (driver) => {
      const { row } = await driver.find('Running now');
      assert.ok(row <= 17, `the tasks begin in row ${row}`);
    },
    { columns: 200, rows: 50 },
  );
});
