/** Who gives work to hosts that are off is told so, and how long it waits for them. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Settings } from '../../lib/model/settings.ts';
import { doneRun, sampleTask } from '../support/tasks.ts';
import { SAMPLE_IMAGE, SAMPLE_MANIFEST } from '../support/images.ts';
import { sampleHost } from '../support/hosts.ts';
import { sampleStatus } from '../support/servers.ts';
import { runCli, withSmallServer } from './small-server.ts';

const DONE = sampleTask([doneRun(1)]);
const CAPTURE = ['capture', 'pc-01', '--disk', 'sda', '--name', 'win11'];

function serverWhereItIs(state: 'off' | 'idle'): Parameters<typeof withSmallServer>[0] {
  return {
    'host.show': () => Promise.resolve({ ...sampleHost(1, 'pc-01'), state }),
    'settings.get': () =>
      Promise.resolve(Settings.parse({ automaticRegistration: false, waitHours: 48 })),
    'image.show': () =>
      Promise.resolve({ image: SAMPLE_IMAGE, manifest: SAMPLE_MANIFEST, directory: '/x' }),
    'host.resolve': () => Promise.resolve([{ ...sampleHost(1, 'pc-01'), state }]),
    'task.create': () => Promise.resolve(DONE),
    'status.watch': () => Promise.resolve(sampleStatus([DONE])),
  };
}

const IS_OFF =
  /^1 host is off \(pc-01\): the task waits until \d{4}-\d\d-\d\d \d\d:\d\d for somebody to switch it on; --wake does so by Wake-on-LAN\.$/m;

/** What the task was asked for with. */
async function askedFor(
  state: 'off' | 'idle',
  run: (socketPath: string) => Promise<{ readonly stdout: string; readonly stderr: string }>,
): Promise<{ readonly params: unknown; readonly said: string }> {
  let params: unknown;
  let said = '';
  await withSmallServer(serverWhereItIs(state), async ({ socketPath, calls }) => {
    const { stdout, stderr } = await run(socketPath);
    said = `${stdout}${stderr}`.replaceAll('\r', '');
    params = calls.find(({ name }) => name.startsWith('task.'))?.params;
  });
  return { params, said };
}

describe('capturing a host that is off', () => {
  test('capturing a host that is off says so, until when it waits, and how it is woken', async () => {
    const { params, said } = await askedFor('off', (path) => runCli(path, CAPTURE));
    assert.match(said, IS_OFF);
    assert.partialDeepStrictEqual(params, { wake: false });
  });

  test('capturing a host that is off asks on a terminal whether to wake it', async () => {
    for (const [answer, wake] of [
      ['yes', true],
      ['', false],
    ] as const) {
      const { params, said } = await askedFor('off', (path) =>
        runCli(path, CAPTURE, { typed: `${answer}\n` }),
      );
      assert.match(said, IS_OFF);
      assert.match(said, /Switch it on now\?/);
      assert.partialDeepStrictEqual(params, { wake });
    }
  });

  test('capturing a host that is off says nothing when it is on, is woken anyway, or a program reads', async () => {
    const on = await askedFor('idle', (path) => runCli(path, CAPTURE, { typed: '' }));
    const woken = await askedFor('off', (path) =>
      runCli(path, [...CAPTURE, '--wake'], { typed: '' }),
    );
    const json = await askedFor('off', (path) =>
      runCli(path, ['--json', ...CAPTURE], { typed: '' }),
    );
    for (const { said } of [on, woken, json]) assert.doesNotMatch(said, /is off|Switch it on/);
    assert.partialDeepStrictEqual(woken.params, { wake: true });
  });
});

test('what is lost is told with who is off', async () => {
  for (const command of ['deploy', 'partition']) {
    const args = [command, 'win11', '--to', 'pc-01'];
    const { said } = await askedFor('off', (path) => runCli(path, args, { typed: 'yes\n' }));
    assert.match(said, IS_OFF);
    const { said: woken } = await askedFor('off', (path) =>
      runCli(path, [...args, '--wake'], { typed: 'yes\n' }),
    );
    assert.match(woken, /^1 host is off \(pc-01\): it is woken; the task waits until \d{4}-/m);
  }
});

test('--until says how long each kind of task waits, and without it the server does', async () => {
  const commands: readonly string[][] = [
    CAPTURE,
    ['deploy', 'win11', '--to', 'pc-01', '--yes'],
    ['partition', 'win11', '--to', 'pc-01', '--yes'],
    ['shutdown', 'pc-01'],
  ];
  for (const args of commands) {
    const said = await askedFor('idle', (path) => runCli(path, [...args, '--until', '90m']));
    assert.partialDeepStrictEqual(said.params, { waitMs: 90 * 60_000 });
    const unsaid = await askedFor('idle', (path) => runCli(path, args));
    assert.deepEqual('waitMs' in Object(unsaid.params), false);
    const wrong = await askedFor('idle', (path) => runCli(path, [...args, '--until', 'soon']));
    assert.match(wrong.said, /reading --until "soon": a length of time/);
    assert.equal(wrong.params, undefined);
  }
});
