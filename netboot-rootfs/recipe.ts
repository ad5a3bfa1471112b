/** From this machine to a recipe: its distribution, its apt sources, our package list. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../lib/errors.ts';
import { parseSources, requireUniverse, selectSources, type AptSource } from './apt-sources.ts';
import type { BaseRecipe } from './base.ts';
import { chooseDistribution } from './distribution.ts';
import { isAbsent, namesIn } from './netboot-directory.ts';
import { firmwarePackages, parsePackages, requiredPackages } from './packages.ts';

export type RecipeOptions = {
  /** Overrides the machine's own suite. */
  readonly suite: string | null;
  /** A file whose sources are all taken as they stand, instead of the machine's. */
  readonly sourcesFile: string | null;
  readonly firmware: boolean;
  readonly serverHardware: boolean;
  readonly dataDirectory: string;
  /** "/", and another one in tests. */
  readonly machineRoot: string;
};

/** Throws `bad-argument`, `not-found` or `not-allowed` about the sources or the distribution. */
export async function makeRecipe(
  options: RecipeOptions,
): Promise<Omit<BaseRecipe, 'dataDirectory'>> {
  const osRelease = await readFile(join(options.machineRoot, 'etc/os-release'), 'utf8');
  const { distribution, suite } = chooseDistribution(osRelease, options.suite);
  const list = await readFile(join(options.dataDirectory, 'packages.txt'), 'utf8');
  const packages = parsePackages(list);
  const sources =
    options.sourcesFile === null
      ? selectSources(await machineSources(options.machineRoot), suite)
      : parseSources(options.sourcesFile, await readGiven(options.sourcesFile));
  if (distribution === 'ubuntu' && options.sourcesFile === null) requireUniverse(sources);
  return {
    suite,
    sources,
    packages: requiredPackages(packages, distribution),
    firmware: options.firmware ? firmwarePackages(packages) : [],
    serverHardware: options.serverHardware,
  };
}

/** All of /etc/apt/sources.list and sources.list.d, in apt's order. */
async function machineSources(machineRoot: string): Promise<AptSource[]> {
  const apt = join(machineRoot, 'etc/apt');
  const parts = (await namesIn(join(apt, 'sources.list.d'))).filter((name) =>
    /^[A-Za-z0-9_.-]+\.(list|sources)$/.test(name),
  );
  const files = [
    join(apt, 'sources.list'),
    ...parts.sort().map((name) => join(apt, 'sources.list.d', name)),
  ];
  const sources: AptSource[] = [];
  for (const file of files) sources.push(...parseSources(file, await readOptional(file)));
  return sources;
}

async function readOptional(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return '';
    throw error;
  }
}

async function readGiven(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new OperatorError({
      code: 'bad-argument',
      message: `reading apt sources from ${file}`,
      hint: 'Name a readable file: "*.sources" in the deb822 style, any other name in the one-line style.',
      cause: error,
    });
  }
}
