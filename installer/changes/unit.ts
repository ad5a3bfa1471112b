/** A systemd unit that was enabled and started. */

import { z } from 'zod';
import { OperatorError } from '../../lib/errors.ts';
import { isUnitActive, isUnitEnabled, lastLinesOf } from '../tools/systemctl.ts';
import { kept, REVERTED, type ChangeKind, type Making } from './kind.ts';
import { otherUserOf } from './shared-units.ts';

const schema = z.object({
  type: z.literal('unit'),
  unit: z.string(),
  wasEnabled: z.boolean(),
  wasActive: z.boolean(),
});
export type UnitChange = z.infer<typeof schema>;

export const unit = {
  schema,
  key: ({ unit: name }) => `unit ${name}`,
  describe: ({ unit: name, wasEnabled }) =>
    `the service ${name}, stopped${wasEnabled ? '' : ' and disabled'}`,
  revert: async (system, { unit: name, wasEnabled, wasActive }) => {
    const { run } = system;
    const theirs = await otherUserOf(system, name);
    if (theirs !== null) return kept(`the service ${name}: it serves ${theirs} as well`);
    if (!wasActive) await run('systemctl', ['stop', name], { allowedStatuses: [0, 5] });
    if (!wasEnabled) await run('systemctl', ['disable', name], { allowedStatuses: [0, 1] });
    await run('systemctl', ['reset-failed', name], { allowedStatuses: [0, 1] });
    return REVERTED;
  },
} satisfies ChangeKind<UnitChange>;

/**
 * Enables and starts it; one that runs starts again when it is `stale`, because what it reads was changed. Throws
 * `tool-failed` with the unit's last words when it does not start.
 */
export async function makeUnitRun(
  { system: { run }, journal }: Making<UnitChange>,
  name: string,
  { isStale }: { readonly isStale: boolean },
): Promise<void> {
  const wasEnabled = await isUnitEnabled(run, name);
  const wasActive = await isUnitActive(run, name);
  await journal.note({ type: 'unit', unit: name, wasEnabled, wasActive });
  if (!wasEnabled) await run('systemctl', ['enable', name]);
  try {
    await run('systemctl', [wasActive && isStale ? 'restart' : 'start', name]);
  } catch (cause) {
    throw new OperatorError({
      code: 'tool-failed',
      message: `starting ${name}`,
      hint: `See: journalctl --unit ${name}`,
      cause: new Error(await lastLinesOf(run, name), { cause }),
    });
  }
}
