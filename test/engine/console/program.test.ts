import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { isScreen } from '../../../engine/console/line-device.ts';
import { paint, PREPARE_SCREEN } from '../../../engine/console/paint.ts';
import { drawScreen } from '../../../engine/console/draw-screen.ts';
import { makeCertificate, startEngineServer } from '../engine-server.ts';
import { afterTest, scratchDirectory } from '../scratch-disk.ts';
import { IDLE, NOW, STATES } from './sample-state.ts';

const PROGRAM = join(import.meta.dirname, '../../../engine/main.ts');

type Started = {
  shows: (text: RegExp) => Promise<string>;
  says: (text: RegExp) => Promise<string>;
};

/** The engine with a file for its screen and one for its lines. */
async function start(t: TestContext, args: readonly string[]): Promise<Started> {
  const directory = await scratchDirectory(t);
  const screen = join(directory, 'screen');
  const lines = join(directory, 'lines');
  for (const file of [screen, lines]) await writeFile(file, '');
  const devices = ['--console', screen, '--console-log', lines];
  const child = spawn(
    process.execPath,
    [PROGRAM, ...args, '--state', join(directory, 'state'), ...devices],
    { stdio: 'ignore' },
  );
  const ended = once(child, 'exit');
  afterTest(t, () => {
    child.kill('SIGKILL');
    return ended;
  });
  const waitFor = async (file: string, wanted: RegExp): Promise<string> => {
    let text = '';
    for (let attempt = 0; attempt < 600; attempt += 1) {
      text = await readFile(file, 'latin1');
      if (wanted.test(text)) return text;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return assert.fail(`in vain for ${String(wanted)} in: ${text}`);
  };
  return { shows: (text) => waitFor(screen, text), says: (text) => waitFor(lines, text) };
}

test('The screen and the lines follow the engine from its start until it is ready, and what the server changes.', async (t) => {
  const certificate = await makeCertificate(t);
  const server = await startEngineServer(t, { certificate });
  const build = join(await scratchDirectory(t), 'build.json');
  await writeFile(build, JSON.stringify({ formatVersion: 1, id: 'build-7' }));
  const { shows, says } = await start(t, [
    '--server',
    `127.0.0.1:${server.port}`,
    '--certificate',
    certificate.path,
    '--only-disk',
    '/dev/nonexistent',
    '--build-file',
    build,
  ]);
  const ready = await says(/openclone: ready\r\n/);
  assert.match(ready, /^openclone: state=starting host=- /);
  assert.match(
    ready,
    /openclone: state=idle host=room1-pc01 server=127\.0\.0\.1:\d+ build=build-7\r\n/,
  );
  await shows(/Ready: there is no work/);
  const logon = server.calls.find(({ name }) => name === 'logon');
  assert.match(JSON.stringify(logon), /"engine":\{"programVersion":"[^"]+","buildId":"build-7"\}/);

  for (const peer of server.peers) {
    peer.notify('hostChanged', { hostName: 'pc-new', approval: 'pending', halfWritten: null });
  }
  await says(/state=pending host=pc-new /);
  const painted = await shows(/nobody has approved it yet/);
  assert.ok(painted.startsWith(PREPARE_SCREEN));
  // Lines that did not change are not painted again.
  assert.equal(painted.split('\u001b[23;1H').length, 2);

  await server.close();
  await says(/state=connecting host=pc-new .*answers, but no OpenClone server listens/);
  await shows(/systemctl status openclone/);
});

test('A start that fails is on the screen with what to do: no certificate, wrong arguments.', async (t) => {
  const missing = await start(t, ['--server', '10.77.0.1', '--certificate', '/nonexistent.crt']);
  await missing.says(/state=fatal .*reading the server's certificate \/nonexistent\.crt/);
  await missing.shows(/Build the root file system of the hosts again/);

  const wrong = await start(t, ['--server', '10.77.0.1', '--certificate', '/x', '--nonsense']);
  await wrong.says(/state=fatal .*unknown option/);
  await wrong.shows(/reading the arguments of the engine/);
});

test('The screen speaks the language of --language, and English when it is none of ours; lines are English.', async (t) => {
  const args = ['--server', '10.77.0.1', '--certificate', '/nonexistent.crt', '--language'];
  const german = await start(t, [...args, 'de']);
  await german.shows(/Die Engine kann auf diesem Rechner nicht arbeiten\./);
  await german.says(/state=fatal .*reading the server's certificate/);
  const other = await start(t, [...args, 'tlh']);
  await other.shows(/The engine cannot work on this host\./);
});

test('Painting addresses each row that changed, and sends nothing when none did.', () => {
  const before = drawScreen(IDLE, NOW);
  assert.equal(paint(before, drawScreen(IDLE, NOW)), '');
  const changed = paint(before, drawScreen({ ...IDLE, server: '10.77.0.2:7077' }, NOW));
  assert.match(changed, /^\u001b\[23;1H\u001b\[0;37m {2}Server {3}10\.77\.0\.2:7077 +$/);
  const all = paint(null, drawScreen(STATES.failed, NOW));
  assert.equal(all.match(/\u001b\[\d+;1H/g)?.length, 25);
  // Nothing that scrolls, and nothing but cursor addressing and colours.
  assert.doesNotMatch(all.replace(/\u001b\[[0-9;]+[mH]/g, ''), /[^\x20-\x7e]/);
});

test('Lines do not go to a console that is the painted screen itself.', () => {
  assert.equal(isScreen('ttyS0 tty0\n'), true);
  assert.equal(isScreen('tty0 ttyS0\n'), false);
  assert.equal(isScreen('tty0\n'), true);
  assert.equal(isScreen(''), false);
});
