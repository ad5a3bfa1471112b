/**
 * What can lie on a disk outside of all partitions, by the names of libblkid (`blkid -k`), and what a capture does about it. An
 * image has partitions, gaps and table; whatever else says what the disk is must be kept or must stop the capture.
 */

import { OperatorError } from '../errors.ts';
import { CONTAINERS, type Container } from '../filesystems/containers.ts';
import type { Message } from '../model/message.ts';
import { message } from '../model/messages/table.ts';
import type { PartitionTable } from '../model/partition-table.ts';
import { sectorsToBytes, type Bytes } from '../units.ts';
import type { Signature } from './signature.ts';

/** Signatures that are not inside a partition of `table`, and not the table's own. */
export function outsidePartitions(
  signatures: readonly Signature[],
  table: PartitionTable | null,
): Signature[] {
  const bytes = (sectors: number): Bytes => sectorsToBytes(sectors, table?.sectorSizeBytes ?? 512);
  return signatures.filter(
    ({ offsetBytes, usage }) =>
      usage !== 'partition-table' &&
      table?.partitions.some(
        ({ startSector, sectorCount }) =>
          offsetBytes >= bytes(startSector) && offsetBytes < bytes(startSector + sectorCount),
      ) !== true,
  );
}

/** Throws `partition-table-bad` for a disk that is a member of something, named with the remedy. */
export function refuseMember(disk: string, outside: readonly Signature[]): void {
  const found = outside.find(({ type, usage }) => containerOf(type, usage).as === 'member');
  if (found === undefined) return;
  const { type, usage, offsetBytes } = found;
  throw new OperatorError({
    code: 'partition-table-bad',
    message: `planning the capture of ${disk}: the disk is a member of ${containerOf(type, usage).name} (${type} at byte ${offsetBytes}), and a clone of one member would be no copy of it`,
    hint: `OpenClone captures disks that stand alone. If the disk is no member any more and this is left over, remove it with \`wipefs --all --types ${type} ${disk}\` on that host (other signatures stay), then capture again. If it is one, take it out of the set first (firmware setup, mdadm, vgreduce), or choose another disk.`,
  });
}

/** What takes a disk that has no partition table: "a LUKS encrypted volume"; null when libblkid knows nothing. */
export function wholeDiskContent(outside: readonly Signature[]): string | null {
  const [found] = outside;
  return found === undefined ? null : containerOf(found.type, found.usage).name;
}

/** Warnings for what begins outside the partitions beside them, and is in the image only as far as gaps are. */
export function besidePartitions(outside: readonly Signature[]): Message[] {
  return outside
    .filter(({ type, usage }) => containerOf(type, usage).as === 'content')
    .map(({ type, usage, offsetBytes }) =>
      message('note.signature-outside', {
        what: containerOf(type, usage).name,
        atByte: offsetBytes,
      }),
    );
}

function containerOf(type: string, usage: string): Container {
  const known = CONTAINERS[type];
  if (known !== undefined) return known;
  return usage === 'raid'
    ? { as: 'member', name: `a set of type ${type}` }
    : { as: 'content', name: `one ${type} file system` };
}
