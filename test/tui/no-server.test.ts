/** The first contact when there is no server, or no right to open its socket. */

import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { startSmallServer, withSocketPath } from '../cli/small-server.ts';
import { waitUntil, withDriver, type Driver } from './driver.ts';
import { roomHandlers } from './room-handlers.ts';
import { sampleRoom } from './sample-room.ts';

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

test('what is wrong is said again when something else is wrong', async () => {
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

/** The clock goes on by this many seconds; a screen that waits is shown after the first. */
function tick(driver: Driver, seconds: number): void {
  driver.app.put({ type: 'tick', now: driver.app.state.model.now + seconds * 1000 });
}

test('a server that takes the connection and stays silent: since when, and the keys, from the first second', async () => {
  for (const language of ['en', 'de'] as const) {
    await withSocketPath(async (socketPath) => {
      const taken: Socket[] = [];
      const silent = createServer((socket) => {
        taken.push(socket);
        socket.resume();
      });
      await new Promise<void>((resolve) => silent.listen(socketPath, resolve));
      try {
        await withDriver({ socketPath, language }, async (driver) => {
          await waitUntil('the connection is taken', () => taken.length === 1);
          tick(driver, 1);
          const en = language === 'en';
          const text = (await driver.waitFor(en ? 'No answer for 1 s' : 'Seit 1 s keine')).join(
            '\n',
          );
          assert.ok(text.replaceAll(/\s/g, '').includes(socketPath), 'the place is not cut');
          assert.match(
            text,
            en
              ? / r try now {2}l log in over the network {2}\? help {2}q quit *$/m
              : / r jetzt versuchen {2}l über das Netz anmelden {2}\? Hilfe {2}q beenden *$/m,
          );
          tick(driver, 6);
          await driver.waitFor(en ? 'No answer for 7 s' : 'Seit 7 s keine');
          // The attempt under way is dropped for another one.
          driver.press('r');
          await waitUntil('another connection', () => taken.length === 2);
          driver.press('l');
          await driver.waitFor(en ? 'A server on the network' : 'Ein Server im Netz');
          driver.press('cloner', 'enter');
          await driver.waitFor(() => driver.hasQuit);
          assert.equal(driver.wentTo, 'cloner');
        });
      } finally {
        for (const socket of taken) socket.destroy();
        silent.close();
      }
    });
  }
});

test('a server that greets and tells nothing of itself is no empty overview, nor one that ends then', async () => {
  await withSocketPath(async (socketPath) => {
    let asked = 0;
    const never = {
      ...roomHandlers(sampleRoom()),
      'inventory.watch': () => ((asked += 1), new Promise<never>(() => undefined)),
    };
    const server = await startSmallServer(socketPath, never);
    await withDriver({ socketPath }, async (driver) => {
      await waitUntil('it is asked', () => asked === 1);
      tick(driver, 2);
      await driver.waitFor(/has answered, but told nothing[^]*Nothing for 2 s\./);
      driver.press('r');
      await waitUntil('it is asked on another connection', () => asked === 2);
      await server.close();
      const text = (await driver.waitFor('It is tried again')).join('\n');
      assert.doesNotMatch(text, /deploy|this is old|┌/);
      const other = await startSmallServer(socketPath, roomHandlers(sampleRoom()));
      await driver.waitFor('cloner, OpenClone');
      await other.close();
    });
  });
});
