/** Debian packages, without those that are only recommended. */

import { findUnknownPackages } from '../packages.ts';
import { listInstalledPackages } from '../tools/dpkg.ts';
import { OperatorError } from '../../lib/errors.ts';
import { makePackages } from '../changes/packages.ts';
import { finishInterrupted, listsError, updateLists } from '../tools/apt.ts';
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
    await makePackages({ system, journal }, { asked, before });
  },
};
