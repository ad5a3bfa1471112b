/** dd(1): plain sectors, to and from a disk, past the page cache where a cache could be stale. */

import type { Stage } from '../../lib/exec/pipeline.ts';
import type { Run } from '../../lib/exec/run.ts';
import { directBlockBytes } from '../../lib/disk/direct-block.ts';
import type { SectorRange } from '../../lib/units.ts';
import { sectorsToBytes, type Bytes } from '../../lib/units.ts';

/** Called with the number of bytes that dd says it has copied, when it ends. */
export type OnCopied = (copiedBytes: Bytes) => void;

/** The stage that reads a whole device; ends with status 1 at a sector that cannot be read. */
export function readDeviceStage(device: string, onCopied: OnCopied = ignore): Stage {
  return { tool: 'dd', args: [`if=${device}`, 'bs=1M'], onText: ddListener(onCopied) };
}

/** The stage that reads a range of a disk. */
export function readRangeStage(
  disk: string,
  range: SectorRange,
  sectorSizeBytes: Bytes,
  onCopied: OnCopied = ignore,
): Stage {
  const { skipBytes, countBytes } = bytesOf(range, sectorSizeBytes);
  return {
    tool: 'dd',
    args: [
      `if=${disk}`,
      'bs=1M',
      'iflag=skip_bytes,count_bytes,fullblock',
      `skip=${skipBytes}`,
      `count=${countBytes}`,
    ],
    onText: ddListener(onCopied),
  };
}

/** The stage that writes a whole partition from its standard input. */
export function writeDeviceStage(device: string, onCopied: OnCopied = ignore): Stage {
  return {
    tool: 'dd',
    args: [`of=${device}`, 'bs=1M', 'iflag=fullblock', 'conv=nocreat,notrunc,fsync'],
    onText: ddListener(onCopied),
  };
}

/**
 * The stage that writes a range of a disk from its standard input. Direct, in blocks that divide the range: the
 * page cache of the whole disk knows nothing of what went through its partitions, and would write stale bytes of
 * theirs where a page holds both.
 */
export function writeRangeStage(
  disk: string,
  range: SectorRange,
  sectorSizeBytes: Bytes,
  onCopied: OnCopied = ignore,
): Stage {
  const { skipBytes, countBytes } = bytesOf(range, sectorSizeBytes);
  return {
    tool: 'dd',
    args: [
      `of=${disk}`,
      `bs=${directBlockBytes(countBytes)}`,
      'iflag=fullblock,count_bytes',
      `count=${countBytes}`,
      'oflag=direct,seek_bytes',
      `seek=${skipBytes}`,
      'conv=nocreat,notrunc,fsync',
    ],
    onText: ddListener(onCopied),
  };
}

/** Writes `data` (whole sectors) at a sector of the disk, directly, and waits until it is on the disk. */
export async function writeSectors(
  run: Run,
  disk: string,
  startSector: number,
  data: Buffer,
  sectorSizeBytes: Bytes,
): Promise<void> {
  const range = { startSector, sectorCount: data.length / sectorSizeBytes };
  const { tool, args } = writeRangeStage(disk, range, sectorSizeBytes);
  await run(tool, args, { input: data });
}

/** Copies one range of a device to another place of it, directly and synchronously. */
export async function copySectors(
  run: Run,
  device: string,
  options: {
    readonly fromSector: number;
    readonly toSector: number;
    readonly sectorSizeBytes: Bytes;
  },
): Promise<void> {
  await run('dd', [
    `if=${device}`,
    `of=${device}`,
    `bs=${options.sectorSizeBytes}`,
    'count=1',
    'status=none',
    `skip=${options.fromSector}`,
    `seek=${options.toSector}`,
    'iflag=direct',
    'oflag=direct',
    'conv=nocreat,notrunc,fsync',
  ]);
}

/** Reads dd's last line, "1048576 bytes (1.0 MB, 1.0 MiB) copied, …", in whatever pieces it comes. */
export function ddListener(onCopied: OnCopied): (text: string) => void {
  let said = '';
  return (text) => {
    said = (said + text).slice(-500);
    const copied = /^(\d+) bytes? .*copied/m.exec(said)?.[1];
    if (copied !== undefined) onCopied(Number(copied));
  };
}

function ignore(): void {
  // Nobody wants to know.
}

function bytesOf(
  range: SectorRange,
  sectorSizeBytes: Bytes,
): { skipBytes: Bytes; countBytes: Bytes } {
  return {
    skipBytes: sectorsToBytes(range.startSector, sectorSizeBytes),
    countBytes: sectorsToBytes(range.sectorCount, sectorSizeBytes),
  };
}
