/** The package list: every package of the root file system, with the reason why it is there. */

import type { Distribution } from './distribution.ts';

export type PackageSet = 'all' | 'debian' | 'ubuntu' | 'firmware';

export type Package = {
  readonly set: PackageSet;
  readonly name: string;
  readonly reason: string;
};

/** Reads data/packages.txt. Throws on a line without set, name or reason: it is part of the program. */
export function parsePackages(text: string): Package[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const match = /^(all|debian|ubuntu|firmware) ([a-z0-9][a-z0-9.+-]+)\s+(\S.*)$/.exec(line);
    const [, set, name, reason] = match ?? [];
    if (!isSet(set) || name === undefined || reason === undefined) {
      throw new Error(`packages.txt line ${index + 1}: SET PACKAGE REASON is expected: ${line}`);
    }
    return [{ set, name, reason }];
  });
}

/** The names that every base of `distribution` has. */
export function requiredPackages(
  packages: readonly Package[],
  distribution: Distribution,
): string[] {
  return packages
    .filter(({ set }) => set === 'all' || set === distribution)
    .map(({ name }) => name);
}

/** The names that are installed with --firmware, as far as the sources have them. */
export function firmwarePackages(packages: readonly Package[]): string[] {
  return packages.filter(({ set }) => set === 'firmware').map(({ name }) => name);
}

function isSet(text: string | undefined): text is PackageSet {
  return text === 'all' || text === 'debian' || text === 'ubuntu' || text === 'firmware';
}
