import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { program } from '../../../installer/steps/program.ts';
import type { System } from '../../../installer/machine/system.ts';
import { sampleContext, samplePlan, withMachine } from '../samples.ts';

const SOURCES: Readonly<Record<string, string>> = {
  'package-lock.json': '{"packages":{"":{}}}',
  'install.sh': '#!/bin/bash\n',
  'dist/engine.js': 'engine',
  'dist/operator/cli/main.js': 'bundle',
  'dist/operator/tui/main.js': 'bundle',
};

async function writeSources(directory: string): Promise<void> {
  for (const [path, text] of Object.entries(SOURCES)) {
    await mkdir(join(directory, dirname(path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
}

async function installFrom(system: System, sourceDirectory: string): Promise<void> {
  await program.apply(await sampleContext(system, samplePlan({}, { sourceDirectory })));
}

describe('installing the program', () => {
  test('installing the program from a clone in /opt/openclone leaves the clone as it is', async () => {
    await withMachine(async (system) => {
      const clone = join(system.root, 'opt/openclone');
      await writeSources(clone);
      await mkdir(join(clone, '.git'));
      await writeFile(join(clone, '.git/HEAD'), 'work of days');
      await installFrom(system, clone);
      assert.equal(await readFile(join(clone, '.git/HEAD'), 'utf8'), 'work of days');
      assert.equal(await readFile(join(clone, 'current/dist/engine.js'), 'utf8'), 'engine');
      for (const [path, text] of Object.entries(SOURCES)) {
        assert.equal(await readFile(join(clone, path), 'utf8'), text);
      }
    });
  });

  test('installing the program keeps the version before, and removes older ones and what was left unfinished', async () => {
    await withMachine(async (system) => {
      const programs = join(system.root, 'opt/openclone');
      for (const name of ['0.0.1', '0.0.2']) {
        await mkdir(join(programs, name), { recursive: true });
        await writeFile(join(programs, name, '.content-hash'), `${name}\n`);
      }
      await mkdir(join(programs, '0.0.3.new'));
      await symlink('0.0.2', join(programs, 'current'));
      const source = join(system.root, 'source');
      await writeSources(source);
      await installFrom(system, source);
      const names = await readdir(programs);
      assert.equal(names.length, 3, names.join());
      assert.ok(names.includes('0.0.2') && names.includes('current'));
    });
  });
});
