/**
 * The command line and the full-screen UI as few files of JavaScript: they start several times as fast as from their
 * sources, which have to be looked for, read and stripped of their types one by one.
 *
 *     dist/operator/PROGRAM/main.js    what ./openclone starts
 *     dist/operator/PROGRAM/SOURCES    what it was made of, as sha256sum(1) checks it: with other sources, those run
 *     dist/operator/chunks/            what is loaded when it is needed
 */

import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { OPERATOR_BUNDLE } from './program-files.ts';

export const BUNDLED_PROGRAMS = ['cli', 'tui'] as const;
export type BundledProgram = (typeof BUNDLED_PROGRAMS)[number];

/**
 * What changes a bundle beside the sources in it: how it is made, and the versions of the npm packages. The tsconfig is
 * none of them: a release has none.
 */
const MAKERS = ['installer/bundle/operator-bundle.ts', 'package-lock.json'];

/** blessed and its kind look for parts of themselves by name while they run; the others are native, and optional. */
const EXTERNAL = ['blessed', 'blessed-contrib', 'bufferutil', 'utf-8-validate'];

/** Below the project, where the programs keep what V8 has compiled; see lib/bundle/compile-cache.ts. */
export const COMPILE_CACHE = 'dist/cache';

/** Builds `output` again from the sources of `project`; returns esbuild's account of what went where. */
export async function bundleOperatorPrograms(
  project: string,
  output = join(project, OPERATOR_BUNDLE),
): Promise<Metafile> {
  const unfinished = `${output}.${process.pid}.new`;
  const replaced = `${output}.${process.pid}.old`;
  try {
    const { metafile } = await build({
      absWorkingDir: project,
      entryPoints: BUNDLED_PROGRAMS.map((program) => ({
        in: `start:${program}`,
        out: `${program}/main`,
      })),
      outdir: unfinished,
      bundle: true,
      splitting: true,
      chunkNames: 'chunks/[name]-[hash]',
      platform: 'node',
      target: 'node24',
      format: 'esm',
      // Texts of errors and names in stack traces stay as they are.
      minify: false,
      // For stack traces, see lib/bundle/source-positions.ts; the sources themselves are there.
      sourcemap: true,
      sourcesContent: false,
      tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
      // CommonJS packages inside an ECMAScript module still call require for Node's own modules.
      banner: {
        js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
      },
      external: EXTERNAL,
      metafile: true,
      logLevel: 'warning',
      plugins: [
        {
          name: 'start',
          setup: (builder) => {
            builder.onResolve({ filter: /^start:/ }, ({ path }) => ({
              path: path.slice('start:'.length),
              namespace: 'start',
            }));
            builder.onLoad({ filter: /.*/, namespace: 'start' }, ({ path }) => ({
              contents: startOf(path),
              resolveDir: project,
              loader: 'ts',
            }));
          },
        },
      ],
    });
    for (const program of BUNDLED_PROGRAMS) {
      const main = relative(project, join(unfinished, program, 'main.js'));
      const list = await listSources(project, [...sourcesOf(metafile, main), ...MAKERS]);
      await writeFile(join(unfinished, program, 'SOURCES'), list);
    }
    await mkdir(resolve(output, '..'), { recursive: true });
    // A command started between the two finds no bundle, and runs the sources.
    await rename(output, replaced).catch(() => undefined);
    await rename(unfinished, output);
    return metafile;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
    await rm(replaced, { recursive: true, force: true });
  }
}

/** The entry of a bundled program: the compile cache has to be there before the program is loaded. */
function startOf(program: string): string {
  return [
    "import { keepCompiled } from './lib/bundle/compile-cache.ts';",
    "import { nameSourcesInStacks } from './lib/bundle/source-positions.ts';",
    'nameSourcesInStacks();',
    'keepCompiled(process.env);',
    `await import('./${program}/main.ts');`,
  ].join('\n');
}

/** Our own sources that went into `main` and into all that it may load. */
function sourcesOf({ outputs }: Metafile, main: string): string[] {
  const seen = new Set<string>();
  const waiting = [main];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const output = outputs[path];
    if (output === undefined || seen.has(path)) continue;
    seen.add(path);
    waiting.push(
      ...output.imports.filter(({ external }) => external !== true).map((each) => each.path),
    );
  }
  const inputs = [...seen].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}));
  const ours = inputs.filter(
    (path) => !/(^|\/)node_modules\//.test(path) && !path.startsWith('start:'),
  );
  return [...new Set(ours)];
}

/** As sha256sum(1) prints it. */
async function listSources(project: string, sources: readonly string[]): Promise<string> {
  const lines = [];
  for (const path of [...sources].sort()) {
    const sum = createHash('sha256').update(await readFile(join(project, path)));
    lines.push(`${sum.digest('hex')}  ${path}\n`);
  }
  return lines.join('');
}
