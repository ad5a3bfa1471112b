/** An update that fails after the new daemon has migrated the store, with the real daemon. */

import assert from 'node:assert/strict';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { executeSteps } from '../../../installer/execute.ts';
import type { InstallStep } from '../../../installer/step.ts';
import { prepareStoreRollBack } from '../../../installer/steps/store-rollback.ts';
import { readStoreState } from '../../../installer/tools/server-store.ts';
import type { System } from '../../../installer/machine/system.ts';
import { OperatorError } from '../../../lib/errors.ts';
import { run } from '../../../lib/exec/run.ts';
import { STORE_VERSION } from '../../../server/store/schema.ts';
import { freePort } from '../../support/ports.ts';
import { RunningServer } from '../../server/running-server.ts';
import { sampleContext, samplePlan, withMachine } from '../samples.ts';
import { CURRENT } from '../../../installer/machine/names.ts';
import { newerStoreObstacles } from '../../../installer/preflight/store.ts';
import { withDirectory } from '../../support/directories.ts';

const PROJECT = join(import.meta.dirname, '../../..');
const VERSION_1 = join(import.meta.dirname, '../../fixtures/store/version-1.json');
const MODE = 0o600;

/** Starts the real daemon of today on the machine's store, lets `use` work with it, and stops it. */
async function runDaemon(
  system: System,
  use: (server: RunningServer) => Promise<void>,
): Promise<void> {
  const store = join(system.root, 'var/lib/openclone');
  await withDirectory(async (directory) => {
    await rename(store, join(directory, 'data'));
    const server = new RunningServer(directory, await freePort());
    try {
      await server.start();
      await use(server);
    } finally {
      await server.stop();
      await rename(join(directory, 'data'), store);
    }
  });
}

/** What the steps from `program` to `daemon` do to an installed machine. */
function updating(
  use: (server: RunningServer) => Promise<void>,
  previousTarget: string,
): InstallStep {
  return {
    name: 'updating',
    title: 'updating',
    service: 'openclone.service',
    prepareRollBack: prepareStoreRollBack,
    describe: () => [],
    check: () => Promise.resolve(false),
    apply: async ({ system, journal }) => {
      await journal.note({ type: 'link', path: CURRENT, previousTarget });
      await journal.note({
        type: 'unit',
        unit: 'openclone.service',
        wasEnabled: true,
        wasActive: true,
      });
      await runDaemon(system, use);
    },
  };
}

const FAILING: InstallStep = {
  name: 'failing',
  title: 'failing',
  describe: () => [],
  check: () => Promise.resolve(false),
  apply: () => Promise.reject(new OperatorError({ code: 'tool-failed', message: 'x', hint: '-' })),
};

/** The hint of an update whose step after the daemon's fails, and what systemctl was told at last. */
async function failingUpdate(
  use: (server: RunningServer) => Promise<void>,
  look: (system: System, hint: string, told: readonly string[]) => Promise<void>,
): Promise<void> {
  await withMachine(async (system, calls) => {
    const data = join(system.root, 'var/lib/openclone');
    await mkdir(data, { recursive: true });
    await mkdir(join(system.root, 'opt/openclone'), { recursive: true });
    await writeFile(join(data, 'store.json'), await readFile(VERSION_1), { mode: MODE });
    await writeFile(join(data, 'initialised'), '');
    const context = await sampleContext(system, samplePlan());
    let hint = '';
    await assert.rejects(
      executeSteps([updating(use, '0.1.0'), FAILING], context, {
        signal: new AbortController().signal,
        onProgress: () => Promise.resolve(),
      }),
      (error) => {
        assert.ok(error instanceof OperatorError);
        hint = error.hint;
        return true;
      },
    );
    const told = calls
      .filter(([tool]) => tool === 'systemctl')
      .map(([, ...args]) => args.join(' '));
    await look(system, hint, told);
  });
}

describe('an update that fails after the store was migrated', () => {
  test('an update that fails after the store was migrated gives the daemon before the store before, when the migration was the only change', async () => {
    await failingUpdate(
      () => Promise.resolve(),
      async (system, hint, told) => {
        const store = join(system.root, 'var/lib/openclone/store.json');
        assert.ok((await readFile(store)).equals(await readFile(VERSION_1)));
        assert.equal((await stat(store)).mode & 0o777, MODE);
        assert.equal(hint, '- Everything this run changed was taken back.');
        assert.ok(told.indexOf('stop openclone.service') >= 0);
        assert.equal(told.at(-1), 'restart openclone.service');
        // The next update finds a store like any other, and migrates it again.
        await runDaemon(system, async (server) => {
          const { call } = await server.operator();
          assert.equal((await call('host.list', { group: null })).length, 2);
        });
        assert.equal(await versionOf(system), STORE_VERSION);
      },
    );
  });

  test('an update that fails after the store was migrated says what to do when something was changed since, and changes nothing', async () => {
    const change = async (server: RunningServer): Promise<void> => {
      const { call } = await server.operator();
      await call('group.create', { name: 'since', hosts: [] });
    };
    await failingUpdate(change, async (system, hint, told) => {
      const data = join(system.root, 'var/lib/openclone');
      assert.equal(await versionOf(system), STORE_VERSION);
      assert.match(await readFile(join(data, 'store.json'), 'utf8'), /"since"/);
      assert.match(hint, /taken back, except for the store\. .* Install the new version again/);
      const commands = /mv \S+ \S+ && cp -p (\S+) (\S+) && systemctl restart/.exec(hint);
      assert.equal(commands?.[1], join(data, 'store.json.version-1'));
      assert.ok(
        (await readFile(join(data, 'store.json.version-1'))).equals(await readFile(VERSION_1)),
      );
      // The daemon before would only refuse this store, again and again.
      assert.ok(!told.includes('restart openclone.service'));
    });
  });
});

async function versionOf(system: System): Promise<number | null> {
  return (await readStoreState(system, PROJECT))?.version ?? null;
}

test('a store that is none has no version', async () => {
  await withMachine(async (system) => {
    assert.equal(await versionOf(system), null);
    const store = join(system.root, 'var/lib/openclone/store.json');
    await mkdir(join(store, '..'), { recursive: true });
    await writeFile(store, '{"schemaVersion":');
    assert.equal(await versionOf(system), null);
  });
});

describe('going back to an older version', () => {
  test('going back to an older version is refused before anything is changed while the store is newer, with the way back', async () => {
    await withMachine(async (system) => {
      const directory = join(system.root, 'var/lib/openclone');
      await mkdir(directory, { recursive: true });
      const store = async (name: string, schemaVersion: number): Promise<void> =>
        writeFile(join(directory, name), JSON.stringify({ schemaVersion }));
      assert.deepEqual(await newerStoreObstacles(system, PROJECT), []);
      await store('store.json', STORE_VERSION);
      assert.deepEqual(await newerStoreObstacles(system, PROJECT), []);
      await store('store.json', STORE_VERSION + 1);
      const [gone] = await newerStoreObstacles(system, PROJECT);
      assert.match(gone?.hint ?? '', /no copy of the store of version \d+ is there to go back to/);
      await store(`store.json.version-${STORE_VERSION}`, STORE_VERSION);
      const [found] = await newerStoreObstacles(system, PROJECT);
      assert.equal(found?.canBeForced, false);
      assert.match(found.message, new RegExp(`version ${STORE_VERSION + 1}; this one knows`));
      // As it says, but for systemctl and the directory of this machine.
      const commands = /(cp -a .*), and start/.exec(found.hint)?.[1] ?? '';
      await run('sh', [
        '-e',
        '-c',
        commands.replaceAll(/(?<= )\/var\/lib/g, join(system.root, 'var/lib')),
      ]);
      assert.deepEqual(await newerStoreObstacles(system, PROJECT), []);
      assert.equal(await versionOf(system), STORE_VERSION);
      const aside = await readFile(join(`${directory}.newer`, 'store.json'), 'utf8');
      assert.match(aside, new RegExp(`:${STORE_VERSION + 1}}$`));
    });
  });
});
