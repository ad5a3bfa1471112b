/** Coming, going and being thrown out, against the real server. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { waitUntil } from './driver.ts';
import { atServer, EVA, logIn } from './real-server.ts';

const TOM = { name: 'tom', password: 'correct horse' };

describe('the login', () => {
  test('the login is not asked for as long as there is no operator', async () => {
    await atServer({}, async (driver) => {
      await driver.waitFor('anna@');
      assert.equal(driver.app.state.model.isLoggedIn, false);
    });
  });

  test('the login takes the right password, after a wrong one keeps the name, and never shows what is typed', async () => {
    await atServer({ accounts: [EVA] }, async (driver, server) => {
      await driver.waitFor('Log in');
      driver.press('enter', 'enter');
      await driver.waitFor('user and password are needed');
      driver.press('eva', 'enter', 'a wrong password', 'enter');
      await driver.waitFor('user or password is wrong');
      driver.press('enter');
      const lines = await driver.waitFor((shown) => !shown.join('').includes('is wrong'));
      assert.match(lines.join('\n'), /User +eva_/);
      assert.match(lines.join('\n'), /> Password +__/);
      driver.press(EVA.password, 'enter');
      await driver.waitFor('eva@');
      await driver.waitFor('Running now');
      const { written } = driver;
      assert.ok(!written.includes('wrong password') && !written.includes(EVA.password));
      assert.equal(server.captured.lines.filter(({ event }) => event === 'login').length, 1);
    });
  });

  test('the login is asked for again after a logout, and nothing is kept', async () => {
    await atServer({ accounts: [EVA] }, async (driver, server) => {
      await server.readyEngine(1);
      await logIn(driver);
      await waitUntil('the host is known', () => driver.app.state.model.hosts.length === 1);
      driver.press('s');
      await driver.waitFor('eva (you)');
      driver.press('o');
      const text = (await driver.waitFor(/Password +__/)).join('\n');
      assert.ok(!text.includes('eva'), text);
      const { model, screens } = driver.app.state;
      assert.deepEqual(
        [model.hosts, model.status, model.settings, model.log, model.operator, screens.length],
        [[], null, null, null, '', 1],
      );
      driver.send('\u001bOP');
      await driver.waitFor('Goes to the other field');
      driver.press('escape');
      await logIn(driver);
    });
  });

  test('the login is asked for when the server ends it, from whatever was open', async () => {
    await atServer({ accounts: [EVA, TOM] }, async (driver, server) => {
      await logIn(driver);
      driver.press('s');
      await driver.waitFor('eva (you)');
      driver.press('n', 'someone');
      await driver.waitFor('someone');
      const { call } = await server.operator();
      await call('operator.delete', { name: 'eva' });
      const text = (await driver.waitFor('the account was deleted')).join('\n');
      assert.ok(!text.includes('someone'), text);
      await driver.waitFor('Log in');
    });
  });

  test('the login goes on over a lost connection, and ends with the server’s memory of it', async () => {
    await atServer({ accounts: [EVA] }, async (driver, server, way) => {
      await logIn(driver);
      await driver.waitFor('Running now');
      way.cut();
      await driver.waitFor('No connection for');
      await driver.waitFor((lines) => !lines.join('').includes('No connection'));
      await driver.waitFor('eva@');
      await server.stop();
      await driver.waitFor('No connection for');
      await server.start();
      const text = (await driver.waitFor(/Password +__/)).join('\n');
      assert.ok(!text.includes('No connection'), text);
      await logIn(driver);
    });
  });

  test('the login after the server was restarted leads back to what was open, its dialogs left out', async () => {
    await atServer({ accounts: [EVA, TOM] }, async (driver, server) => {
      await server.readyEngine(1);
      await logIn(driver);
      await driver.waitFor('Running now');
      driver.press('h');
      await driver.waitFor('host-525400000001');
      driver.press('enter');
      await driver.waitFor('52:54:00:00:00:01');
      driver.press('e');
      await driver.waitFor(/Name +host-525400000001_/);
      await server.stop();
      await driver.waitFor('No connection for');
      await server.start();
      await driver.waitFor(/Password +__/);
      await logIn(driver);
      await driver.waitFor('52:54:00:00:00:01');
      const { screens } = driver.app.state;
      assert.deepEqual(
        screens.map(({ name }) => name),
        ['overview', 'hosts', 'host'],
      );
      await driver.waitFor(/host-525400000001.*eva@/);
    });
  });

  test('the login of somebody else after that leads to the overview, and nothing is left of what was open', async () => {
    await atServer({ accounts: [EVA, TOM] }, async (driver, server) => {
      await logIn(driver);
      await driver.waitFor('Running now');
      driver.press('h');
      await driver.waitFor('No hosts.');
      await server.stop();
      await driver.waitFor('No connection for');
      await server.start();
      await logIn(driver, TOM);
      await driver.waitFor('Running now');
      assert.equal(driver.app.state.screens.length, 1);
      assert.equal(driver.app.state.kept ?? null, null);
    });
  });

  test('the login in German', async () => {
    await atServer({ accounts: [EVA], language: 'de' }, async (driver) => {
      await driver.waitFor('Kennwort');
      driver.press(EVA.name, 'tab', EVA.password, 'enter');
      await driver.waitFor('Übersicht');
    });
  });
});

describe('a lost server', () => {
  test('a lost server leaves what was seen, with a banner, until it is there again', async () => {
    await atServer({}, async (driver, server) => {
      await server.readyEngine(1);
      driver.press('h');
      await driver.waitFor('host-525400000001');
      await server.stop();
      await driver.waitFor('No connection for');
      await driver.waitFor('host-525400000001');
      driver.press('escape');
      await driver.waitFor('Running now');
      driver.press('s');
      await driver.waitFor('Reading ...');
      await server.start();
      const lines = await driver.waitFor((shown) => !shown.join('').includes('No connection'));
      assert.ok(lines.length > 0);
      await driver.waitFor('There is no operator yet');
      driver.press('escape');
      await driver.waitFor('Running now');
      driver.press('h');
      await driver.waitFor(/host-525400000001.*off/);
    });
  });
});
