/** Debian packages, without those that are only recommended. */

import { findUnknownPackages } from '../packages.ts';
import { listInstalledPackages } from '../facts/packages.ts';
import { OperatorError } from '../../lib/errors.ts';
import type { Step } from './step.ts';

const APT = { DEBIAN_FRONTEND: 'noninteractive' };

export const packages: Step = {
  name: 'packages',
  title: 'installing Debian packages',
  describe: ({ packages: rows, missingPackages }) =>
    rows
      .filter(({ name }) => missingPackages.includes(name))
      .map(({ name, reason }) => `Debian package ${name}: ${reason}`),
  check: async ({ system, plan }) => {
    const installed = await listInstalledPackages(system.run);
    return plan.packages.every(({ name }) => installed.has(name));
  },
  apply: async ({ system, plan, journal }) => {
    const { run } = system;
    const before = await listInstalledPackages(run);
    const asked = plan.packages.map(({ name }) => name).filter((name) => !before.has(name));
    await run('apt-get', ['-q', 'update'], { env: APT });
    const unknown = await findUnknownPackages(run, asked);
    if (unknown.length > 0) {
      throw new OperatorError({
        code: 'not-found',
        message: `looking for the Debian packages ${unknown.join(' ')}`,
        hint: 'Add the distribution\'s own sources to apt (Ubuntu: "universe"), and try again.',
      });
    }
    const install = ['install', '--no-install-recommends', ...asked];
    const { stdout } = await run('apt-get', ['--simulate', '-q', ...install], { env: APT });
    const brought = parseInstallations(stdout).filter(
      (name) => !asked.includes(name) && !before.has(name),
    );
    await journal.note({ type: 'packages', asked, brought });
    await run('apt-get', ['-q', '-y', '-o', 'Dpkg::Use-Pty=0', ...install], { env: APT });
  },
};

/** The packages that `apt-get --simulate install` says it would install: lines "Inst NAME (VERSION …)". */
export function parseInstallations(text: string): string[] {
  return text
    .split('\n')
    .map((line) => /^Inst ([^\s:]+)/.exec(line)?.[1])
    .filter((name) => name !== undefined);
}
