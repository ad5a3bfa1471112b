/** The first contact when there is no server, or no right to open its socket. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSmallServer, withSocketPath } from '../cli/small-server.ts';
import { withDriver } from './driver.ts';
import { roomHandlers, sampleRoom } from './sample-room.ts';

test('no server: what is wrong, what to do, three keys, and the overview when it is there', async () => {
  for (const language of ['en', 'de'] as const) {
    await withSocketPath(async (socketPath) => {
      await withDriver({ socketPath, language }, async (driver) => {
        const en = language === 'en';
        await driver.waitFor(en ? 'No server is running here.' : 'Hier läuft kein Server.');
        const text = (await driver.waitFor('sudo systemctl start openclone')).join('\n');
        assert.match(text, en ? /^ OpenClone ─ no server .* anna/ : /^ OpenClone ─ kein Server /);
        assert.ok(text.replaceAll(/\s/g, '').includes(socketPath), 'the place is not cut');
        assert.doesNotMatch(text, /this is old|dies ist alt|deploy|verteilen|…/);
        assert.match(
          text,
          en
            ? / r try now {2}l log in over the network {2}\? help {2}q quit$/m
            : / r jetzt versuchen {2}l über das Netz anmelden {2}\? Hilfe {2}q beenden$/m,
        );
        driver.press('d');
        driver.press('r');
        await driver.waitFor(en ? 'Tried again.' : 'Noch einmal versucht.');
        const server = await startSmallServer(socketPath, roomHandlers(sampleRoom()));
        await driver.waitFor('cloner, OpenClone');
        await server.close();
        // From then on there is something old to be looked at.
        await driver.waitFor(en ? 'this is old' : 'dies ist alt');
        await driver.waitFor('cloner, OpenClone');
      });
    });
  }
});

test('what is wrong is said anew when something else is wrong', async () => {
  await withSocketPath(async (socketPath) => {
    await withDriver({ socketPath }, async (driver) => {
      await driver.waitFor('No server is running here.');
      const { mkdirSync } = await import('node:fs');
      mkdirSync(socketPath);
      await driver.waitFor('It is a file of another kind.');
    });
  });
});

test('l asks for a server on the network and leaves for it', async () => {
  await withSocketPath(async (socketPath) => {
    await withDriver({ socketPath }, async (driver) => {
      await driver.waitFor('No server is running here.');
      driver.press('l');
      await driver.waitFor('A server on the network');
      driver.press('cloner:', 'enter');
      await driver.waitFor('a name or an address');
      driver.press('7078', 'enter');
      await driver.waitFor(() => driver.hasQuit);
      assert.equal(driver.wentTo, 'cloner:7078');
    });
  });
});

test('q leaves', async () => {
  await withSocketPath(async (socketPath) => {
    await withDriver({ socketPath }, async (driver) => {
      await driver.waitFor('No server is running here.');
      driver.press('q');
      await driver.waitFor(() => driver.hasQuit);
      assert.equal(driver.wentTo, null);
    });
  });
});
