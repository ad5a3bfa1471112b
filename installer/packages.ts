/** The list of Debian packages, packages.txt: SET PACKAGE REASON. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../lib/exec/run.ts';
import type { Answers } from './answers.ts';

const SETS = ['lab', 'test', 'both', 'server', 'server-nfs'] as const;

export type PackageRow = {
  readonly set: (typeof SETS)[number];
  readonly name: string;
  readonly reason: string;
};

export async function readPackageList(sourceDirectory: string): Promise<PackageRow[]> {
  return parsePackageList(await readFile(join(sourceDirectory, 'installer/packages.txt'), 'utf8'));
}

/** Throws for a line that is none: the list is part of the program. */
export function parsePackageList(text: string): PackageRow[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const match = /^(\S+)\s+([a-z0-9][a-z0-9+.-]*)\s+(\S.*)$/.exec(line);
      const set = SETS.find((each) => each === match?.[1]);
      if (set === undefined)
        throw new TypeError(`packages.txt: "${line}" is no SET PACKAGE REASON`);
      return { set, name: match?.[2] ?? '', reason: match?.[3] ?? '' };
    });
}

/** What a server with these answers needs. */
export function serverPackages(rows: readonly PackageRow[], answers: Answers): PackageRow[] {
  const sets: readonly string[] =
    answers.nfsServer === 'kernel' ? ['server', 'server-nfs'] : ['server'];
  return rows.filter(({ set }) => sets.includes(set));
}

/** Which of the distribution's packages that are not installed apt knows (apt-cache(8)). */
export async function findUnknownPackages(run: Run, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const { stdout } = await run('apt-cache', ['--no-generate', 'pkgnames'], {
    allowedStatuses: [0, 100],
  });
  const known = new Set(stdout.split('\n'));
  return names.filter((name) => !known.has(name));
}
