/** Which Debian the lab's servers and hosts are, and where its packages come from: this machine's own mirror. */

import { readFileSync } from 'node:fs';
import { formatSources, parseSources, selectSources } from '../../../netboot-rootfs/apt-sources.ts';

export const SUITES = ['bookworm', 'trixie'] as const;
export type Suite = (typeof SUITES)[number];

/** What CI runs. */
export const DEFAULT_SUITE: Suite = 'bookworm';

/** Where Debian's own images have the sources; the same file in the servers that the lab makes. */
export const SOURCES = '/etc/apt/sources.list.d/debian.sources';

/** `name` as a suite; DEFAULT_SUITE when there is none. Throws on one that the lab does not know. */
export function parseSuite(name: string | undefined): Suite {
  if (name === undefined || name === '') return DEFAULT_SUITE;
  const suite = SUITES.find((each) => each === name);
  if (suite === undefined) throw new Error(`"${name}" is none of ${SUITES.join(', ')}`);
  return suite;
}

/** SOURCES of this machine, for `suite` whatever suite the machine is of itself. */
export function sourcesOf(suite: Suite): string {
  return translateSources(readFileSync(SOURCES, 'utf8'), suite);
}

/** Deb822 text of `sources` with the entries of any suite that we know, moved to `suite`: mirrors carry them all. */
export function translateSources(sources: string, suite: Suite): string {
  const known = new RegExp(`^(?:${SUITES.join('|')})(?=-|$)`);
  const moved = parseSources('debian.sources', sources).map((source) => ({
    ...source,
    suites: source.suites.map((each) => each.replace(known, suite)),
  }));
  return formatSources(selectSources(moved, suite));
}
