/** systemctl(1) */

import type { Run } from '../../lib/exec/run.ts';

export async function isUnitActive(run: Run, unit: string): Promise<boolean> {
  // 3: not active; 4: no such unit.
  const { stdout } = await run('systemctl', ['is-active', unit], { allowedStatuses: [0, 3, 4] });
  return stdout.trim() === 'active';
}

export async function isUnitEnabled(run: Run, unit: string): Promise<boolean> {
  const { stdout } = await run('systemctl', ['is-enabled', unit], { allowedStatuses: [0, 1, 4] });
  return stdout.trim() === 'enabled';
}

/** The last lines that a unit wrote to the journal, oldest first (journalctl(1)). */
export async function lastLinesOf(run: Run, unit: string): Promise<string> {
  const { stdout } = await run('journalctl', [
    '--unit',
    unit,
    '--lines',
    '5',
    '--output',
    'cat',
    '--no-pager',
    '--quiet',
  ]);
  return stdout.trim();
}
