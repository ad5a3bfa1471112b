import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { OperatorError } from '../../lib/errors.ts';
import { run } from '../../lib/exec/run.ts';
import type { Change } from '../../installer/changes/table.ts';
import { Journal } from '../../installer/changes/journal.ts';
import { rollBack } from '../../installer/changes/roll-back.ts';
import { executeSteps, type StepProgress } from '../../installer/execute.ts';
import { readRecord } from '../../installer/changes/record.ts';
import { account } from '../../installer/steps/account.ts';
import { configuration } from '../../installer/steps/configuration.ts';
import { directories } from '../../installer/steps/directories.ts';
import type { InstallStep } from '../../installer/step.ts';
import { units } from '../../installer/steps/units.ts';
import type { System } from '../../installer/machine/system.ts';
import { sampleContext, samplePlan, withMachine, type Call } from './samples.ts';

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

/** groupadd and useradd as far as the files show it. */
async function addAccounts(system: System): Promise<void> {
  await writeFile(join(system.root, 'etc/group'), 'root:x:0:\nopenclone:x:990:\n');
  await writeFile(
    join(system.root, 'etc/passwd'),
    'root:x:0:0::/:/bin/sh\ndnsmasq:x:105:65534::/:/\nopenclone:x:991:990::/:/\n',
  );
}

async function execute(
  system: System,
  steps: readonly InstallStep[],
  signal = new AbortController().signal,
): Promise<string[]> {
  const progress: string[] = [];
  const onProgress = ({ type, step }: StepProgress): Promise<void> => {
    progress.push(`${type} ${step.name}`);
    return Promise.resolve();
  };
  const context = await sampleContext(system, samplePlan());
  await executeSteps(steps, context, { signal, onProgress });
  return progress;
}

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
        ...['skipped account', 'started directories', 'done directories'],
        ...['started configuration', 'done configuration', 'started units', 'done units'],
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
            ...{ type: 'unit', unit: 'openclone.service', wasEnabled: true, wasActive: true },
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
        execute(system, [directories, interrupting, units], interruption.signal),
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

describe('taking changes back when OpenClone is removed', () => {
  const how = { reason: 'uninstall', purgeData: false, removePackages: false } as const;

  test('taking changes back when OpenClone is removed keeps data, and the account that owns it', async () => {
    await withMachine(async (system, calls) => {
      await mkdir(join(system.root, 'srv/images'), { recursive: true });
      await writeFile(join(system.root, 'srv/images/x'), 'an image');
      const { kept } = await rollBack(
        system,
        [
          { type: 'group', name: 'openclone' },
          { type: 'directory', path: '/srv/images', tree: true, data: 'images' },
        ],
        { ...how, onReverted: () => Promise.resolve() },
      );
      assert.deepEqual(
        kept.map(({ change }) => change.type),
        ['directory', 'group'],
      );
      assert.equal(await readFile(join(system.root, 'srv/images/x'), 'utf8'), 'an image');
      assert.deepEqual(calls, []);
    });
  });

  test('taking changes back when OpenClone is removed deletes data when that was said', async () => {
    await withMachine(async (system, calls) => {
      await mkdir(join(system.root, 'srv/images/below'), { recursive: true });
      await rollBack(
        system,
        [
          { type: 'group', name: 'openclone' },
          { type: 'directory', path: '/srv', tree: false, data: null },
          { type: 'directory', path: '/srv/images', tree: true, data: 'images' },
        ],
        { ...how, purgeData: true, onReverted: () => Promise.resolve() },
      );
      assert.deepEqual(await readdir(system.root), ['etc']);
      assert.deepEqual(calls, [['groupdel', 'openclone']]);
    });
  });

  test('taking changes back when OpenClone is removed leaves a directory that somebody else uses by now, and a link that is none any more', async () => {
    await withMachine(async (system) => {
      await mkdir(join(system.root, 'srv'));
      await writeFile(join(system.root, 'srv/theirs'), '');
      await writeFile(join(system.root, 'command'), 'theirs');
      const { kept, failed } = await rollBack(
        system,
        [
          { type: 'directory', path: '/srv', tree: false, data: null },
          { type: 'link', path: '/command', previousTarget: null },
        ],
        { ...how, onReverted: () => Promise.resolve() },
      );
      assert.deepEqual(failed, []);
      assert.equal(kept.length, 2);
      assert.equal(await readFile(join(system.root, 'command'), 'utf8'), 'theirs');
    });
  });

  test('taking changes back when OpenClone is removed writes the earlier text of a file anew, never through a link', async () => {
    await withMachine(async (system) => {
      await writeFile(join(system.root, 'elsewhere'), 'untouched');
      await symlink(join(system.root, 'elsewhere'), join(system.root, 'file'));
      await rollBack(
        system,
        [{ type: 'file', path: '/file', previous: { text: 'before', mode: 0o600 } }],
        { ...how, onReverted: () => Promise.resolve() },
      );
      assert.equal(await readFile(join(system.root, 'elsewhere'), 'utf8'), 'untouched');
      assert.equal(await readFile(join(system.root, 'file'), 'utf8'), 'before');
    });
  });

  test('taking changes back when OpenClone is removed: a first installation that fails leaves no empty image directory, but never deletes an image', async () => {
    await withMachine(async (system) => {
      const incoming = join(system.root, 'images/.incoming');
      const change = { type: 'directory', path: '/images', tree: true, data: 'images' } as const;
      const rollback = { ...how, reason: 'rollback' } as const;
      await mkdir(incoming, { recursive: true });
      await rollBack(system, [change], { ...rollback, onReverted: () => Promise.resolve() });
      assert.deepEqual(await readdir(system.root), ['etc']);
      await mkdir(incoming, { recursive: true });
      await writeFile(join(incoming, 'stream'), 'an image');
      const { kept } = await rollBack(system, [change], {
        ...{ ...rollback, onReverted: () => Promise.resolve() },
      });
      assert.equal(kept.length, 1);
      assert.equal(await readFile(join(incoming, 'stream'), 'utf8'), 'an image');
    });
  });

  test('taking changes back when OpenClone is removed never removes a tree with data in it that is kept, in whatever order they were made', async () => {
    await withMachine(async (system) => {
      const image = join(system.root, 'opt/openclone/images/win11');
      await mkdir(join(system.root, 'opt/openclone/images'), { recursive: true });
      await writeFile(image, 'an image');
      const tree: Change = { type: 'directory', path: '/opt/openclone', tree: true, data: null };
      const images: Change = {
        ...{ type: 'directory', path: '/opt/openclone/images', tree: true, data: 'images' },
      };
      for (const changes of [
        [tree, images],
        [images, tree],
      ]) {
        const { kept } = await rollBack(system, changes, {
          ...{ ...how, onReverted: () => Promise.resolve() },
        });
        assert.equal(kept.length, 2);
        assert.equal(await readFile(image, 'utf8'), 'an image');
      }
    });
  });

  test('taking changes back when OpenClone is removed removes no tree in which something is mounted', async () => {
    await withMachine(async (system) => {
      const mount = join(system.root, 'netboot/builds');
      await mkdir(mount, { recursive: true });
      await run('mount', ['-t', 'tmpfs', 'tmpfs', mount]);
      try {
        await writeFile(join(mount, 'precious'), '');
        const change: Change = { type: 'directory', path: '/netboot', tree: true, data: null };
        const { kept } = await rollBack(system, [change], {
          ...{ ...how, purgeData: true, onReverted: () => Promise.resolve() },
        });
        assert.match(kept[0]?.reason ?? '', /something is mounted at/);
        await stat(join(mount, 'precious'));
      } finally {
        await run('umount', [mount]);
      }
    });
  });

  test('taking changes back when OpenClone is removed gives a directory back to who had it, unless images are in it', async () => {
    await withMachine(async (system) => {
      const disk = join(system.root, 'srv/openclone/images');
      await addAccounts(system);
      await mkdir(join(disk, 'lost+found'), { recursive: true });
      await chmod(disk, 0o755);
      await execute(system, [directories]);
      assert.equal((await stat(disk)).uid, 991);
      const changes = (await readRecord(system))?.changes ?? [];
      const goBack = (): ReturnType<typeof rollBack> =>
        rollBack(system, changes, { ...how, onReverted: () => Promise.resolve() });
      await writeFile(join(disk, 'win11'), 'an image');
      const { kept } = await goBack();
      assert.ok(kept.some(({ reason }) => /^\/srv\/openclone\/images: it was there/.test(reason)));
      assert.equal((await stat(disk)).uid, 991);
      await rm(join(disk, 'win11'));
      await goBack();
      const { uid, gid, mode } = await stat(disk);
      assert.deepEqual([uid, gid, mode & 0o7777], [0, 0, 0o755]);
    });
  });

  test('taking changes back when OpenClone is removed does not stop an NFS server that others use as well', async () => {
    await withMachine(async (system, calls) => {
      const unit: Change = {
        ...{ type: 'unit', unit: 'nfs-server.service', wasEnabled: false, wasActive: false },
      };
      const goBack = (): ReturnType<typeof rollBack> =>
        rollBack(system, [unit], { ...how, onReverted: () => Promise.resolve() });
      await mkdir(join(system.root, 'etc/exports.d'));
      await writeFile(join(system.root, 'etc/exports'), '# /srv/homes\n/srv/homes *(rw)\n');
      assert.match((await goBack()).kept[0]?.reason ?? '', /it serves \/srv\/homes as well/);
      assert.equal(calls.length, 0);
      await writeFile(join(system.root, 'etc/exports'), '# /srv/homes\n');
      await writeFile(join(system.root, 'etc/exports.d/openclone.exports'), '/srv/x *(ro)\n');
      assert.deepEqual((await goBack()).kept, []);
      assert.ok(calls.some((call) => call.join(' ') === 'systemctl stop nfs-server.service'));
    });
  });

  test('taking changes back when OpenClone is removed goes on after one that fails, and says which', async () => {
    await withMachine(
      async (system) => {
        await writeFile(join(system.root, 'file'), '');
        const { failed } = await rollBack(
          system,
          [
            { type: 'file', path: '/file', previous: null },
            { type: 'user', name: 'openclone' },
          ],
          { ...how, onReverted: () => Promise.resolve() },
        );
        assert.equal(failed.length, 1);
        assert.match(failed[0]?.reason ?? '', /^user openclone: userdel/);
        await assert.rejects(stat(join(system.root, 'file')), { code: 'ENOENT' });
      },
      () => {
        throw new OperatorError({ code: 'tool-failed', message: 'userdel: it runs', hint: '' });
      },
    );
  });
});

describe('the record', () => {
  test('the record goes back to the system before OpenClone, over several runs', async () => {
    await withMachine(async (system) => {
      const first = await Journal.open(system, '1.0.0');
      await first.note({ type: 'file', path: '/x', previous: null });
      const second = await Journal.open(system, '2.0.0');
      await second.note({ type: 'file', path: '/x', previous: { text: '1', mode: 0o644 } });
      const record = await readRecord(system);
      assert.equal(record?.programVersion, '2.0.0');
      assert.deepEqual(record.changes, [{ type: 'file', path: '/x', previous: null }]);
    });
  });

  test('the record: one of a newer program is left alone', async () => {
    await withMachine(async (system) => {
      await mkdir(join(system.root, 'var/lib/openclone-installer'), { recursive: true });
      await writeFile(
        join(system.root, 'var/lib/openclone-installer/installed.json'),
        '{"formatVersion":2}',
      );
      await assert.rejects(readRecord(system), /reading what was installed/);
    });
  });
});
