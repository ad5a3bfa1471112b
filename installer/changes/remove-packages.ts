/** Removes Debian packages that came with OpenClone, as far as nothing else on the machine needs them. */

import type { Run } from '../../lib/exec/run.ts';
import { listInstalledPackages } from '../facts/packages.ts';
import { APT } from '../tools/apt.ts';
import type { Change } from './change.ts';
import type { Reverted } from './revert.ts';

/** What another package merely recommends or suggests was not there before OpenClone, and was not missed. */
const STRICT = [
  ...['-o', 'APT::AutoRemove::RecommendsImportant=false'],
  ...['-o', 'APT::AutoRemove::SuggestsImportant=false'],
];

/**
 * Purges those of the packages that apt-get(8) would remove by itself once nobody asked for them any more. Whatever
 * else that would take along is a reason to leave all of them.
 */
export async function removePackages(
  run: Run,
  { asked, brought }: Extract<Change, { type: 'packages' }>,
): Promise<Reverted> {
  const installed = await listInstalledPackages(run);
  const ours = new Set([...asked, ...brought].filter((name) => installed.has(name)));
  const wanted = asked.filter((name) => installed.has(name));
  if (ours.size === 0) return { type: 'reverted' };
  if (wanted.length > 0) await run('apt-mark', ['auto', ...wanted]);
  const unneeded = await simulate(run, [...STRICT, 'autoremove']);
  const removable = unneeded.filter((name) => ours.has(name));
  const needed = [...ours].filter((name) => !removable.includes(name));
  if (removable.length > 0) {
    const dragged = (await simulate(run, ['remove', ...removable])).filter(
      (name) => !ours.has(name),
    );
    if (dragged.length > 0) {
      if (wanted.length > 0) await run('apt-mark', ['manual', ...wanted]);
      return { type: 'kept', reason: `Debian packages that ${dragged.join(' ')} would go with` };
    }
    await run('apt-get', ['-q', '-y', '--purge', 'remove', ...removable], { env: APT });
  }
  return needed.length === 0
    ? { type: 'reverted' }
    : { type: 'kept', reason: `Debian packages that others need: ${needed.join(' ')}` };
}

async function simulate(run: Run, args: readonly string[]): Promise<string[]> {
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
