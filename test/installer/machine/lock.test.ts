import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OperatorError } from '../../../lib/errors.ts';
import { withInstallerLock } from '../../../installer/machine/lock.ts';
import { withMachine } from '../samples.ts';

describe('two installers at once', () => {
  test('two installers at once are kept apart, and the second one is told who works', async () => {
    await withMachine(async (system) => {
      await withInstallerLock(system, 'install.sh', async () => {
        let began = false;
        const second = withInstallerLock(system, 'install.sh --uninstall', () => {
          began = true;
          return Promise.resolve();
        });
        await assert.rejects(second, (error) => {
          assert.ok(error instanceof OperatorError);
          assert.equal(error.code, 'not-allowed');
          assert.match(
            error.message,
            new RegExp(`process ${process.pid} \\(install\\.sh\\), since`),
          );
          return true;
        });
        assert.equal(began, false);
      });
      assert.equal(await withInstallerLock(system, 'install.sh', () => Promise.resolve(7)), 7);
    });
  });

  test('two installers at once may follow each other, also when the first one failed', async () => {
    await withMachine(async (system) => {
      const failing = withInstallerLock(system, 'install.sh', () =>
        Promise.reject(new Error('no')),
      );
      await assert.rejects(failing, /no/);
      assert.equal(await withInstallerLock(system, 'install.sh', () => Promise.resolve(1)), 1);
    });
  });
});
