/** Which distribution and suite the root file system is made of: by default those of this machine. */

import { OperatorError } from '../lib/errors.ts';

export type Distribution = 'debian' | 'ubuntu';

/** The suites that OpenClone is made for. */
const SUITES: Readonly<Record<string, Distribution>> = {
  bookworm: 'debian',
  trixie: 'debian',
  noble: 'ubuntu',
  resolute: 'ubuntu',
};

/**
 * Reads os-release(5); `wantedSuite` overrides its code name. Suites that we do not know by name are taken for what
 * ID says. Throws `not-allowed` when that is neither Debian nor Ubuntu.
 */
export function chooseDistribution(
  osRelease: string,
  wantedSuite: string | null,
): { distribution: Distribution; suite: string } {
  const value = (name: string): string => {
    const match = new RegExp(`^${name}=["']?([^"'\n]*)`, 'm').exec(osRelease);
    return match?.[1] ?? '';
  };
  const suite = wantedSuite ?? value('VERSION_CODENAME');
  if (!/^[a-z][a-z0-9-]*$/.test(suite)) {
    throw new OperatorError({
      code: 'bad-argument',
      message: `choosing the suite of the root file system ("${suite}")`,
      hint: 'Name it with --suite, "bookworm" for example.',
    });
  }
  const distribution = SUITES[suite] ?? value('ID');
  if (distribution === 'debian' || distribution === 'ubuntu') return { distribution, suite };
  throw new OperatorError({
    code: 'not-allowed',
    message: `building a root file system of "${suite}" (${distribution})`,
    hint: `Use Debian or Ubuntu: ${Object.keys(SUITES).join(', ')}.`,
  });
}
