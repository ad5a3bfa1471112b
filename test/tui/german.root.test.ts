/** The UI in German, in a real terminal: what is said of what was typed, and of logins that end. */

import { join } from 'node:path';
import { describe, test } from 'node:test';
import { withServer, type RunningServer } from '../server/running-server.ts';
import { EVA } from './real-server.ts';
import { withTmux, type Tmux } from './tmux.ts';

const LAUNCHER = join(import.meta.dirname, '../../openclone');
const MINUTE_MS = 60_000;

/** Gives `work` the UI on a server's socket, in German. */
async function inGerman(server: RunningServer, work: (tmux: Tmux) => Promise<void>): Promise<void> {
  const env = { LANG: 'C.UTF-8', XDG_CONFIG_HOME: server.directory };
  const socket = join(server.directory, 'server.sock');
  const command = `${LAUNCHER} tui --socket ${socket} --language de`;
  await withTmux({ command, env, columns: 100 }, work);
}

async function logIn(tmux: Tmux): Promise<void> {
  await tmux.waitFor('Kennwort');
  await tmux.type(`${EVA.name}\t${EVA.password}\r`);
  await tmux.waitFor('eva@');
}

test('a host that is entered with a bad name and a bad MAC address in the German UI is told so in German', async () => {
  await withServer(async (server) => {
    await inGerman(server, async (tmux) => {
      await tmux.waitFor('q beenden');
      await tmux.keys('h');
      await tmux.waitFor('n eintragen');
      await tmux.keys('n');
      await tmux.waitFor('MAC-Adresse');
      await tmux.type('12:34\tpc 7\t');
      await tmux.waitFor([
        'keine MAC-Adresse (52:54:00:77:00:01 wäre eine)',
        'ein Rechnername hat nur Buchstaben, Ziffern und',
      ]);
    });
  });
});

describe('a login in the German UI', () => {
  test('a login in the German UI that ends by idleness is told so in German', async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
      await call('operator.add', EVA);
      await call('settings.set', { idleMinutes: 10 });
      await inGerman(server, async (tmux) => {
        await logIn(tmux);
        server.loginAgeMs += 11 * MINUTE_MS;
        await tmux.waitFor('abgemeldet nach 10 min ohne Taste');
      });
    });
  });

  test('a login in the German UI that ends by another password or with its account is told so in German', async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
      await call('operator.add', EVA);
      await call('operator.add', { name: 'tom', password: 'another password' });
      await inGerman(server, async (tmux) => {
        await logIn(tmux);
        await call('operator.password', { name: EVA.name, password: 'yet another one' });
        await tmux.waitFor('das Kennwort dieses Benutzers wurde geändert');
        await call('operator.password', EVA);
        await logIn(tmux);
        await call('operator.delete', { name: EVA.name });
        await tmux.waitFor('der Benutzer wurde gelöscht');
      });
    });
  });
});
