/** Debian packages that were not there before; removed as far as nothing else on the machine needs them. */

import { z } from 'zod';
import type { Run } from '../../lib/exec/run.ts';
import { listInstalledPackages } from '../tools/dpkg.ts';
import { APT, finishInterrupted, installPackages, simulateInstallation } from '../tools/apt.ts';
import { kept, REVERTED, type ChangeKind, type Making, type Reverted } from './kind.ts';

const schema = z.object({
  type: z.literal('packages'),
  asked: z.array(z.string()),
  /** What those that were asked for brought along. */
  brought: z.array(z.string()),
});
export type PackagesChange = z.infer<typeof schema>;

export const packages = {
  schema,
  key: ({ asked }) => `packages ${asked.join(' ')}`,
  describe: ({ asked }) => `Debian packages, when asked for: ${asked.join(' ')}`,
  revert: async (system, change, { removePackages }) => {
    if (!removePackages) {
      return kept(`the Debian packages ${change.asked.join(' ')} (others may use them by now)`);
    }
    await finishInterrupted(system, () => undefined);
    return removeUnneeded(system.run, change);
  },
} satisfies ChangeKind<PackagesChange>;

/** Without what they only recommend. `before`: the packages that are installed. */
export async function makePackages(
  { system: { run }, journal }: Making<PackagesChange>,
  { asked, before }: { readonly asked: readonly string[]; readonly before: ReadonlySet<string> },
): Promise<void> {
  const brought = (await simulateInstallation(run, asked)).filter(
    (name) => !asked.includes(name) && !before.has(name),
  );
  await journal.note({ type: 'packages', asked: [...asked], brought });
  await installPackages(run, asked);
}

/** What another package merely recommends or suggests was not there before OpenClone, and was not missed. */
const STRICT = [
  '-o',
  'APT::AutoRemove::RecommendsImportant=false',
  '-o',
  'APT::AutoRemove::SuggestsImportant=false',
];

/**
 * Purges those of the packages that apt-get(8) would remove by itself once nobody asked for them any more. Whatever
 * else that would take along is a reason to leave all of them.
 */
async function removeUnneeded(run: Run, { asked, brought }: PackagesChange): Promise<Reverted> {
  const installed = await listInstalledPackages(run);
  const ours = new Set([...asked, ...brought].filter((name) => installed.has(name)));
  const wanted = asked.filter((name) => installed.has(name));
  if (ours.size === 0) return REVERTED;
  if (wanted.length > 0) await run('apt-mark', ['auto', ...wanted]);
  const unneeded = await simulateRemoval(run, [...STRICT, 'autoremove']);
  const removable = unneeded.filter((name) => ours.has(name));
  const needed = [...ours].filter((name) => !removable.includes(name));
  if (removable.length > 0) {
    const dragged = (await simulateRemoval(run, ['remove', ...removable])).filter(
      (name) => !ours.has(name),
    );
    if (dragged.length > 0) {
      if (wanted.length > 0) await run('apt-mark', ['manual', ...wanted]);
      return kept(`Debian packages that ${dragged.join(' ')} would go with`);
    }
    await run('apt-get', ['-q', '-y', '--purge', 'remove', ...removable], { env: APT });
  }
  return needed.length === 0
    ? REVERTED
    : kept(`Debian packages that others need: ${needed.join(' ')}`);
}

async function simulateRemoval(run: Run, args: readonly string[]): Promise<string[]> {
  const { stdout } = await run('apt-get', ['--simulate', '-q', ...args], { env: APT });
  return parseRemovals(stdout);
}

/** The packages that `apt-get --simulate` says it would remove: lines "Remv NAME [VERSION]", "Purg …". */
export function parseRemovals(text: string): string[] {
  return text
    .split('\n')
    .map((line) => /^(?:Remv|Purg) ([^\s:]+)/.exec(line)?.[1])
    .filter((name) => name !== undefined);
}
