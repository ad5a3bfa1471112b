/** Removes what the installer made, by its record; data only when it is said twice. */

import { stat } from 'node:fs/promises';
import { OperatorError } from '../lib/errors.ts';
import { Journal } from './changes/journal.ts';
import { rollBack } from './changes/roll-back.ts';
import { describeChange, type Change } from './changes/table.ts';
import type { Prompter } from './terminal/prompter.ts';
import { readRecord } from './changes/record.ts';
import { runsUnderWay } from './running-server/runs-under-way.ts';
import { realPath, type System } from './machine/system.ts';
import { PROGRAM_VERSION } from '../lib/protocol/version.ts';

export type UninstallOptions = {
  readonly system: System;
  readonly prompter: Prompter | null;
  readonly purgeData: boolean;
  readonly removePackages: boolean;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly print: (lines: readonly string[]) => void;
};

/** Returns the exit status: 0 when everything that should go is gone. */
export async function uninstall(options: UninstallOptions): Promise<number> {
  const { system, prompter, print } = options;
  const record = await readRecord(system);
  if (record === null || record.changes.length === 0) {
    if (record !== null && !options.dryRun) {
      await (await Journal.open(system, PROGRAM_VERSION)).end();
    }
    print(['OpenClone is not installed here: there is nothing to remove.']);
    return 0;
  }
  print([
    'This would go:',
    ...record.changes.toReversed().map((change) => `  ${describeChange(change)}`),
  ]);
  await refuseDuringRuns(options);
  if (options.dryRun) return 0;
  const choice = await choose(options, record.changes);
  if (prompter !== null) await askToGoOn(prompter);
  const journal = await Journal.open(system, PROGRAM_VERSION);
  const { kept, failed } = await rollBack(system, record.changes, {
    reason: 'uninstall',
    ...choice,
    onReverted: (change) => journal.forget(change),
  });
  await journal.end();
  if (kept.length > 0) print(['', 'Kept:', ...kept.map(({ reason }) => `  ${reason}`)]);
  if (failed.length > 0) {
    print(['', 'This failed:', ...failed.map(({ reason }) => `  ${reason}`)]);
    return 1;
  }
  print(['', 'OpenClone is removed.']);
  return 0;
}

async function refuseDuringRuns({ system, force, dryRun }: UninstallOptions): Promise<void> {
  const count = force || dryRun ? 0 : await runsUnderWay(system);
  if (count === 0) return;
  throw new OperatorError({
    code: 'not-allowed',
    message: `removing OpenClone while ${count} ${count === 1 ? 'host is' : 'hosts are'} being worked on`,
    hint: 'Wait until `openclone status` shows no task under way, or give --force.',
  });
}

async function choose(
  { prompter, purgeData, removePackages, system }: UninstallOptions,
  changes: readonly Change[],
): Promise<{ purgeData: boolean; removePackages: boolean }> {
  if (prompter === null) return { purgeData, removePackages };
  const data: string[] = [];
  for (const change of changes) {
    if (change.type !== 'directory' || change.data === null) continue;
    const found = await stat(realPath(system, change.path)).catch(() => null);
    if (found !== null) data.push(change.path);
  }
  const packages = changes.flatMap((change) => (change.type === 'packages' ? change.asked : []));
  return {
    purgeData:
      data.length > 0 &&
      (purgeData ||
        (await prompter.confirm({
          message: `Delete the data as well (images, hosts, tasks, keys in ${data.join(', ')})? They cannot be brought back.`,
          proposal: false,
        }))),
    removePackages:
      packages.length > 0 &&
      (removePackages ||
        (await prompter.confirm({
          message: `Remove the Debian packages that came with OpenClone, where nothing else needs them (${packages.join(' ')})?`,
          proposal: false,
        }))),
  };
}

async function askToGoOn(prompter: Prompter): Promise<void> {
  if (await prompter.confirm({ message: 'Remove OpenClone now?', proposal: false })) return;
  throw new OperatorError({
    code: 'cancelled',
    message: 'removing OpenClone: the answer was not yes',
    hint: 'Nothing was changed.',
  });
}
