/** Settings, operators and the log, against the real server. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Settings } from '../../lib/model/settings.ts';
import { waitUntil, type Driver } from './driver.ts';
import { atServer, EVA, logIn } from './real-server.ts';

const TOM = { name: 'tom', password: 'correct horse' };
const CLEAR = '\u0015';

async function openSettings(driver: Driver): Promise<void> {
  driver.press('s');
  await driver.waitFor('1 operator');
}

describe('settings', () => {
  test('settings switch automatic registration and set the idle time, which is checked', async () => {
    await atServer({ accounts: [EVA] }, async (driver, server) => {
      await logIn(driver);
      await openSettings(driver);
      driver.press('r');
      await driver.waitFor('Automatic registration: off');
      driver.press('r');
      await driver.waitFor('for 30 minutes');
      driver.press('end', 'enter');
      await driver.waitFor('Automatic registration: on ');
      driver.press('t', CLEAR, '1441', 'enter');
      await driver.waitFor('a whole number from 1 to 1440');
      driver.press('backspace', 'enter');
      await driver.waitFor('Log out after: 144 min');
      const { call } = await server.operator();
      const expected = Settings.parse({ automaticRegistration: true, idleMinutes: 144 });
      assert.deepEqual(await call('settings.get', {}), expected);
    });
  });

  test('settings switch it on for a time, which is seen running out there and in the overview', async () => {
    for (const language of ['en', 'de'] as const) {
      let ahead = 0;
      const clock = (): number => Date.now() + ahead;
      await atServer({ language, clock }, async (driver, server) => {
        const en = language === 'en';
        const { call } = await server.operator();
        await call('settings.set', { automaticRegistration: false });
        driver.press('s');
        await driver.waitFor(en ? 'Automatic registration: off' : 'Automatische Aufnahme: aus');
        driver.press('r');
        await driver.waitFor(en ? 'until it is switched off' : 'bis es ausgeschaltet wird');
        driver.press('down', 'enter');
        await driver.waitFor(en ? /: on for (60|59) min/ : /: an, noch (60|59) min/);
        const { automaticRegistration, automaticRegistrationUntil } = await call(
          'settings.get',
          {},
        );
        assert.ok(automaticRegistration && automaticRegistrationUntil !== undefined);
        const passes = (milliseconds: number): void => {
          ahead += milliseconds;
          driver.app.put({ type: 'tick', now: clock() });
        };
        passes(Date.parse(automaticRegistrationUntil) - Date.now() - 110_000);
        await driver.waitFor(en ? 'on for 2 min' : 'an, noch 2 min');
        driver.press('escape');
        await driver.waitFor(en ? /Registration +on for 2 min/ : /Aufnahme +an, noch 2 min/);
        passes(120_000);
        await driver.waitFor((lines) => !/Registration +on|Aufnahme +an/.test(lines.join('\n')));
        driver.press('s');
        await driver.waitFor(en ? 'There is no operator yet' : 'Noch gibt es keinen Benutzer');
        driver.press('a');
        await driver.waitFor(en ? 'Adapter check: off' : 'Adapterprüfung: aus');
        assert.equal((await call('settings.get', {})).checkAddresses, false);
        driver.press('a');
        await driver.waitFor(en ? 'Adapter check: on' : 'Adapterprüfung: an');
        driver.press('l');
        await driver.waitFor(en ? "Hosts' screens: German" : 'Bildschirme der Rechner: Deutsch');
        assert.equal((await call('settings.get', {})).hostLanguage, 'de');
      });
    }
  });

  test('settings hold what the wizards start with', async () => {
    await atServer({ accounts: [EVA] }, async (driver, server) => {
      await logIn(driver);
      await openSettings(driver);
      await driver.waitFor('Defaults: zstd   Afterwards: restart   Wake: on   Wait: 24 h');
      driver.press('d', 'right', 'enter', 'right', 'enter', 'space', 'escape');
      await driver.waitFor((lines) => !lines.join('').includes('for all operators'));
      const { call } = await server.operator();
      assert.equal((await call('settings.get', {})).captureCompression, 'zstd');
      driver.press('d', 'right', 'enter', 'right', 'enter', 'space', 'enter');
      driver.press('\u0015', '0', 'enter');
      await driver.waitFor('a whole number from 1 to 8784');
      driver.press('\u0015', '48', 'enter');
      await driver.waitFor('The wizards start with these defaults now.');
      await driver.waitFor('Defaults: gzip   Afterwards: switch off   Wake: off   Wait: 48 h');
      const defaults = {
        captureCompression: 'gzip',
        afterwards: 'power-off',
        deployWake: false,
        waitHours: 48,
      };
      const automaticRegistration = true;
      assert.deepEqual(
        await call('settings.get', {}),
        Settings.parse({ automaticRegistration, ...defaults }),
      );
      // The form begins with what is set.
      driver.press('d', 'enter', 'right', 'enter', 'enter', 'enter');
      await driver.waitFor('Defaults: gzip   Afterwards: wait for work   Wake: off   Wait: 48 h');
    });
  });

  test('settings of another operator are seen with the same connection', async () => {
    await atServer({}, async (driver, server) => {
      driver.press('s');
      await driver.waitFor('There is no operator yet');
      const { call } = await server.operator();
      const { app } = driver;
      await call('settings.set', { captureCompression: 'none' });
      await waitUntil('the server said so', () => app.state.model.lists.isStale);
      app.put({ type: 'tick', now: app.state.model.lists.askedAt + 10_000 });
      await driver.waitFor('Defaults: none');
    });
  });

  test('settings of another operator are seen in the overview after a new connection', async () => {
    await atServer({}, async (driver, server, way) => {
      // Something has to be known before it can be old.
      await driver.waitFor(/Load +\d/);
      driver.press('s');
      await driver.waitFor('There is no operator yet');
      way.cut();
      await driver.waitFor('No connection');
      const { call } = await server.operator();
      await call('settings.set', { idleMinutes: 77 });
      await driver.waitFor('Log out after: 77 min');
    });
  });
});

describe('operators', () => {
  test('operators are added with a password typed twice, and names are checked', async () => {
    await atServer({ accounts: [EVA] }, async (driver, server) => {
      await logIn(driver);
      await openSettings(driver);
      driver.press('x');
      await driver.waitFor('nobody would be left');
      driver.press('n', 'Eva', 'enter');
      await driver.waitFor('lower-case letters, digits');
      driver.press('up', CLEAR, 'eva', 'enter');
      await driver.waitFor('there is an operator with this name');
      driver.press('up', CLEAR, TOM.name, 'enter', 'short', 'enter');
      await driver.waitFor('at least 8 characters');
      driver.press('up', CLEAR, TOM.password, 'enter', 'another one', 'enter');
      await driver.waitFor('The two passwords are not the same');
      driver.press(TOM.password, 'enter');
      await driver.waitFor('tom can log in now');
      await driver.waitFor('2 operators');
      assert.ok(!driver.written.includes(TOM.password));
      const { call } = await server.operator();
      assert.equal((await call('operator.login', TOM)).name, 'tom');
    });
  });

  test('operators are deleted after a question, and get new passwords', async () => {
    await atServer({ accounts: [EVA, TOM] }, async (driver, server) => {
      await logIn(driver);
      driver.press('s');
      await driver.waitFor('2 operators');
      driver.press('j', 'p', 'another password', 'enter', 'another password', 'enter');
      await driver.waitFor('tom has the new password');
      const { call } = await server.operator();
      await call('operator.login', { name: 'tom', password: 'another password' });
      driver.press('x');
      await driver.waitFor('tom can log in no more');
      driver.press('n', 'x');
      await driver.waitFor('tom can log in no more');
      driver.press('y');
      await driver.waitFor('tom was deleted');
      await driver.waitFor('1 operator');
    });
  });

  test('operators change their own password and name only with the password they have', async () => {
    await atServer({ accounts: [EVA] }, async (driver, server) => {
      await logIn(driver);
      await openSettings(driver);
      driver.press('p', 'wrong one', 'enter');
      driver.press('another password', 'enter', 'another password', 'enter');
      await driver.waitFor('user or password is wrong');
      driver.press('enter');
      await driver.waitFor((lines) => !lines.join('').includes('is wrong'));
      driver.press('p', EVA.password, 'enter');
      driver.press('another password', 'enter', 'another password', 'enter');
      await driver.waitFor('eva has the new password');
      driver.press('e', CLEAR, 'evelyn', 'enter', 'another password', 'enter');
      await driver.waitFor('evelyn (you)');
      await driver.waitFor('evelyn@');
      assert.ok(driver.app.state.model.isLoggedIn);
      const { call } = await server.operator();
      assert.deepEqual(
        (await call('operator.list', {})).map(({ name }) => name),
        ['evelyn'],
      );
    });
  });
});

describe('the log', () => {
  test('the log shows what happened, newest first, and what is added while it is open', async () => {
    await atServer({ accounts: [EVA] }, async (driver, server) => {
      await logIn(driver);
      driver.press('l');
      const lines = await driver.waitFor('eva logged in, at the server');
      const [first, last] = ['eva logged in', 'Server started'].map((text) =>
        lines.findIndex((line) => line.includes(text)),
      );
      assert.ok((first ?? 0) < (last ?? 0), lines.join('\n'));
      await server.readyEngine(1);
      await driver.waitFor('Registered: host-525400000001');
      const { call } = await server.operator();
      await assert.rejects(call('operator.login', { name: 'nobody', password: 'x' }));
      await driver.waitFor(/! +Wrong password for nobody, at the server/);
      driver.press('f');
      const bad = (await driver.waitFor('what went wrong')).join('\n');
      assert.ok(!bad.includes('Registered'), bad);
      driver.press('enter');
      await driver.waitFor(/Log, 20\d\d-/);
    });
  });

  test('the log goes on after a lost connection', async () => {
    await atServer({}, async (driver, server, way) => {
      await driver.waitFor(/Load +\d/);
      driver.press('l');
      await driver.waitFor('Server started');
      way.cut();
      await driver.waitFor('No connection');
      await server.readyEngine(1);
      await driver.waitFor('Registered: host-525400000001');
    });
  });

  test('the log in German and for a whole room', async () => {
    await atServer({ language: 'de' }, async (driver) => {
      driver.press('l');
      await driver.waitFor('Server gestartet');
      const names = ['a', 'b', 'c', 'd', 'e'];
      driver.app.put({
        type: 'log',
        entries: [
          {
            number: 1000,
            at: '2026-11-21T07:00:00.000Z',
            times: 3,
            event: { type: 'hosts-registered', hosts: { names, count: 30 }, isPending: true },
          },
        ],
      });
      await driver.waitFor('Warten auf Zulassung: a, b, c, d, e und 25 weitere (3-mal)');
    });
  });
});
