/** Switches the host off and restarts it, by the kernel itself (Documentation/admin-guide/sysrq.rst). */

import { openSync, writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { OperatorError } from '../lib/errors.ts';
import type { ShutdownMode } from '../lib/model/operations/shutdown.ts';

const TRIGGER = '/proc/sysrq-trigger';
const SYNC_MS = 3000;

export type Power = {
  /** Does not come back, but for "exit". */
  readonly leave: (mode: ShutdownMode) => Promise<void>;
};

/**
 * No program is needed to leave the host, and no file is looked up then: even /proc is found through the root file
 * system, which may be gone with the server. Throws `not-allowed` when this process may not.
 */
export function openPower(): Power {
  const trigger = openTrigger();
  return {
    leave: async (mode) => {
      if (mode === 'exit') return;
      // Our disks were synced before success was said; the emergency sync, which only begins here, is for others.
      writeSync(trigger, 's');
      await setTimeout(SYNC_MS);
      writeSync(trigger, mode === 'reboot' ? 'b' : 'o');
      // The kernel takes a moment to switch off. Ending now, the first process would start the next engine.
      await setTimeout(60_000);
    },
  };
}

function openTrigger(): number {
  try {
    return openSync(TRIGGER, 'w');
  } catch (cause) {
    throw new OperatorError({
      code: 'not-allowed',
      message: `opening ${TRIGGER}, by which the host is switched off`,
      hint: 'Run the engine as root, or without --control-power.',
      cause,
    });
  }
}
