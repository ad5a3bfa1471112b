/** Steps are made as planned, killed, and taken back when one fails. */

import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { OperatorError } from '../../lib/errors.ts';
import { readRecord } from '../../installer/changes/record.ts';
import { account } from '../../installer/steps/account.ts';
import { configuration } from '../../installer/steps/configuration.ts';
import { directories } from '../../installer/steps/directories.ts';
import type { InstallStep } from '../../installer/step.ts';
import { units } from '../../installer/steps/units.ts';
import type { System } from '../../installer/machine/system.ts';
import { withMachine, type Call } from './samples.ts';
import { addAccounts, execute } from './sample-steps.ts';

const FAILING: InstallStep = {
  name: 'failing',
  title: 'doing the impossible',
  describe: () => ['the impossible'],
  check: () => Promise.resolve(false),
  apply: () =>
    Promise.reject(
      new OperatorError({ code: 'tool-failed', message: 'doing it', hint: 'Do not.' }),
    ),
};

const STEPS = [account, directories, configuration, units];

/** Every path below the machine, with what files have in them. */
async function listing(system: System): Promise<string[]> {
  const entries = await readdir(system.root, { recursive: true, withFileTypes: true });
  const lines = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return entry.isFile() ? `${path}: ${await readFile(path, 'utf8')}` : path;
  });
  return (await Promise.all(lines)).sort();
}

describe('doing the steps', () => {
  test('doing the steps makes everything as planned, and finds it so the next time', async () => {
    await withMachine(async (system, calls) => {
      await addAccounts(system);
      assert.deepEqual(await execute(system, STEPS), [
        'skipped account',
        'started directories',
        'done directories',
        'started configuration',
        'done configuration',
        'started units',
        'done units',
      ]);
      const images = await stat(join(system.root, 'srv/openclone/images'));
      assert.deepEqual([images.mode & 0o7777, images.uid, images.gid], [0o750, 991, 990]);
      const grub = await stat(join(system.root, 'srv/openclone/tftp/grub'));
      assert.deepEqual([grub.mode & 0o7777, grub.uid], [0o755, 991]);
      const site = await stat(join(system.root, 'etc/openclone/site.json'));
      assert.equal(site.mode & 0o7777, 0o644);
      assert.ok(calls.some((call) => call.join(' ') === 'systemctl daemon-reload'));
      const made = await listing(system);
      calls.length = 0;
      assert.deepEqual(
        await execute(system, STEPS),
        STEPS.map(({ name }) => `skipped ${name}`),
      );
      assert.deepEqual(await listing(system), made);
      assert.deepEqual(calls, []);
    });
  });

  test('doing the steps: whatever the umask is, the daemon and dnsmasq can read it', async () => {
    await withMachine(async (system) => {
      await addAccounts(system);
      const umask = process.umask(0o077);
      await execute(system, STEPS).finally(() => process.umask(umask));
      for (const path of ['srv', 'srv/openclone', 'etc/systemd', 'srv/openclone/tftp/grub']) {
        assert.equal((await stat(join(system.root, path))).mode & 0o7777, 0o755, path);
      }
      const site = await stat(join(system.root, 'etc/openclone/site.json'));
      assert.equal(site.mode & 0o7777, 0o644);
    });
  });

  test('doing the steps: a file that was changed by hand is put right, and only that', async () => {
    await withMachine(async (system) => {
      await addAccounts(system);
      await execute(system, STEPS);
      const made = await listing(system);
      await writeFile(join(system.root, 'etc/systemd/system/openclone.service'), 'mine\n');
      assert.ok((await execute(system, STEPS)).includes('done units'));
      assert.deepEqual(await listing(system), made);
    });
  });

  test('doing the steps: a failing step takes back everything before it', async () => {
    await withMachine(async (system, calls) => {
      await addAccounts(system);
      const before = await listing(system);
      await assert.rejects(execute(system, [...STEPS, FAILING]), (error) => {
        assert.ok(error instanceof OperatorError);
        assert.equal(error.code, 'tool-failed');
        assert.match(error.hint, /^Do not\. Everything this run changed was taken back\.$/);
        return true;
      });
      assert.equal(await readRecord(system), null);
      // Every system has a /var/lib.
      const after = await listing(system);
      assert.deepEqual(
        after.filter((line) => !/\/var(\/lib)?$/.test(line)),
        before,
      );
      assert.equal(calls.at(-1)?.join(' '), 'systemctl daemon-reload');
    });
  });

  test('doing the steps: a failing update brings back what was there, and goes on with it', async () => {
    const isActive = ([, verb]: Call): string => (verb === 'is-active' ? 'active\n' : '');
    await withMachine(async (system, calls) => {
      await addAccounts(system);
      await execute(system, STEPS);
      const unit = join(system.root, 'etc/systemd/system/openclone.service');
      await writeFile(unit, 'of the version before\n');
      const before = await listing(system);
      const recorded = await readRecord(system);
      const restarting: InstallStep = {
        ...FAILING,
        service: 'openclone.service',
        apply: async ({ journal }) => {
          await journal.note({
            type: 'unit',
            unit: 'openclone.service',
            wasEnabled: true,
            wasActive: true,
          });
          throw new Error('it did not start');
        },
      };
      calls.length = 0;
      await assert.rejects(execute(system, [...STEPS, restarting]), /doing the impossible/);
      const withoutRecord = (lines: string[]): string[] =>
        lines.filter((line) => !line.includes('installed.json'));
      assert.deepEqual(withoutRecord(await listing(system)), withoutRecord(before));
      assert.deepEqual((await readRecord(system))?.changes, recorded?.changes);
      const told = calls.map((call) => call.join(' '));
      assert.ok(!told.includes('systemctl stop openclone.service'));
      assert.equal(told.at(-1), 'systemctl restart openclone.service');
      assert.ok(told.indexOf('systemctl daemon-reload') < told.length - 1);
    }, isActive);
  });

  test("doing the steps: a failing run does not restart somebody else's service", async () => {
    await withMachine(async (system, calls) => {
      const touching: InstallStep = {
        ...FAILING,
        service: 'openclone-dnsmasq.service',
        apply: async ({ journal }) => {
          for (const unit of ['nfs-server.service', 'openclone-dnsmasq.service']) {
            await journal.note({ type: 'unit', unit, wasEnabled: true, wasActive: true });
          }
          throw new Error('it did not start');
        },
      };
      await assert.rejects(execute(system, [touching]), /doing the impossible/);
      const restarts = calls.filter(([, verb]) => verb === 'restart').map(([, , unit]) => unit);
      assert.deepEqual(restarts, ['openclone-dnsmasq.service']);
    });
  });

  test('doing the steps: an interrupted run ends before its next step, and takes back', async () => {
    await withMachine(async (system) => {
      await addAccounts(system);
      const interruption = new AbortController();
      const interrupting: InstallStep = {
        ...FAILING,
        apply: () => {
          interruption.abort();
          return Promise.resolve();
        },
      };
      await assert.rejects(
        execute(system, [directories, interrupting, units], { signal: interruption.signal }),
        (error) => error instanceof OperatorError && error.code === 'cancelled',
      );
      assert.deepEqual(await readdir(join(system.root, 'srv')).catch(() => []), []);
    });
  });

  test('doing the steps: what cannot be taken back is named', async () => {
    await withMachine(
      async (system) => {
        const packages: InstallStep = {
          ...FAILING,
          apply: async ({ journal }) => {
            await journal.note({ type: 'packages', asked: ['udpcast'], brought: ['libx'] });
          },
        };
        await assert.rejects(execute(system, [packages, FAILING]), (error) => {
          assert.ok(error instanceof OperatorError);
          assert.match(error.hint, /Taken back, except: the Debian packages udpcast/);
          return true;
        });
      },
      () => '',
    );
  });
});
