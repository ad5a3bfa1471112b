/** Does to a partition what its file system needs after a restore (lib/filesystems/after-restore.ts). */

import { fileReader } from '../../lib/disk/file-reader.ts';
import type { Run } from '../../lib/exec/run.ts';
import type { PartitionAction } from '../../lib/filesystems/after-restore.ts';
import type { Message } from '../../lib/model/message.ts';
import {
  bytesToSectors,
  KERNEL_SECTOR_BYTES,
  sectorsToBytes,
  type Bytes,
} from '../../lib/units.ts';
import { unreachable } from '../../lib/unreachable.ts';
import type { StepEnd } from '../step-runner.ts';
import { copySectors, writeSectors } from '../tools/dd.ts';

/** A partition whose stream is written. */
export type RestoredDevice = {
  readonly run: Run;
  readonly device: string;
  readonly sectorSizeBytes: Bytes;
};

/** In their order. Throws what the tools throw; what could not be done without harm is a warning. */
export async function performOnPartition(
  actions: readonly PartitionAction[],
  partition: RestoredDevice,
): Promise<StepEnd> {
  const notes: Message[] = [];
  for (const action of actions) {
    const note = await perform(action, partition);
    if (note !== null) notes.push(note);
  }
  return notes.length === 0 ? undefined : { state: 'warned', notes };
}

/** Returns what is to be said of it, or null. */
async function perform(
  action: PartitionAction,
  partition: RestoredDevice,
): Promise<Message | null> {
  const { run, device } = partition;
  switch (action.type) {
    case 'zero':
      await write(partition, action.startBytes, Buffer.alloc(action.countBytes));
      return null;
    case 'write':
      await write(partition, action.startBytes, action.data);
      return null;
    case 'run':
      await run(action.tool, [...action.args, device]);
      return null;
    case 'copy-first-sector':
      return copyFirstSector(action, partition);
    default:
      return unreachable(action);
  }
}

function write(
  { run, device, sectorSizeBytes }: RestoredDevice,
  startBytes: Bytes,
  data: Buffer,
): Promise<void> {
  const startSector = bytesToSectors(startBytes, sectorSizeBytes);
  return writeSectors(run, device, startSector, data, sectorSizeBytes);
}

async function copyFirstSector(
  action: Extract<PartitionAction, { type: 'copy-first-sector' }>,
  { run, device }: RestoredDevice,
): Promise<Message | null> {
  const reader = await fileReader(device, KERNEL_SECTOR_BYTES);
  let sectorSizeBytes: Bytes;
  let toSector: number;
  try {
    const first = await reader.read(0, 1);
    sectorSizeBytes = first.readUInt16LE(action.sectorBytesOffset);
    toSector = Number(first.readBigUInt64LE(action.toSectorOffset));
  } finally {
    await reader.close();
  }
  const endBytes = sectorsToBytes(toSector + 1, sectorSizeBytes);
  const deviceBytes = sectorsToBytes(reader.diskSectors, KERNEL_SECTOR_BYTES);
  if (!action.sectorSizes.includes(sectorSizeBytes) || endBytes > deviceBytes) return action.noRoom;
  await copySectors(run, device, { fromSector: 0, toSector, sectorSizeBytes });
  return null;
}
