/** blessed and the terminal: what comes in, what goes out, what stays behind. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { screenOf } from '../../tui/actions.ts';
import { textForm } from '../../tui/components/form-dialog.ts';
import { TOP } from '../../tui/values/selection.ts';
import { answered } from '../../tui/requests.ts';
import type { Screen } from '../../tui/screen-states.ts';
import { waitUntil, withDriver, type Driver } from './driver.ts';
import { sampleRoom } from './sample-room.ts';
import { verbatim } from '../../lib/model/messages/table.ts';

const ROOM = sampleRoom(0.4);
const GROUP = ROOM.groups[0] ?? assert.fail('the room has a group');

/** What the server of the sample room says, without a server. */
function tellRoom({ app }: Driver): void {
  const now = Date.now();
  const server = { ...ROOM.status.server, isLoginNeeded: false };
  app.put({ type: 'connected', server, now });
  app.put({ type: 'status', status: ROOM.status, now });
  app.put(answered('host.list', [...ROOM.hosts]));
  app.put(answered('group.list', [...ROOM.groups]));
  app.put(answered('image.list', [...ROOM.images]));
}

/** Shows lines of text as they are. */
function showing(text: string): Screen {
  const [run = assert.fail()] = ROOM.tasks[0]?.runs ?? [];
  const read = { lines: text.split('\n'), isCut: false };
  return screenOf('log', { run, hostName: 'pc-01', read, first: 0 });
}

const MEMBERS = screenOf('group-members', { groupId: GROUP.id, changes: {}, selection: TOP });

/** Of the event loop. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('keys', () => {
  test('keys: arrive under one name each, once', async () => {
    const keys: string[] = [];
    const typing = screenOf('group-add', { form: textForm('Name', ''), hostIds: [] });
    await withDriver({ screen: typing }, async (driver) => {
      const { app } = driver;
      const put = app.put.bind(app);
      app.put = (event) => {
        if (event.type === 'key') keys.push(event.key.name);
        put(event);
      };
      driver.press('a', 'ß', 'Q', 'tab', 'shift-tab', 'up', 'pageup', 'home', 'delete');
      driver.press('backspace', 'enter', 'space', '\u0015', '7', '漢');
      await waitUntil('the last key is there', () => keys.includes('漢'));
      assert.deepEqual(keys, [
        'a',
        'ß',
        'Q',
        'tab',
        'S-tab',
        'up',
        'pageup',
        'home',
        'delete',
        'backspace',
        'enter',
        'space',
        'C-u',
        '7',
        '漢',
      ]);
    });
  });

  test('keys: Ctrl-C ends it from a dialog, and the terminal is given back', async () => {
    await withDriver({}, async (driver) => {
      tellRoom(driver);
      driver.press('g', 'n');
      await driver.waitFor('New group');
      assert.equal(driver.isFullScreen, true);
      driver.press('ctrl-c');
      await waitUntil('it has ended', () => driver.hasQuit);
      await driver.lines();
      assert.equal(driver.isFullScreen, false);
      // The mouse belongs to the shell again, and the cursor can be seen.
      assert.ok(
        driver.written.lastIndexOf('\u001b[?1006l') > driver.written.lastIndexOf('\u001b[?1006h'),
      );
      assert.ok(
        driver.written.lastIndexOf('\u001b[?25h') > driver.written.lastIndexOf('\u001b[?25l'),
      );
    });
  });
});

describe('the picture', () => {
  test('the picture names cannot inject terminal sequences or tags', async () => {
    const evil = '\u001b]0;owned\u0007{red-bg}\u001b[2Jevil{/red-bg}{open}{|}\u009b31m%s';
    await withDriver({ screen: showing(evil) }, async (driver) => {
      const lines = await driver.waitFor('evil');
      assert.ok(lines[1]?.includes('·]0;owned·{red-bg}·[2Jevil{/red-bg}{open}{|}·31m%s'), lines[1]);
      assert.ok(!driver.written.includes('\u001b]0;owned'));
      assert.ok(!driver.written.includes('\u001b[2Jevil'));
    });
  });

  test('the picture: no name that a machine or another operator gave does so either, on any screen', async () => {
    // What the schemas let through, and what they would not: the UI does not rely on them.
    const evil = '{red-bg}\u001b[2J\u009b31m\u0007\u202eevil{/}{|}';
    const rename = <T extends { readonly name: string }>(things: readonly T[]): T[] =>
      things.map((each, index) => ({ ...each, name: `${index}${evil}` }));
    const hosts = rename(ROOM.hosts).map((host) => ({
      ...host,
      groupName: evil,
      systemInfo:
        host.systemInfo === null
          ? null
          : {
              ...host.systemInfo,
              disks: host.systemInfo.disks.map((disk) => ({ ...disk, model: evil, serial: evil })),
            },
    }));
    const tasks = ROOM.status.tasks.map((task) => ({
      ...task,
      title: verbatim(evil),
      createdBy: evil,
      runs: task.runs.map((run) => ({
        ...run,
        disk: evil,
        error: run.error === null ? null : { ...run.error, message: evil, causes: [evil] },
        steps: run.steps.map((step) => ({
          ...step,
          title: verbatim(evil),
          notes: [verbatim(evil)],
        })),
      })),
    }));
    const status = {
      ...ROOM.status,
      tasks,
      hostNames: Object.fromEntries(ROOM.hosts.map(({ id }) => [id, evil])),
      server: { ...ROOM.status.server, hostname: evil },
      problems: [{ what: verbatim(evil), hint: verbatim(evil) }],
    };
    await withDriver({ columns: 120, rows: 40 }, async (driver) => {
      tellRoom(driver);
      const now = Date.now();
      const { app } = driver;
      app.put({ type: 'status', status, now });
      app.put(answered('host.list', hosts));
      app.put(answered('group.list', rename(ROOM.groups)));
      app.put(answered('image.list', rename(ROOM.images)));
      const visits = [
        'h enter escape escape',
        'r escape',
        'g enter escape e escape x escape escape',
        'i enter escape e escape escape',
        't enter enter escape c escape escape n enter escape escape escape',
        'v enter escape x escape ? escape escape',
        'd enter enter escape escape escape',
        'c escape',
      ];
      for (const key of visits.join(' ').split(' ')) {
        const text = key.length === 1 ? key : null;
        app.put({ type: 'key', key: { name: key, text } });
        // Without a server every request is refused: the message is closed as well.
        // The answer, then the picture.
        await turns(3);
        while (app.state.screens.at(-1)?.name === 'message') {
          app.put({ type: 'key', key: { name: 'escape', text: null } });
        }
        await turns(1);
        const lines = await driver.lines();
        assert.ok(lines[0]?.includes('OpenClone'), `${key}: ${lines.join('\n')}`);
        assert.ok(
          lines.join('').includes('{red-bg}'),
          `${key}: tags are text\n${lines.join('\n')}`,
        );
      }
      assert.deepEqual(
        app.state.screens.map(({ name }) => name),
        ['overview'],
        'every way back was right',
      );
      assert.ok(!driver.written.includes('\u001b[2J\u009b'));
      assert.ok(!/[\u0080-\u009f\u202e]/.test(driver.written));
    });
  });

  test('the picture: wide and combined characters keep what follows in its column', async () => {
    const text = 'Köln|\n漢字|\nnormal|';
    await withDriver({ screen: showing(text) }, async (driver) => {
      const lines = await driver.waitFor('normal|');
      assert.equal(lines[1], ' Köln|');
      assert.equal(lines[2], ' 漢字|');
    });
  });

  test('the picture: a new size is painted whole, in both directions', async () => {
    await withDriver({ screen: MEMBERS }, async (driver) => {
      tellRoom(driver);
      await driver.waitFor('20 in the group');
      for (const [columns, rows] of [
        [132, 43],
        [80, 24],
        [200, 50],
        [60, 15],
        [80, 24],
      ] as const) {
        driver.resize(columns, rows);
        const last = `pc-${String(Math.min(30, rows - (rows >= 20 ? 5 : 4))).padStart(2, '0')}`;
        const lines = await driver.waitFor(
          (all) =>
            all.length === rows &&
            all.some((each) => each.includes(last)) &&
            all.at(rows >= 20 ? -2 : -1)?.includes('Space in / out') === true,
        );
        // Nothing of another size is left behind: every host once.
        const text = lines.join('\n');
        for (let number = 1; number < rows - 6 && number <= 30; number += 1) {
          const name = `pc-${String(number).padStart(2, '0')}`;
          assert.equal(text.split(name).length, 2, `${name} once in ${columns}x${rows}\n${text}`);
        }
      }
    });
  });
});

describe('the mouse', () => {
  test('the mouse: clicks rows and keys of the footer', async () => {
    await withDriver({}, async (driver) => {
      tellRoom(driver);
      const key = await driver.find('g groups');
      driver.click(key.column, key.row);
      await driver.waitFor('3 groups');
      const group = await driver.find('Übungsraum 2');
      driver.click(group.column, group.row);
      driver.press('enter');
      await driver.waitFor('7 in the group');
      const host = await driver.find('pc-23');
      driver.click(host.column, host.row);
      driver.press('space');
      await driver.waitFor('[ ] pc-23');
    });
  });
});

test('dialogs opened and closed 2,000 times leave nothing behind', async () => {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  assert.ok(typeof gc === 'function');
  const collect = (): void => void Reflect.apply(gc, undefined, []);
  await withDriver({}, async (driver) => {
    tellRoom(driver);
    await driver.waitFor('deploy win11');
    const openAndClose = async (times: number): Promise<void> => {
      for (let index = 0; index < times; index += 1) {
        const keys = index % 3 === 0 ? ['g', 'enter'] : ['i', 'e'];
        for (const name of [...keys, 'escape', 'escape']) {
          const text = name.length === 1 ? name : null;
          driver.app.put({ type: 'key', key: { name, text } });
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
      driver.written = '';
      await driver.lines();
    };
    const measure = (): { readonly elements: number; readonly heapBytes: number } => {
      collect();
      return {
        elements: driver.terminal.elementCount,
        heapBytes: process.memoryUsage().heapUsed,
      };
    };
    await openAndClose(300);
    const before = measure();
    await openAndClose(2000);
    const after = measure();
    assert.equal(after.elements, before.elements);
    const grown = after.heapBytes - before.heapBytes;
    assert.ok(grown < 2_000_000, `${grown} bytes more after 2,000 dialogs`);
  });
});
