/** Debian packages, without those that are only recommended. */

import { findUnknownPackages } from '../packages.ts';
import { listInstalledPackages } from '../facts/packages.ts';
import { causesOf, OperatorError } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';
import {
  APT,
  APT_KEEPS_FILES,
  finishInterrupted,
  isUnreachable,
  listsError,
  mirrorIsAway,
  updateLists,
} from '../tools/apt.ts';
import type { InstallStep } from '../step.ts';

export const packages: InstallStep = {
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
  apply: async ({ system, plan, journal, say }) => {
    const { run } = system;
    await finishInterrupted(system, say);
    const before = await listInstalledPackages(run);
    const asked = plan.packages.map(({ name }) => name).filter((name) => !before.has(name));
    const lists = await updateLists(run);
    const unknown = await findUnknownPackages(run, asked);
    if (unknown.length > 0) {
      const what = `looking for the Debian packages ${unknown.join(' ')}`;
      if (lists.type === 'incomplete') throw listsError(what, lists);
      throw new OperatorError({
        code: 'not-found',
        message: what,
        hint: 'Add the distribution\'s own sources to apt (Ubuntu: "universe"), and try again.',
      });
    }
    if (lists.type === 'incomplete') {
      say(`Not all package sources can be read; trying without: ${lists.said[0] ?? ''}`);
    }
    const install = ['install', '--no-install-recommends', ...asked];
    const { stdout } = await run('apt-get', ['--simulate', '-q', ...install], { env: APT });
    const brought = parseInstallations(stdout).filter(
      (name) => !asked.includes(name) && !before.has(name),
    );
    await journal.note({ type: 'packages', asked, brought });
    await installPackages(run, install);
  },
};

/** Throws `connection-failed` when the mirror does not answer. */
async function installPackages(run: Run, install: readonly string[]): Promise<void> {
  try {
    const options = ['-q', '-y', '-o', 'Dpkg::Use-Pty=0', ...APT_KEEPS_FILES];
    await run('apt-get', [...options, ...install], { env: APT });
  } catch (error) {
    if (!isUnreachable(causesOf(error).join('\n'))) throw error;
    throw mirrorIsAway('downloading Debian packages', error);
  }
}

/** The packages that `apt-get --simulate install` says it would install: lines "Inst NAME (VERSION …)". */
export function parseInstallations(text: string): string[] {
  return text
    .split('\n')
    .map((line) => /^Inst ([^\s:]+)/.exec(line)?.[1])
    .filter((name) => name !== undefined);
}
