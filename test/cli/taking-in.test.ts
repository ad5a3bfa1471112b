/** The commands that approve hosts, settle what they boot, and say that a disk is fine. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RunId } from '../../lib/model/ids.ts';
import { formatMoment } from '../../lib/format.ts';
import { Settings } from '../../lib/model/settings.ts';
import { sampleHost } from '../support/hosts.ts';
import { runCli, runProgramOnTerminal, withSmallServer } from './small-server.ts';
import { verbatim } from '../../lib/model/messages/table.ts';

const HOST = sampleHost(1, 'pc-01');
const HALF_WRITTEN = {
  ...HOST,
  halfWritten: {
    runId: RunId.parse('run-0000000001'),
    disk: '/dev/sda (Samsung SSD 860, serial S3Z8NB01, 500107862016 bytes)',
    since: '2026-11-21T07:00:00.000Z',
  },
};

describe('a host', () => {
  test('a host is added and approved with what was named, and nothing else', async () => {
    await withSmallServer(
      { 'host.add': () => Promise.resolve(HOST), 'host.approve': () => Promise.resolve([HOST]) },
      async ({ socketPath, calls }) => {
        const added = await runCli(
          socketPath,
          'host add 52-54-00-77-00-01 --name pc-01'.split(' '),
        );
        assert.match(added.stdout, /^Approval: +approved$/m);
        assert.deepEqual(calls[0], {
          name: 'host.add',
          params: { mac: '52:54:00:77:00:01', name: 'pc-01' },
        });
        const approved = await runCli(socketPath, 'host approve pc-01 pc-02'.split(' '));
        assert.match(approved.stdout, /^pc-01 +ready/m);
        assert.deepEqual(calls[1]?.params, { hosts: ['pc-01', 'pc-02'] });
        assert.equal((await runCli(socketPath, ['host', 'approve'])).exitStatus, 2);
      },
    );
  });

  test('a host gets its shell, or does not', async () => {
    await withSmallServer(
      { 'host.edit': () => Promise.resolve(HOST) },
      async ({ socketPath, calls }) => {
        await runCli(socketPath, 'host edit pc-01 --debug-shell'.split(' '));
        await runCli(socketPath, 'host edit pc-01 --no-debug-shell'.split(' '));
        assert.deepEqual(
          calls.map(({ params }) => params),
          [
            { host: 'pc-01', debugShell: true },
            { host: 'pc-01', debugShell: false },
          ],
        );
      },
    );
  });

  test('a host is another machine only by the word of somebody who has seen which', async () => {
    const otherMachines = [
      { serialNumber: 'SN2', address: '10.77.0.66', at: '2026-11-21T07:00:00.000Z' },
    ];
    await withSmallServer(
      {
        'host.show': () => Promise.resolve({ ...HOST, otherMachines }),
        'host.acceptMachine': () => Promise.resolve(HOST),
      },
      async ({ socketPath, calls }) => {
        const accept = ['host', 'accept-machine', 'pc-01'];
        assert.equal((await runCli(socketPath, accept)).exitStatus, 2);
        const yes = await runProgramOnTerminal(socketPath, accept, 'yes\n');
        assert.match(yes.stdout, /another machine, serial number SN2, at 10\.77\.0\.66/);
        for (const more of [['--serial', 'SN3'], ['--no-serial']]) {
          const { exitStatus } = await runCli(socketPath, [...accept, '--yes', ...more]);
          assert.equal(exitStatus, 0);
        }
        assert.deepEqual(
          calls.filter(({ name }) => name === 'host.acceptMachine').map(({ params }) => params),
          [
            { host: 'pc-01' },
            { host: 'pc-01', serialNumber: 'SN3' },
            { host: 'pc-01', serialNumber: null },
          ],
        );
      },
    );
  });

  test('a host is taken for complete only by somebody who has read what that means', async () => {
    await withSmallServer(
      {
        'host.show': () => Promise.resolve(HALF_WRITTEN),
        'host.clear': () => Promise.resolve(HOST),
      },
      async ({ socketPath, calls }) => {
        const clear = ['host', 'clear', 'pc-01'];
        assert.equal((await runCli(socketPath, clear)).exitStatus, 2);
        const no = await runProgramOnTerminal(socketPath, clear, 'no\n');
        assert.match(
          no.stdout,
          /pc-01 will boot from its disk \/dev\/sda \(Samsung SSD 860, serial/,
        );
        assert.match(no.stdout, /may be damaged without showing it/);
        assert.deepEqual(
          calls.map(({ name }) => name),
          ['host.show'],
        );
        const yes = await runCli(socketPath, [...clear, '--yes']);
        assert.deepEqual([yes.exitStatus, calls.at(-1)?.name], [0, 'host.clear']);
        assert.match(yes.stdout, /^pc-01 boots from its disk again$/m);
      },
    );
  });
});

describe('the whole server', () => {
  test('the whole server shows its settings, and changes them', async () => {
    await withSmallServer(
      {
        'settings.get': () => Promise.resolve({ automaticRegistration: false }),
        'settings.set': () => Promise.resolve({ automaticRegistration: true }),
      },
      async ({ socketPath, calls }) => {
        const shown = await runCli(socketPath, ['settings']);
        assert.match(shown.stdout, /^Automatic registration: +off$/m);
        const changed = await runCli(socketPath, 'settings --automatic-registration on'.split(' '));
        assert.match(changed.stdout, /^Automatic registration: +on$/m);
        assert.deepEqual(calls.at(-1), {
          name: 'settings.set',
          params: { automaticRegistration: true },
        });
        const wrong = await runCli(socketPath, 'settings --automatic-registration yes'.split(' '));
        assert.equal(wrong.exitStatus, 2);
        assert.match(wrong.stderr, /on, off or a time of at most a day/);
        for (const tooLong of ['2d', '0m', '999999h']) {
          const refused = await runCli(socketPath, [
            'settings',
            '--automatic-registration',
            tooLong,
          ]);
          assert.equal(refused.exitStatus, 2, tooLong);
        }
      },
    );
  });

  test('the whole server switches automatic registration on for a time, and says until when', async () => {
    const automaticRegistrationUntil = '2026-12-01T11:30:00.000Z';
    const open = Settings.parse({ automaticRegistration: true, automaticRegistrationUntil });
    await withSmallServer(
      { 'settings.set': () => Promise.resolve(open) },
      async ({ socketPath, calls }) => {
        const changed = await runCli(
          socketPath,
          'settings --automatic-registration 30m'.split(' '),
        );
        assert.deepEqual(calls.at(-1)?.params, { automaticRegistrationMinutes: 30 });
        assert.match(
          changed.stdout,
          new RegExp(
            `^Automatic registration: +on until ${formatMoment(automaticRegistrationUntil)}$`,
            'm',
          ),
        );
      },
    );
  });

  test('the whole server shows what the wizards start with, and changes it', async () => {
    const set = Settings.parse({
      automaticRegistration: false,
      idleMinutes: 30,
      captureCompression: 'gzip',
      afterwards: 'power-off',
      deployWake: false,
    });
    await withSmallServer(
      {
        'settings.get': () => Promise.resolve(Settings.parse({ automaticRegistration: false })),
        'settings.set': () => Promise.resolve(set),
      },
      async ({ socketPath, calls }) => {
        const shown = await runCli(socketPath, ['settings']);
        assert.match(
          shown.stdout,
          /^Compression: +zstd\nAfterwards: +reboot\nWake for a deploy: +on\nWait for hosts: +24 h$/m,
        );
        const change = 'settings --compression gzip --afterwards shutdown --deploy-wake off';
        const changed = await runCli(socketPath, change.split(' '));
        assert.match(
          changed.stdout,
          /^Compression: +gzip\nAfterwards: +shutdown\nWake for a deploy: +off$/m,
        );
        const params = { captureCompression: 'gzip', afterwards: 'power-off', deployWake: false };
        assert.deepEqual(calls.at(-1), { name: 'settings.set', params });
        await runCli(socketPath, 'settings --afterwards wait'.split(' '));
        assert.deepEqual(calls.at(-1), { name: 'settings.set', params: { afterwards: null } });
        const wrong = await runCli(socketPath, 'settings --afterwards exit'.split(' '));
        assert.equal(wrong.exitStatus, 2);
        assert.match(wrong.stderr, /one of wait, shutdown, reboot is expected/);
      },
    );
  });

  test('the whole server writes its boot files again and says what is wrong with them', async () => {
    const problem = {
      what: verbatim('hosts may boot the wrong thing'),
      hint: verbatim('Look at the disk.'),
    };
    await withSmallServer(
      { 'boot.refresh': () => Promise.resolve({ build: 'b2', problems: [problem] }) },
      async ({ socketPath }) => {
        const { stdout, exitStatus } = await runCli(socketPath, ['boot', 'refresh']);
        assert.equal(exitStatus, 0);
        assert.match(stdout, /^hosts boot the build b2$/m);
        assert.match(
          stdout,
          /^problem: hosts may boot the wrong thing\n {3}hint: Look at the disk\.$/m,
        );
      },
    );
  });
});
