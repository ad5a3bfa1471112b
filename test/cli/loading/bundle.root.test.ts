import assert from 'node:assert/strict';
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Metafile } from 'esbuild';
import { listProgramFiles } from '../../../installer/bundle/program-files.ts';
import { sampleHost } from '../../support/hosts.ts';
import { sampleStatus } from '../../support/servers.ts';
import { withSmallServer } from '../small-server.ts';
import { copyProject, type CopiedProject } from './copied-project.ts';

let project: CopiedProject;
let metafile: Metafile;

before(async () => {
  project = await copyProject();
  metafile = await project.bundle();
});
after(() => project.remove());

const isSource = (path: string): boolean => path.endsWith('.ts');

/** Names of the npm packages of which something is in these files of the bundle. */
function packagesIn(files: readonly string[]): string[] {
  const inputs = files.flatMap((file) => {
    const found =
      Object.entries(metafile.outputs).find(
        // Where it was written first: dist/operator.PID.new.
        ([path]) => path.replace(/^dist\/operator\.[^/]*/, 'dist/operator') === file,
      ) ?? assert.fail(`${file} is no part of the bundle`);
    return Object.keys(found[1].inputs);
  });
  const names = inputs.flatMap(
    (path) => /(?:^|\/)node_modules\/((@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  );
  return [...new Set(names)].sort();
}

describe('openclone starts from its bundle', () => {
  test('openclone starts from its bundle of which it loads what it needs, and no source', async () => {
    for (const line of ['--version', '--help', 'deploy --help', 'help host edit', 'hots']) {
      const loaded = await project.loadedBy(line.split(' '));
      assert.ok(loaded.includes('dist/operator/cli/main.js'), line);
      assert.deepEqual(loaded.filter(isSource), [], line);
      assert.deepEqual(packagesIn(loaded), ['commander'], line);
    }
    const packages = packagesIn(await project.loadedBy(['host', 'list']));
    for (const name of ['zod', 'ws']) assert.ok(packages.includes(name), name);
    for (const name of ['execa', 'tftp']) assert.ok(!packages.includes(name), name);
  });

  test('openclone starts from its bundle also the full-screen UI', async () => {
    for (const args of [
      ['tui', '--version'],
      ['--server', '192.0.2.1'],
    ]) {
      const loaded = await project.loadedBy(args);
      assert.ok(loaded.includes('dist/operator/tui/main.js'), args.join(' '));
      assert.deepEqual(loaded.filter(isSource), []);
    }
  });

  const LINES = [
    '',
    '--version',
    '--help',
    'capture --help',
    'help exit-status',
    'hots',
    'hots --json',
    'deploy win11',
    'help hots',
    'host edit pc-1',
    'group create a/b',
    'host list --json',

    'deploy x --to y',
    'tui',
    '--socket /nonexistent/other status',
    'boot-media x --site /dev/null',
  ];
  for (const line of LINES) {
    test(`openclone starts from its bundle and does what its sources do: openclone ${line}`, async () => {
      const args = line.split(' ').filter((word) => word !== '');
      const [bundled, sources] = [await project.openclone(args), await project.fromSources(args)];
      assert.equal(bundled.stdout, sources.stdout);
      assert.equal(bundled.stderr, sources.stderr);
      assert.equal(bundled.status, sources.status);
    });
  }

  test('openclone starts from its bundle and examines the server as its sources do', async () => {
    // What is found depends on the machine, and on what else runs there just now.
    const args = ['doctor', '--site', '/nonexistent', '--data', '/nonexistent'];
    const checksOf = ({ stdout }: { stdout: string }): (string | undefined)[] =>
      stdout.split('\n').flatMap((line) => (/^\S/.test(line) ? [line.split(/ {2,}/)[1]] : []));
    const [bundled, sources] = [await project.openclone(args), await project.fromSources(args)];
    assert.deepEqual(checksOf(bundled), checksOf(sources));
    assert.ok(checksOf(bundled).includes('dhcp'), bundled.stdout);
    assert.equal(bundled.status, sources.status);
  });

  test('openclone starts from its bundle and does so with a server', async () => {
    const host = sampleHost(1, 'pc-01');
    const handlers = {
      'host.list': () => Promise.resolve([host]),
      'status.get': () => Promise.resolve(sampleStatus([])),
    };
    await withSmallServer(handlers, async ({ socketPath }) => {
      for (const line of [
        'host list',
        'host list --json',
        'status',
        'host show pc-9',
        'image list',
      ]) {
        const args = [...line.split(' '), '--socket', socketPath];
        const bundled = await project.openclone(args);
        assert.deepEqual(bundled, await project.fromSources(args), line);
        assert.equal(bundled.status === 0, !/show|image/.test(line), line);
      }
    });
  });
});

test('a release has all that the bundle is compared with, and nothing that was compiled of it', async () => {
  const { directory } = project;
  await writeFile(join(directory, 'dist/engine.js'), '');
  await project.openclone(['--version']);
  const files = (await listProgramFiles(directory)).map(({ path }) => path);
  for (const program of ['cli', 'tui']) {
    const list = await readFile(join(directory, `dist/operator/${program}/SOURCES`), 'utf8');
    const compared = list
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(66));
    assert.ok(compared.includes(`${program}/main.ts`), list);
    assert.deepEqual(
      compared.filter((path) => !files.includes(path)),
      [],
    );
  }
  assert.deepEqual(
    files.filter((path) => path.startsWith('dist/cache')),
    [],
  );
  await rm(join(directory, 'dist/engine.js'));
});

describe('what V8 has compiled of the bundle', () => {
  test('what V8 has compiled of the bundle is kept in the program, and not where all can write', async () => {
    const cache = join(project.directory, 'dist/cache');
    await rm(cache, { recursive: true, force: true });
    assert.equal((await project.openclone(['--version'])).status, 0);
    const [first = assert.fail('nothing is kept')] = await readdir(cache);
    assert.notDeepEqual(await readdir(join(cache, first)), []);
    await rm(cache, { recursive: true });
    await mkdir(cache);
    await chmod(cache, 0o777);
    assert.equal((await project.openclone(['--version'])).status, 0);
    assert.deepEqual(await readdir(cache), []);
    await rm(cache, { recursive: true });
  });
});

describe('an outdated bundle is left alone', () => {
  const VERSION = 'lib/protocol/version.ts';
  const SOURCES = 'dist/operator/cli/SOURCES';

  /** Undone after each of them. */
  const CHANGES: readonly (readonly [
    what: string,
    file: string,
    change: (path: string) => Promise<void>,
  ])[] = [
    [
      'a source is another one, of the same size and age',
      VERSION,
      async (path) => {
        const { atime, mtime } = await stat(path);
        const text = await readFile(path, 'utf8');
        await writeFile(
          path,
          text.replace('DEFAULT_ENGINE_PORT = 7077', 'DEFAULT_ENGINE_PORT = 7078'),
        );
        await utimes(path, atime, mtime);
      },
    ],
    ['npm packages have changed', 'package-lock.json', (path) => writeFile(path, '{}')],
    [
      'bundles are made otherwise',
      'installer/bundle/operator-bundle.ts',
      (path) => writeFile(path, ''),
    ],
    ['the list of its sources is gone', SOURCES, (path) => rm(path)],
    ['the list of its sources is empty', SOURCES, (path) => writeFile(path, '')],
    [
      'the list of its sources is cut off',
      SOURCES,
      async (path) => writeFile(path, (await readFile(path, 'utf8')).slice(0, -30)),
    ],
  ];
  for (const [what, file, change] of CHANGES) {
    test(`an outdated bundle is left alone when ${what}`, async () => {
      const path = join(project.directory, file);
      const kept = await readFile(path);
      await change(path);
      try {
        const loaded = await project.loadedBy(['--version']);
        assert.ok(loaded.includes('cli/main.ts'), loaded.join('\n'));
        assert.ok(!loaded.some((each) => each.startsWith('dist/')), loaded.join('\n'));
      } finally {
        await writeFile(path, kept);
      }
      assert.ok((await project.loadedBy(['--version'])).includes('dist/operator/cli/main.js'));
    });
  }

  test('an outdated bundle is left alone when a source is gone, and none is there at all', async () => {
    const command = join(project.directory, 'cli/commands/host-list.ts');
    await rename(command, `${command}.away`);
    assert.deepEqual(
      (await project.loadedBy(['--version'])).filter((path) => path.startsWith('dist/')),
      [],
    );
    await rename(`${command}.away`, command);
    const bundle = join(project.directory, 'dist/operator');
    await rename(bundle, `${bundle}.away`);
    const { stdout, stderr } = await project.openclone(['--version']);
    assert.match(stdout, /^\d+\.\d+\.\d+$/);
    assert.equal(stderr, '');
    await rename(`${bundle}.away`, bundle);
  });

  test('an outdated bundle is left alone until it is made again', async () => {
    const path = join(project.directory, VERSION);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/PROGRAM_VERSION = '[^']*'/, "PROGRAM_VERSION = '9.9.9'"));
    assert.equal((await project.openclone(['--version'])).stdout, '9.9.9');
    assert.ok((await project.loadedBy(['--version'])).includes('cli/main.ts'));
    metafile = await project.bundle();
    assert.equal((await project.openclone(['--version'])).stdout, '9.9.9');
    assert.ok((await project.loadedBy(['--version'])).includes('dist/operator/cli/main.js'));
    assert.deepEqual(await readdir(join(project.directory, 'dist')), ['cache', 'operator']);
  });
});

describe('a stack trace of the bundle', () => {
  test('a stack trace of the bundle names the sources, and their lines', async () => {
    const path = join(project.directory, 'cli/program.ts');
    const text = await readFile(path, 'utf8');
    await writeFile(
      path,
      text.replace(
        /(export async function runCommandLine.*\n)/,
        '$1  if (surroundings.args[0] === "fail") failHere();\n',
      ) + '\nfunction failHere(): never {\n  throw new RangeError("here");\n}\n',
    );
    const framesOf = ({ stderr }: { stderr: string }): string[] =>
      stderr.split('\n').filter((line) => /^RangeError|^ +at .*file:/.test(line));
    const expected = framesOf(await project.fromSources(['fail']));
    await project.bundle();
    assert.ok((await project.loadedBy(['--version'])).includes('dist/operator/cli/main.js'));
    const bundled = await project.openclone(['fail']);
    assert.ok(expected[1]?.includes('cli/program.ts'), expected.join('\n'));
    assert.deepEqual(framesOf(bundled).slice(0, expected.length), expected);
    assert.equal(bundled.status, 1);
  });
});
