/** Which disk of a host must not be booted from, as its runs leave it. */

import type { Host } from '../../lib/model/host.ts';
import type { Operation } from '../../lib/model/operation.ts';
import type { Run } from '../../lib/model/task.ts';

/**
 * Brings `host.halfWritten` up to date with a run of the host whose state or disk outcome has just changed; both are
 * drafts. A run that ends with a disk half written sets it, whichever way it ends, and one that is to begin again; an
 * image that is completely on that disk clears it.
 */
export function noteDiskOutcome(host: Host, run: Run, operations: readonly Operation[]): void {
  const { halfWritten } = host;
  if (run.diskOutcome === 'cleared' || run.diskOutcome === 'unknown') {
    if (run.state === 'running') return;
    const since = run.endedAt ?? new Date().toISOString();
    host.halfWritten = { runId: run.id, disk: run.disk ?? 'an unknown disk', since };
    return;
  }
  if (halfWritten === null || run.diskOutcome !== 'complete' || !hasDeployed(run, operations))
    return;
  if (isSameDisk(run.disk, halfWritten.disk)) host.halfWritten = null;
}

/** Only a whole image makes a disk complete: a partition table alone does not. */
function hasDeployed(run: Run, operations: readonly Operation[]): boolean {
  return operations.slice(0, run.operationIndex).some(({ type }) => type === 'deploy');
}

/** By what the disk says of itself, which comes after its address: that may be another one after each start. */
function isSameDisk(one: string | null, other: string): boolean {
  return one !== null && identityOf(one) === identityOf(other);
}

function identityOf(disk: string): string {
  const { address, itself } =
    /^(?<address>\S+) (?<itself>\(.*, serial .*\))$/.exec(disk)?.groups ?? {};
  return address === undefined || itself === undefined ? disk : itself;
}
