/** Marks the disks of a host that must not be booted from, as its runs leave them. */

import { halfWrittenDisks, type HalfWritten, type Host } from '../../lib/model/host.ts';
import { traitsOf, type Operation } from '../../lib/model/operation.ts';
import type { Run } from '../../lib/model/task.ts';
import { isSameDisk } from '../../lib/disk/same-disk.ts';

/**
 * Brings the marks of `host` up to date with a run of it whose state or disk outcome has just changed; both are drafts.
 * A run that ends with a disk half written marks that disk, whichever way it ends, and one that is to begin again; an
 * image that is completely on a disk takes the mark of that disk away.
 */
export function updateIncompleteDisks(
  host: Host,
  run: Run,
  operations: readonly Operation[],
): void {
  const others = halfWrittenDisks(host).filter((mark) => !isOfSameDisk(mark, run));
  if (run.diskOutcome === 'cleared' || run.diskOutcome === 'unknown') {
    if (run.state === 'running') return;
    const since = run.endedAt ?? new Date().toISOString();
    const mark = {
      runId: run.id,
      disk: run.disk ?? 'an unknown disk',
      since,
      ...(run.diskIdentity === undefined ? {} : { identity: run.diskIdentity }),
    };
    setMarks(host, [mark, ...others]);
  } else if (run.diskOutcome === 'complete' && hasDeployed(run, operations)) {
    setMarks(host, others);
  }
}

/** More than these are no host's disks any more. */
const MOST_MARKS = 32;

function setMarks(host: Host, marks: readonly HalfWritten[]): void {
  const [first = null, ...rest] = marks;
  host.halfWritten = first;
  host.alsoHalfWritten = rest.slice(0, MOST_MARKS - 1);
}

/** Only a whole image makes a disk complete: a partition table alone does not. */
function hasDeployed(run: Run, operations: readonly Operation[]): boolean {
  return operations.slice(0, run.operationIndex).some((each) => traitsOf(each).leaves === 'image');
}

/** Marks of version 0.2, and runs of its engines, have a sentence only. */
function isOfSameDisk(mark: HalfWritten, run: Pick<Run, 'id' | 'disk' | 'diskIdentity'>): boolean {
  // What a run is not known to have written to is the same unknown disk, as long as it is the same run.
  if (run.disk === null) return mark.runId === run.id;
  if (mark.identity !== undefined && run.diskIdentity !== undefined) {
    return isSameDisk(mark.identity, run.diskIdentity);
  }
  return itselfOf(run.disk) === itselfOf(mark.disk);
}

/** What the sentence says of the disk itself when there is a serial number; else all of it, with its address. */
function itselfOf(disk: string): string {
  return /^\S+ (?<itself>\(.*, serial .*\))$/.exec(disk)?.groups?.['itself'] ?? disk;
}
