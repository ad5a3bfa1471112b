/** How a partition is captured: what its file system says of itself decides. */

import type { Run } from '../../lib/exec/run.ts';
import { causesOf, OperatorError } from '../../lib/errors.ts';
import type { Message, SimpleMessage } from '../../lib/model/message.ts';
import { message } from '../../lib/model/messages/table.ts';
import { KERNEL_SECTOR_BYTES, sectorsToBytes, type Bytes } from '../../lib/units.ts';
import { fileReader } from '../../lib/disk/file-reader.ts';
import type { SectorReader } from '../../lib/disk/sector-reader.ts';
import type { Decided } from '../filesystems/content-plan.ts';
import type { Inspection } from '../filesystems/inspection.ts';
import type { Filesystem, Volume } from '../filesystems/filesystem.ts';
import { StructureFault } from '../filesystems/structure.ts';
import type { PartcloneProgram } from '../tools/partclone.ts';
import { withBehind } from './behind-filesystem.ts';
import type { CaptureSource } from './capture-stream.ts';
import { compareWithProgram, type Coverage } from './coverage.ts';

export type Choice =
  | {
      readonly type: 'capture';
      readonly source: CaptureSource;
      readonly warnings: readonly Message[];
    }
  | Extract<Inspection, { type: 'refused' }>;

/** A partition, write-protected, and what blkid calls its content. */
export type Content = Pick<Volume, 'device' | 'type'>;

export async function chooseSource(
  { device, type }: Content,
  filesystem: Filesystem,
  options: {
    readonly run: Run;
    readonly workDirectory: string;
    readonly signal: AbortSignal;
    /** How long partclone may take to say what it would copy; as `compareWithProgram` says when absent. */
    readonly programLimitMs?: number;
  },
): Promise<Choice> {
  const inspection = await inspectDevice({ device, type }, filesystem, options);
  switch (inspection.type) {
    case 'used-blocks': {
      const { used, warnings, sizeBytes } = inspection;
      const { program } = filesystem;
      const own = { type: 'used-blocks', device, filesystem: type ?? '', used } as const;
      if (program === null) return { type: 'capture', source: own, warnings };
      const coverage = await compareWithProgram({ device, sizeBytes }, program, used, options);
      return withCoverage(own, program, warnings, coverage);
    }
    case 'every-sector':
      return everySector(device, inspection.reason);
    case 'refused':
      return inspection;
  }
}

type OwnSource = Extract<CaptureSource, { type: 'used-blocks' }>;

/** By partclone where that is complete, else by us from the map of what either calls used, or of what we know alone. */
function withCoverage(
  own: OwnSource,
  program: PartcloneProgram,
  warnings: readonly Message[],
  coverage: Coverage,
): Choice {
  const { device } = own;
  switch (coverage.type) {
    case 'complete':
      return { type: 'capture', source: { type: 'filesystem', device, program }, warnings };
    case 'partial':
      return { type: 'capture', source: own, warnings };
    case 'unheard':
      return {
        type: 'capture',
        source: own,
        warnings: [...warnings, message('note.own-map', { reason: coverage.reason })],
      };
    case 'unknown':
      return everySector(device, coverage.reason);
  }
}

/** How it is captured when that was decided without a look at its file system. */
export function chosen(device: string, decided: Decided): Choice {
  return decided.type === 'refused' ? decided : everySector(device, decided.reason);
}

/** The reader throws the reason of `signal` once it is aborted. */
async function openVolume(
  device: string,
  signal: AbortSignal,
): Promise<{ reader: SectorReader; sizeBytes: Bytes; close: () => Promise<void> }> {
  const file = await fileReader(device, KERNEL_SECTOR_BYTES);
  const reader: SectorReader = {
    ...file,
    read: (startSector, sectorCount) => {
      signal.throwIfAborted();
      return file.read(startSector, sectorCount);
    },
  };
  const sizeBytes = sectorsToBytes(file.diskSectors, KERNEL_SECTOR_BYTES);
  return { reader, sizeBytes, close: file.close };
}

function everySector(device: string, reason: SimpleMessage | null): Choice {
  const warnings = reason === null ? [] : [message('note.every-sector', { reason })];
  return { type: 'capture', source: { type: 'device', device }, warnings };
}

/**
 * What the file system on `device` says of itself. One that nobody can make sense of is copied sector by sector, which is
 * always complete. Throws `disk-read-failed`, `tool-missing`, and the reason of `signal` soon after it.
 */
export async function inspectDevice(
  { device, type }: Content,
  filesystem: Filesystem,
  { run, signal }: { readonly run: Run; readonly signal: AbortSignal },
): Promise<Inspection & { readonly sizeBytes: number }> {
  signal.throwIfAborted();
  const { reader, sizeBytes, close } = await openVolume(device, signal);
  const stoppable: Run = (tool, args, options) => run(tool, args, { signal, ...options });
  try {
    const inspection = await filesystem.inspect({
      run: stoppable,
      type,
      device,
      sizeBytes,
      reader,
    });
    if (inspection.type !== 'used-blocks') return { ...inspection, sizeBytes };
    const { used, notes } = await withBehind(reader, inspection, sizeBytes);
    const warnings = [...inspection.warnings, ...notes];
    return { ...inspection, used, warnings, sizeBytes };
  } catch (error) {
    // A tool that a stop has ended is no fault of the file system.
    signal.throwIfAborted();
    // Structures that lead out of the volume (RangeError), or that its own tools do not understand.
    const isOdd =
      error instanceof RangeError ||
      error instanceof StructureFault ||
      (error instanceof OperatorError && error.code === 'tool-failed');
    if (!isOdd) throw error;
    return { type: 'every-sector', reason: reasonOf(error), sizeBytes };
  } finally {
    await close();
  }
}

/** What a tool said, and how it ended; else what of the structures is wrong. */
function reasonOf(error: Error): SimpleMessage {
  if (error instanceof OperatorError) {
    return message('copy.tool-fails', { said: [error.message, ...causesOf(error)].join(': ') });
  }
  return error instanceof StructureFault ? error.fault : message('structure.outside');
}
