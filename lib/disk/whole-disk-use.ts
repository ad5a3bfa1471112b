/**
 * What can lie on a disk outside of all partitions, by the names of libblkid (`blkid -k`), and what a capture does about it. An
 * image has partitions, gaps and table; whatever else says what the disk is must be kept or must stop the capture.
 */

import { OperatorError } from '../errors.ts';
import { CONTAINERS, isContainerType, type ContainerUse } from '../filesystems/containers.ts';
import { containerText } from '../messages/containers.ts';
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
  const found = outside.find(({ type, usage }) => useOf(type, usage) === 'member');
  if (found === undefined) return;
  const { type, usage, offsetBytes } = found;
  throw new OperatorError({
    code: 'partition-table-bad',
    message: `planning the capture of ${disk}: the disk is a member of ${containerText('en', type, usage === 'raid')} (${type} at byte ${offsetBytes}), and a clone of one member would be no copy of it`,
    hint: `OpenClone captures disks that stand alone. If the disk is no member any more and this is left over, remove it with \`wipefs --all --types ${type} ${disk}\` on that host (other signatures stay), then capture again. If it is one, take it out of the set first (firmware setup, mdadm, vgreduce), or choose another disk.`,
  });
}

/** What takes a disk that has no partition table: "a LUKS encrypted volume"; null when libblkid knows nothing. */
export function wholeDiskContent(outside: readonly Signature[]): string | null {
  const [found] = outside;
  return found === undefined ? null : containerText('en', found.type, found.usage === 'raid');
}

/** Warnings for what begins outside the partitions beside them, and is in the image only as far as gaps are. */
export function besidePartitions(outside: readonly Signature[]): Message[] {
  return outside
    .filter(({ type, usage }) => useOf(type, usage) === 'content')
    .map(({ type, offsetBytes }) =>
      message('note.signature-outside', { what: type, atByte: offsetBytes }),
    );
}

function useOf(type: string, usage: string): ContainerUse {
  if (isContainerType(type)) return CONTAINERS[type];
  return usage === 'raid' ? 'member' : 'content';
}
