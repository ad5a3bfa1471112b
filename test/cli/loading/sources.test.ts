import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { execa } from 'execa';

const PROJECT = resolve(import.meta.dirname, '../../..');

/** What `node cli/main.ts ARGS` loads, relative to the project. */
async function loadedBy(args: readonly string[]): Promise<string[]> {
  const work = await mkdtemp(join(tmpdir(), 'openclone-loading-'));
  try {
    const trace = join(work, 'trace');
    await execa(
      process.execPath,
      ['--import', join(import.meta.dirname, 'trace.ts'), join(PROJECT, 'cli/main.ts'), ...args],
      { env: { TRACE_FILE: trace }, reject: false },
    );
    const urls = (await readFile(trace, 'utf8')).split('\n');
    const ours = urls.filter((url) => url.startsWith(`file://${PROJECT}/`));
    assert.ok(
      ours.some((url) => url.endsWith('/cli/main.ts')),
      urls.join('\n'),
    );
    return ours.map((url) => url.slice(`file://${PROJECT}/`.length));
  } finally {
    await rm(work, { recursive: true });
  }
}

/** Names of the npm packages among them. */
function packagesOf(loaded: readonly string[]): string[] {
  const names = loaded.flatMap((path) => /^node_modules\/((@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  return [...new Set(names)].sort();
}

describe('the command line loads', () => {
  for (const line of ['--version', '--help', 'host --help', 'deploy --help', 'help host edit']) {
    test(`the command line loads: no more than commander for openclone ${line}`, async () => {
      const loaded = await loadedBy(line.split(' '));
      assert.deepEqual(packagesOf(loaded), ['commander']);
      assert.deepEqual(
        loaded.filter((path) => path.startsWith('lib/client/') || path.startsWith('cli/doctor/c')),
        [],
      );
    });
  }

  test('the command line loads: no more than commander to refuse what no command takes', async () => {
    assert.deepEqual(packagesOf(await loadedBy(['hots'])), ['commander']);
    assert.deepEqual(packagesOf(await loadedBy(['deploy', 'win11'])), ['commander']);
  });

  test('the command line loads of the commands the one that is run', async () => {
    const loaded = await loadedBy(['host', 'list', '--socket', '/nonexistent/socket']);
    assert.deepEqual(
      loaded.filter((path) => /^cli\/(commands|doctor\/checks|boot-media)\//.test(path)),
      ['cli/commands/host-list.ts'],
    );
    const packages = packagesOf(loaded);
    assert.ok(packages.includes('zod') && packages.includes('ws'), packages.join());
    assert.ok(!packages.includes('execa') && !packages.includes('blessed'), packages.join());
  });
});
