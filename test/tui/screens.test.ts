/** The whole UI against a small real server: every screen by keys alone. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OperatorError } from '../../lib/errors.ts';
import { startSmallServer, withSocketPath } from '../cli/small-server.ts';
import { waitUntil, withDriver } from './driver.ts';
import { called, inRoom, type RoomHandlers } from './in-room.ts';
import { ROOM_TIME, roomHandlers, sampleRoom } from './sample-room.ts';
import { HALF_WRITTEN_BY, watchedRoom } from './watched-room.ts';
import { verbatim } from '../../lib/model/messages/table.ts';

describe('overview', () => {
  test('overview shows the server, the running task with its progress, and what failed', async () => {
    await inRoom(async (driver) => {
      const text = (await driver.waitFor('deploy win11 to room-1')).join('\n');
      assert.match(text, /Hosts +30 {2}20 working {2}6 ready {2}4 off/);
      assert.match(text, /2 wait for approval: h a p/);
      assert.match(text, /running +█+.* 38 % +0\/20 {2}deploy win11/);
      assert.match(text, /✗ failed .* 1\/2 {2}capture pc-07 to win11/);
    });
  });

  test('overview: a half-written host is neither ready nor off, and named', async () => {
    const isBroken = new Set(['pc-21', 'pc-27']);
    const { handlers } = watchedRoom((host) =>
      isBroken.has(host.name)
        ? {
            ...host,
            halfWritten: { disk: '/dev/sda', since: host.registeredAt, runId: HALF_WRITTEN_BY },
          }
        : host,
    );
    await inRoom(
      async (driver) => {
        const text = (await driver.waitFor('half written')).join('\n');
        assert.match(text, /Hosts +30 {2}20 working {2}5 ready {2}3 off/);
        assert.match(text, /✗ 2 half written: pc-21, pc-27/);
      },
      { handlers },
    );
  });

  test('overview: what the server complains of is seen below all the rest', async () => {
    const { status } = sampleRoom();
    const problems = Array.from({ length: 2 }, (_, index) => ({
      what: verbatim(`problem ${index + 1}`),
      hint: verbatim('Look.'),
    }));
    await inRoom(async (driver, server) => {
      server.tell({ ...status, problems });
      await driver.waitFor('problem 2: Look.');
    });
  });

  test('overview in German, by LANG or option', async () => {
    await inRoom(
      async (driver) => {
        const text = (await driver.waitFor('Übersicht')).join('\n');
        assert.match(text, /20 in Arbeit/);
        assert.match(text, /h Rechner {2}g Gruppen/);
      },
      { language: 'de' },
    );
  });

  test('overview in ASCII not one byte of its own output is above 127', async () => {
    await inRoom(
      async (driver) => {
        for (const key of [
          'g',
          'escape',
          'i',
          'enter',
          'escape',
          'escape',
          't',
          'enter',
          'enter',
        ]) {
          const before = driver.written.length;
          driver.press(key);
          await waitUntil(`${key} is painted`, () => driver.written.length > before);
        }
        await driver.waitFor('write partition 1');
        // Names of others are theirs: everything else is ours.
        const own = driver.written.replaceAll(/Übungsraum|Köln|Ä|Ö|ü/g, '');
        assert.match(own, /^[\x00-\x7f]*$/);
      },
      { unicode: false, colours: 0, terminal: 'vt100' },
    );
  });
});

describe('images', () => {
  test('images lists them with size, versions and source', async () => {
    await inRoom(async (driver) => {
      driver.press('i');
      const text = (await driver.waitFor('4 images')).join('\n');
      assert.match(text, /win11 +240 GB +3 {2}20\d\d-\d\d-\d\d \d\d:\d\d {2}pc-07/);
      assert.match(text, /empty-one +- +0 {2}-/);
    });
  });

  test('images: details draw the disk to scale and list partitions and versions', async () => {
    await inRoom(
      async (driver, server) => {
        driver.press('i', 'enter');
        const lines = await driver.waitFor('The disk, to scale');
        const text = lines.join('\n');
        const border = lines.find((line) => line.includes('┌1')) ?? '';
        const [, , , windows = '', , data = ''] = border.split('┬');
        assert.ok(Math.abs(windows.length / data.length - 250 / 200) < 0.1, border);
        assert.match(text, /3 +ntfs +Windows +250 GB +150 GB/);
        assert.match(text, /4 +ext4 +Daten für alle/);
        assert.match(text, /version-0000000010/);
        assert.deepEqual(called(server, 'image.show'), { image: 'image-0000000001' });
      },
      { columns: 120, rows: 40 },
    );
  });

  test('images: a new name is checked while it is typed, and sent', async () => {
    await inRoom(async (driver, server) => {
      driver.press('i', 'e');
      await driver.waitFor('Rename image win11');
      driver.press('\u0015', 'Empty-One', 'enter');
      await driver.waitFor('another image has this name');
      driver.press('\u0015', 'Raum Ä', 'enter');
      await driver.waitFor('The image is called Raum Ä now.');
      const wanted = { image: 'image-0000000001', name: 'Raum Ä' };
      assert.deepEqual(called(server, 'image.rename'), wanted);
    });
  });

  test('deleting is not possible while a task needs the image, and says so', async () => {
    await inRoom(async (driver, server) => {
      driver.press('i', 'x');
      await driver.waitFor('delete: an unfinished task uses the image: cancel it first');
      assert.equal(called(server, 'image.delete'), undefined);
    });
  });

  test('images: deleting names what will be lost; Enter alone does not do it, y does', async () => {
    await inRoom(
      async (driver, server) => {
        driver.press('i', 'x');
        await driver.waitFor('will be gone for good, with all 3 versions (288 GB)');
        driver.press('enter');
        driver.press('n');
        await driver.waitFor((lines) => !lines.join().includes('gone for good'));
        assert.equal(called(server, 'image.delete'), undefined);
        driver.press('x');
        await driver.waitFor('gone for good');
        driver.press('y');
        await driver.waitFor('The image win11 is deleted.');
        assert.deepEqual(called(server, 'image.delete'), { image: 'image-0000000001' });
      },
      { share: null },
    );
  });

  test('images: verifying says what it found', async () => {
    await inRoom(async (driver) => {
      driver.press('i', 'v');
      await driver.waitFor('The version is sound: 5 files, 42.0 MB read.');
    });
  });

  test('images: damage is shown file by file, with a hint', async () => {
    const damaged: RoomHandlers = {
      'image.verify': ({ image }) =>
        Promise.resolve([
          {
            imageId: image,
            versionId: 'version-0000000010',
            filesChecked: 5,
            bytesChecked: 42,
            problems: [{ file: 'p1.partclone.zst', problem: verbatim('the hash is another one') }],
          },
        ]),
    };
    await inRoom(
      async (driver) => {
        driver.press('i', 'v');
        const text = (await driver.waitFor('1 file is damaged.')).join('\n');
        assert.match(text, /p1\.partclone\.zst: the hash is another one/);
        assert.match(text, /Capture the image again/);
      },
      { handlers: damaged },
    );
  });
});

describe('groups', () => {
  test('groups are listed with the states of their hosts', async () => {
    await inRoom(async (driver) => {
      driver.press('g');
      const text = (await driver.waitFor('3 groups, 3 hosts without one')).join('\n');
      assert.match(text, /room-1 +20 +- +20 +-/);
      assert.match(text, /Übungsraum 2 +7 +6 +- +1/);
    });
  });

  test('groups: a new one is made by name', async () => {
    await inRoom(async (driver, server) => {
      driver.press('g', 'n');
      await driver.waitFor('New group');
      driver.press('enter');
      await driver.waitFor('a name cannot be empty');
      driver.press('Labor', 'enter');
      await driver.waitFor('The group Labor is made.');
      assert.deepEqual(called(server, 'group.create'), { name: 'Labor', hosts: [] });
    });
  });

  test('groups: members are marked, and saved together', async () => {
    await inRoom(async (driver, server) => {
      driver.press('g', 'down', 'enter');
      await driver.waitFor('Hosts of group Übungsraum 2');
      await driver.waitFor('7 in the group');
      driver.press('space');
      await driver.waitFor('6 in the group; not saved yet: 0 to come, 1 to go');
      driver.press('down', 'down', 'down', 'down', 'down', 'down', 'space');
      await driver.waitFor('7 in the group; not saved yet: 1 to come, 1 to go');
      driver.press('s');
      await driver.waitFor('The group Übungsraum 2 is saved.');
      assert.deepEqual(called(server, 'group.edit'), {
        group: 'group-0000000002',
        add: ['host-0000000028'],
        remove: ['host-0000000021'],
      });
    });
  });

  test('groups: leaving with unsaved members is asked about', async () => {
    await inRoom(async (driver, server) => {
      driver.press('g', 'enter');
      await driver.waitFor('20 in the group');
      driver.press('space');
      await driver.waitFor('1 to go');
      driver.press('escape');
      await driver.waitFor('Leave without saving');
      driver.press('y');
      await driver.waitFor('3 groups');
      assert.equal(called(server, 'group.edit'), undefined);
    });
  });

  test('groups: what the server refuses is told with its hint', async () => {
    const refusing: RoomHandlers = {
      'group.create': () =>
        Promise.reject(
          new OperatorError({
            code: 'name-taken',
            message: 'making the group "Labor": there is one already',
            hint: 'Choose another name.',
          }),
        ),
    };
    await inRoom(
      async (driver) => {
        driver.press('g', 'n', 'Labor', 'enter');
        const text = (await driver.waitFor('Failed: making the group Labor')).join('\n');
        assert.match(text, /there is one already/);
        assert.match(text, /Choose another name\./);
        driver.press('escape');
        await driver.waitFor((lines) => !lines.join().includes('Failed'));
      },
      { handlers: refusing },
    );
  });
});

describe('tasks', () => {
  test('tasks are listed newest first, running ones with their percentage', async () => {
    await inRoom(async (driver) => {
      driver.press('t');
      const text = (await driver.waitFor('1 under way, 3 listed')).join('\n');
      assert.match(text, /● running 38 % +deploy win11 to room-1 +0\/20/);
      assert.match(text, /✗ failed +capture pc-07 to win11 +1\/2 +12:34 min/);
    });
  });

  test('tasks: a failed host shows the error, its cause and what to do', async () => {
    await inRoom(async (driver) => {
      driver.press('t', 'enter', 'down', 'down', 'down');
      const text = (await driver.waitFor('Replace the disk.')).join('\n');
      assert.match(text, /What happened +writing to \/dev\/sda1/);
      assert.match(text, /Cause +No space left on device/);
      assert.match(text, /it was half written and then made unbootable/);
    });
  });

  test('tasks: cancelling asks first, and can be for one host alone', async () => {
    await inRoom(async (driver, server) => {
      driver.press('t', 'enter', 'x');
      await driver.waitFor('pc-01 alone; the others go on.');
      driver.press('y');
      await waitUntil('cancelled', () => called(server, 'task.cancel') !== undefined);
      assert.deepEqual(called(server, 'task.cancel'), {
        task: 'task-0000000001',
        host: 'host-0000000001',
      });
      driver.press('c');
      await driver.waitFor('18 hosts work, 1 waits');
    });
  });

  test('an ended task cannot be cancelled, and says so', async () => {
    await inRoom(async (driver, server) => {
      driver.press('t', 'down', 'c');
      await driver.waitFor('cancel: the task has ended');
      assert.equal(called(server, 'task.cancel'), undefined);
    });
  });

  test('tasks: the log opens at its end and goes back', async () => {
    await inRoom(async (driver) => {
      driver.press('t', 'enter', 'l');
      await driver.waitFor('line 59 of the log');
      driver.press('home');
      await driver.waitFor('The beginning is left out.');
    });
  });
});

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

describe('the connection', () => {
  test('the connection: a server that goes away leaves a banner and the last data, and is found again', async () => {
    await withSocketPath(async (socketPath) => {
      const handlers = roomHandlers(sampleRoom(0.4));
      const first = await startSmallServer(socketPath, handlers);
      await withDriver({ socketPath }, async (driver) => {
        await driver.waitFor('deploy win11 to room-1');
        await first.close();
        const text = (await driver.waitFor('No connection for')).join('\n');
        assert.match(text, /deploy win11 to room-1/);
        const second = await startSmallServer(socketPath, handlers);
        try {
          await driver.waitFor((lines) => !lines.join().includes('No connection'));
        } finally {
          await second.close();
        }
      });
    });
  });
});
