/** Which distribution this is, by os-release(5). */

import { readFile } from 'node:fs/promises';
import { OperatorError } from '../../lib/errors.ts';
import { realPath, type System } from '../machine/system.ts';

export type Distribution = {
  /** "debian", "ubuntu". */
  readonly id: string;
  /** "12", "24.04"; null for Debian testing and unstable. */
  readonly version: string | null;
  readonly name: string;
};

/** What OpenClone is installed on and tested with. */
const KNOWN: readonly { readonly id: string; readonly versions: readonly string[] }[] = [
  { id: 'debian', versions: ['12', '13'] },
  { id: 'ubuntu', versions: ['24.04', '26.04'] },
];

/** Reads /etc/os-release. Throws `not-allowed` for a distribution that OpenClone does not know. */
export async function readDistribution(system: System): Promise<Distribution> {
  const text = await readFile(realPath(system, '/etc/os-release'), 'utf8').catch(() => '');
  const distribution = parseOsRelease(text);
  const known = KNOWN.some(
    ({ id, versions }) =>
      id === distribution.id &&
      (distribution.version === null || versions.includes(distribution.version)),
  );
  if (known) return distribution;
  throw new OperatorError({
    code: 'not-allowed',
    message: `installing on ${distribution.name}`,
    hint: 'OpenClone is installed on Debian 12 and 13, and on Ubuntu 24.04 and 26.04.',
  });
}

/** The text of /etc/os-release; values may be quoted as in a shell. */
export function parseOsRelease(text: string): Distribution {
  const values = new Map(
    text
      .split('\n')
      .map((line) => /^([A-Z_]+)=(?:"(.*)"|'(.*)'|(.*))$/.exec(line.trim()))
      .filter((match) => match !== null)
      .map((match) => [match[1] ?? '', match[2] ?? match[3] ?? match[4] ?? '']),
  );
  const id = values.get('ID') ?? 'unknown';
  return {
    id,
    version: values.get('VERSION_ID') ?? null,
    name: values.get('PRETTY_NAME') ?? `an unknown system (${id})`,
  };
}
