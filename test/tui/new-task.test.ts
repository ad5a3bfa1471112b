/** Putting a task together: hosts, operations in order, and what stands against it. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OperatorError } from '../../lib/errors.ts';
import { Settings } from '../../lib/model/settings.ts';
import type { WantedOperation } from '../../lib/model/operation.ts';
import { newModel, type Model } from '../../tui/model.ts';
import { pictureText } from '../../tui/panel-text.ts';
import { TOP } from '../../tui/values/selection.ts';
import type { TaskPlan } from '../../tui/screen-states.ts';
import { addOperation, editOperation } from '../../tui/screens/new-task/operation-dialog.ts';
import { newPlan } from '../../tui/screens/open.ts';
import { viewScreen } from '../../tui/screens/table.ts';
import { faultsOf, refusalForAdding, withOperation } from '../../tui/screens/new-task/plan.ts';
import type { Driver } from './driver.ts';
import { called, inRoom } from './in-room.ts';
import { sampleRoom } from './sample-room.ts';
import { reasonIn } from '../../tui/text/reasons.ts';

const ROOM = sampleRoom(null);
const MODEL: Model = {
  ...newModel({
    area: { left: 0, top: 0, width: 80, height: 24 },
    unicode: true,
    language: 'en',
    now: 0,
    operator: 'anna',
  }),
  status: ROOM.status,
  hosts: ROOM.hosts,
  groups: ROOM.groups,
  images: ROOM.images,
};
const [ONE, TWO] = ROOM.hosts.map(({ id }) => id);
assert.ok(ONE !== undefined && TWO !== undefined);

const CAPTURE: WantedOperation = { type: 'capture', imageName: 'before', compression: 'zstd' };
const PARTITION: WantedOperation = { type: 'partition', image: 'win11' };
const DEPLOY: WantedOperation = {
  type: 'deploy',
  image: 'win11',
  transport: 'auto',
  gatherMs: 120_000,
};
const OFF: WantedOperation = { type: 'shutdown', mode: 'power-off' };

function plan(hosts: TaskPlan['hostIds'], ...operations: readonly WantedOperation[]): TaskPlan {
  return { ...newPlan(hosts), operations };
}

describe('the plan', () => {
  test('the plan: a new operation stands where it belongs, whatever was there before', () => {
    const orders = [
      [OFF, DEPLOY, PARTITION, CAPTURE],
      [PARTITION, OFF, CAPTURE, DEPLOY],
    ];
    for (const order of orders) {
      const made = order.reduce<readonly WantedOperation[]>(withOperation, []);
      assert.deepEqual(made, [CAPTURE, PARTITION, DEPLOY, OFF]);
    }
  });

  test('the plan: what cannot be added says why', () => {
    assert.equal(refusalForAdding('capture', plan([ONE]), MODEL), null);
    assert.match(
      reasonIn('en', refusalForAdding('capture', plan([ONE, TWO]), MODEL) ?? ''),
      /is for one host at a time/,
    );
    assert.match(
      reasonIn('en', refusalForAdding('deploy', plan([ONE], DEPLOY), MODEL) ?? ''),
      /there twice/,
    );
    assert.equal(
      refusalForAdding('deploy', plan([ONE], OFF), MODEL),
      null,
      'it comes before the end',
    );
    const bare = { ...MODEL, images: [] };
    assert.match(
      reasonIn('en', refusalForAdding('partition', plan([ONE]), bare) ?? ''),
      /no images/,
    );
    assert.equal(refusalForAdding('shutdown', plan([ONE]), bare), null);
  });

  test('the plan: a capture begins with the compression of the settings, a changed one with its own', () => {
    const settings = Settings.parse({ automaticRegistration: false, captureCompression: 'lzo' });
    const model = { ...MODEL, settings };
    const shown = (now: WantedOperation | null): string => {
      const edited = { plan: plan([ONE], ...(now === null ? [] : [now])), selection: TOP };
      const [action] =
        now === null ? [addOperation('capture', edited, model)] : editOperation(0, edited, model);
      assert.ok(action?.type === 'push');
      const picture = viewScreen(action.screen, model, model.area);
      return pictureText(picture, model.area, true).join('\n');
    };
    assert.match(shown(null), /\(\*\) lzo/);
    assert.match(shown(CAPTURE), /\(\*\) zstd/);
  });

  test('the plan: everything that stands against it is said', () => {
    assert.deepEqual(faultsOf(plan([ONE], CAPTURE, PARTITION, DEPLOY, OFF), MODEL), []);
    const faults = (made: TaskPlan, model = MODEL): string =>
      faultsOf(made, model)
        .map((each) => reasonIn('en', each))
        .join('\n');
    assert.match(faults(plan([ONE])), /nothing to do/);
    assert.match(faults(plan([ONE], DEPLOY, PARTITION)), /would destroy what was deployed/);
    assert.match(faults(plan([ONE], OFF, DEPLOY)), /nothing can follow a shutdown/);
    assert.match(faults(plan([ONE, TWO], CAPTURE)), /is for one host at a time/);
    assert.match(faults(plan([ONE], { ...DEPLOY, image: 'x' })), /has been deleted/);
    assert.match(faults(plan([ONE], { ...DEPLOY, image: 'empty-one' })), /no complete version/);
    const kept = { ...CAPTURE, imageName: 'Debian-12 Lehrerzimmer' };
    assert.match(faults(plan([ONE], kept)), /protected/);
    const small = ROOM.images.map((image) => ({
      ...image,
      versions: image.versions.map((version) => ({ ...version, requiredBytes: 1e12 })),
    }));
    assert.match(faults(plan([ONE], DEPLOY), { ...MODEL, images: small }), /too small: 500 GB/);
    assert.deepEqual(faultsOf(plan([ONE], OFF), { ...MODEL, images: small }), []);
    const gone = { ...MODEL, hosts: MODEL.hosts.slice(1) };
    assert.match(faults(plan([ONE, TWO], OFF), gone), /1 host has been deleted/);
    const pending = ROOM.hosts.find(({ approval }) => approval === 'pending');
    assert.ok(pending !== undefined);
    assert.match(faults(plan([pending.id], OFF)), /waits for approval/);
  });
});

/** Adds an operation: how far down it stands in the dialog, and the keys of its own dialog. */
async function add(driver: Driver, down: number, shown: RegExp, ...keys: string[]): Promise<void> {
  driver.press('a');
  await driver.waitFor('Add an operation');
  driver.press(...Array.from({ length: down }, () => 'down'), 'enter');
  await driver.waitFor(shown);
  driver.press(...keys);
}

describe('the editor', () => {
  test('the editor makes a task of four operations for one host, after the question', async () => {
    await inRoom(
      async (driver, server) => {
        driver.press('t', 'n');
        await driver.waitFor('Which hosts?');
        // Three groups come first.
        driver.press('down', 'down', 'down', 'enter');
        await driver.waitFor('Nothing to do yet.');
        driver.press('s');
        await driver.waitFor('start: there is nothing to do');
        await add(driver, 2, /Transmission/, 'enter', 'enter', 'enter');
        await driver.waitFor(/1 +deploy +win11, automatic/);
        await add(driver, 3, /At the end/, 'right', 'enter');
        await driver.waitFor(/2 +end +restart/);
        await add(driver, 0, /Image name/, 'before', 'enter', 'enter');
        await driver.waitFor(/1 +capture +to the image before, zstd/);
        await driver.waitFor(/3 +end +restart/);
        await driver.waitFor('Everything is there');
        driver.press('u');
        await driver.waitFor('How long the task waits for its hosts');
        driver.press('\u0015', '2h', 'enter');
        await driver.waitFor(/Waits +until \d{4}-/);
        driver.press('s');
        await driver.waitFor('Everything on this disk of the host will be lost');
        driver.press('enter');
        driver.press('y');
        await driver.waitFor('Started: ');
        assert.deepEqual(called(server, 'task.create'), {
          targets: ['host-0000000001'],
          disk: { type: 'only' },
          operations: [
            { type: 'capture', imageName: 'before', compression: 'zstd' },
            { type: 'deploy', image: 'image-0000000001', transport: 'auto', gatherMs: 120_000 },
            { type: 'shutdown', mode: 'reboot' },
          ],
          wake: false,
          waitMs: 2 * 3_600_000,
        });
        // The editor and the choice of hosts are gone: Esc leads to the list of tasks.
        driver.press('escape');
        await driver.waitFor('listed, newest first');
      },
      { share: null },
    );
  });

  test('the editor: operations are moved, changed and removed; an order that cannot be says why', async () => {
    await inRoom(
      async (driver, server) => {
        driver.press('t', 'n');
        await driver.waitFor('Which hosts?');
        driver.press('down', 'enter');
        await driver.waitFor('Nothing to do yet.');
        await add(driver, 1, /partition table of an image/, 'enter');
        await driver.waitFor(/1 +partition +like win11/);
        await add(driver, 2, /Transmission/, 'enter', 'right', 'enter', 'enter');
        await driver.waitFor(/2 +deploy +win11, multicast/);
        driver.press('-');
        await driver.waitFor(/1 +deploy[^]*2 +partition[^]*would destroy what was deployed/);
        driver.press('s');
        await driver.waitFor('start: partition after deploy');
        driver.press('+');
        await driver.waitFor(/1 +partition[^]*2 +deploy[^]*Everything is there/);
        driver.press('+');
        await driver.waitFor('down: it is the last one');
        driver.press('enter');
        await driver.waitFor('Transmission');
        driver.press('tab', 'right', 'enter', 'enter');
        await driver.waitFor(/2 +deploy +win11, unicast/);
        driver.press('up', 'x');
        await driver.waitFor(/1 +deploy/);
        driver.press('w');
        await driver.waitFor('1 host that is off will be switched on');
        driver.press('s');
        await driver.waitFor('of 7 hosts will be lost');
        driver.press('n', 'escape');
        await driver.waitFor('Leave without making the task');
        driver.press('y');
        await driver.waitFor('Which hosts?');
        assert.equal(called(server, 'task.create'), undefined);
      },
      { share: null },
    );
  });

  test('the editor: what the server refuses leaves the task as it was put together', async () => {
    const refusing = {
      'task.create': () =>
        Promise.reject(
          new OperatorError({
            code: 'not-allowed',
            message: 'making a task of shutdown: the moon is full',
            hint: 'Wait.',
          }),
        ),
    };
    await inRoom(
      async (driver) => {
        driver.press('t', 'n');
        await driver.waitFor('Which hosts?');
        driver.press('enter');
        await driver.waitFor('Nothing to do yet.');
        await add(driver, 3, /At the end/, 'enter');
        await driver.waitFor('Everything is there');
        // Nothing is overwritten: it is not asked.
        driver.press('s');
        await driver.waitFor('the moon is full');
        driver.press('escape');
        await driver.waitFor(/1 +end +switch off/);
      },
      { handlers: refusing },
    );
  });

  test('the editor: an empty group and hosts that wait for approval cannot be taken', async () => {
    await inRoom(async (driver) => {
      driver.press('t', 'n');
      await driver.waitFor('Which hosts?');
      driver.press('down', 'down', 'space');
      await driver.waitFor('mark: the group has no hosts');
      driver.press('end', 'enter');
      await driver.waitFor('next: pc-30: it waits for approval');
      driver.press('home', 'space');
      await driver.waitFor('20 hosts marked');
      driver.press('enter');
      await driver.waitFor('Hosts  20: pc-01');
    });
  });
});
