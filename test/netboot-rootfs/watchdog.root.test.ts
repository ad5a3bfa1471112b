/** The hosts' watchdog with a short round: its own shell and programs, a real TCP port, and files in place of the kernel. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

const SCRIPT = join(import.meta.dirname, '../../netboot-rootfs/data/system/watchdog');
const ROUND_SECONDS = '0.05';

type Watched = {
  /** What the engine writes. */
  readonly beat: (word: string) => Promise<void>;
  readonly server: { readonly listen: () => Promise<void>; readonly close: () => Promise<void> };
  /** How often the server was asked. */
  readonly asked: () => number;
  /** What the kernel was told: "sb" to sync and restart. */
  readonly told: () => Promise<string>;
  readonly said: () => Promise<string>;
  /** What is on the screen, without the codes that clear it. */
  readonly shown: () => Promise<string>;
  readonly until: (what: string, holds: () => Promise<boolean> | boolean) => Promise<void>;
};

async function watch(t: TestContext): Promise<Watched> {
  const directory = await mkdtemp(join(tmpdir(), 'openclone-watchdog-'));
  const programs = join(directory, 'bin');
  await mkdir(programs);
  await copyFile('/bin/busybox', join(programs, 'busybox'));
  await copyFile(SCRIPT, join(programs, 'watchdog'));
  const files = { alive: '', console: '', screen: '', trigger: '' };
  for (const name of ['alive', 'console', 'screen', 'trigger'] as const) {
    files[name] = join(directory, name);
    await writeFile(files[name], '');
  }
  let asked = 0;
  const listener: Server = createServer((socket) => {
    asked += 1;
    socket.on('error', () => undefined).resume();
    socket.end();
  });
  const listen = async (port: number): Promise<void> => {
    listener.listen(port, '127.0.0.1');
    await once(listener, 'listening');
  };
  const close = async (): Promise<void> => {
    listener.close();
    await once(listener, 'close');
  };
  await listen(0);
  const address = listener.address();
  assert.ok(address !== null && typeof address !== 'string');
  const { port } = address;
  await close();
  const handles = await Promise.all([
    open('/dev/null', 'r+'),
    open(files.screen, 'a'),
    open(files.console, 'a'),
    open(files.trigger, 'a'),
  ]);
  const [nowhere, screen, line, trigger] = handles.map(({ fd }) => fd);
  const watchdog = spawn('./busybox', ['sh', './watchdog', '127.0.0.1', String(port), '../alive'], {
    cwd: programs,
    env: { BUSYBOX: './busybox', OPENCLONE_WATCHDOG_SECONDS: ROUND_SECONDS },
    stdio: [
      'ignore',
      'ignore',
      'inherit',
      'ignore',
      'ignore',
      'ignore',
      screen,
      nowhere,
      line,
      trigger,
    ],
    detached: true,
  });
  t.after(async () => {
    // It and what it runs.
    if (watchdog.pid !== undefined) process.kill(-watchdog.pid, 'SIGKILL');
    await once(watchdog, 'exit');
    for (const handle of handles) await handle.close();
    if (listener.listening) await close();
    await rm(directory, { recursive: true });
  });
  let beats = 0;
  const aliveFile = await open(files.alive, 'r+');
  t.after(() => aliveFile.close());
  return {
    // As the engine does: never a moment without a whole line.
    beat: async (word) => {
      await aliveFile.write(`${word} ${(beats += 1)}`.padEnd(30).concat('\n'), 0);
    },
    server: { listen: () => listen(port), close },
    asked: () => asked,
    told: async () => (await readFile(files.trigger, 'utf8')).replaceAll('\n', ''),
    said: () => readFile(files.console, 'utf8'),
    shown: async () => {
      const cleared = '\u001b[0m\u001b[2J\u001b[H';
      return (await readFile(files.screen, 'utf8')).split(cleared).at(-1) ?? '';
    },
    until: async (what, holds) => {
      for (let attempt = 0; !(await holds()); attempt += 1) {
        assert.ok(attempt < 2400, `in vain until ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
  };
}

/** Beats until `holds`, as an engine that lives. */
async function beatUntil(
  watched: Watched,
  word: string,
  holds: () => Promise<boolean> | boolean,
): Promise<void> {
  for (let attempt = 0; !(await holds()); attempt += 1) {
    assert.ok(attempt < 4000, `in vain while the engine says ${word}`);
    await watched.beat(word);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

test('A host whose engine does not move waits for the server, says so, and restarts when it is back.', async (t) => {
  const watched = await watch(t);
  await watched.beat('online');
  await watched.until('it says so', async () => (await watched.said()).includes('does not move'));
  assert.match(await watched.said(), /restarts when the server 127\.0\.0\.1 answers/);
  assert.equal(await watched.told(), '');
  await watched.server.listen();
  await watched.until('it restarts', async () => (await watched.told()) === 'sb');
  assert.ok(watched.asked() >= 3, 'a server that has just begun is not relied on');
  assert.match(
    await watched.said(),
    /the server is back, but the engine does not move; this host restarts/,
  );
});

test('An engine that moves again is left alone, and it is said; the screen does not go on saying that the host is ready.', async (t) => {
  const watched = await watch(t);
  await watched.beat('online');
  await watched.until('it says so', async () => (await watched.said()).includes('does not move'));
  const shown = (await watched.shown()).split('\r\n');
  assert.match(shown.join(' '), /does not move.*server 127\.0\.0\.1.*restarts by itself/);
  for (const line of shown) assert.ok(line.length <= 80, `the screen does not wrap: ${line}`);
  await beatUntil(watched, 'offline', async () => (await watched.said()).includes('moves again'));
  assert.equal(await watched.told(), '');
});

test('An engine that cannot log on to a server that answers is restarted with its host, after a longer time.', async (t) => {
  const watched = await watch(t);
  await watched.server.listen();
  await beatUntil(watched, 'offline', async () => (await watched.told()) === 'sb');
  assert.match(await watched.said(), /the server answers, but the engine cannot log on/);
});

test('A host is left alone while its engine works, is refused, or waits for a server that is off.', async (t) => {
  const alone = await Promise.all([watch(t), watch(t), watch(t)]);
  const [online, told, offline] = alone;
  await Promise.all([online.server.listen(), told.server.listen()]);
  // Long enough for the one that has to be restarted, in the same time.
  const other = await watch(t);
  await other.server.listen();
  let isOver = false;
  await Promise.all([
    beatUntil(online, 'online', () => isOver),
    beatUntil(told, 'told', () => isOver),
    beatUntil(offline, 'offline', () => isOver),
    beatUntil(other, 'offline', async () => (await other.told()) === 'sb').then(
      () => (isOver = true),
    ),
  ]);
  for (const each of alone) {
    assert.equal(await each.told(), '');
    assert.equal(await each.said(), '');
  }
});
