/** How a partition is captured: what its file system says of itself decides. */

import type { Run } from '../../lib/exec/run.ts';
import { causesOf, OperatorError } from '../../lib/errors.ts';
import { KERNEL_SECTOR_BYTES, sectorsToBytes } from '../../lib/units.ts';
import { fileReader, type SectorReader } from '../disk/sector-reader.ts';
import type { BlockMap } from '../filesystems/block-map.ts';
import type { Examination } from '../filesystems/examination.ts';
import type { FilesystemKind } from '../filesystems/filesystem.ts';
import type { CaptureSource } from './capture-stream.ts';
import { compareWithProgram, type Coverage } from './coverage.ts';

export type Choice =
  | { readonly type: 'capture'; readonly source: CaptureSource; readonly warning: string | null }
  | Extract<Examination, { type: 'refused' }>;

/** Chooses for the write-protected `device`, which blkid says is of `kind`; null is no kind that we know. */
export async function chooseSource(
  device: string,
  kind: FilesystemKind | null,
  options: { readonly run: Run; readonly workDirectory: string; readonly signal: AbortSignal },
): Promise<Choice> {
  if (kind === null) return everySector(device, null);
  const examination = await examineDevice(options.run, device, kind, options.signal);
  switch (examination.type) {
    case 'used-blocks': {
      const { used, warning, sizeBytes } = examination;
      const coverage = await compareWithProgram({ device, sizeBytes }, kind, used, options);
      return withCoverage(device, kind, used, warning, coverage);
    }
    case 'every-sector':
      return everySector(device, examination.reason);
    case 'refused':
      return examination;
  }
}

/** By partclone where that is complete, else by us from the map of what either calls used. */
function withCoverage(
  device: string,
  kind: FilesystemKind,
  used: BlockMap,
  warning: string | null,
  coverage: Coverage,
): Choice {
  switch (coverage.type) {
    case 'complete':
      return { type: 'capture', source: { type: 'filesystem', device, kind }, warning };
    case 'partial': {
      const [filesystem = ''] = kind.types;
      return {
        type: 'capture',
        source: { type: 'used-blocks', device, filesystem, used },
        warning,
      };
    }
    case 'unknown':
      return everySector(device, coverage.reason);
  }
}

function everySector(device: string, reason: string | null): Choice {
  const warning = reason === null ? null : `copied sector by sector: ${reason}`;
  return { type: 'capture', source: { type: 'device', device }, warning };
}

/**
 * What the file system of `kind` on `device` says of itself. One that nobody can make sense of is copied sector by
 * sector, which is always complete. Throws `disk-read-failed`, `tool-missing`, and the reason of `signal` soon after it.
 */
export async function examineDevice(
  run: Run,
  device: string,
  kind: FilesystemKind,
  signal: AbortSignal,
): Promise<Examination & { readonly sizeBytes: number }> {
  signal.throwIfAborted();
  const file = await fileReader(device, KERNEL_SECTOR_BYTES);
  const sizeBytes = sectorsToBytes(file.diskSectors, KERNEL_SECTOR_BYTES);
  const reader: SectorReader = {
    ...file,
    read: (startSector, sectorCount) => {
      signal.throwIfAborted();
      return file.read(startSector, sectorCount);
    },
  };
  const stoppable: Run = (tool, args, options) => run(tool, args, { signal, ...options });
  try {
    return { ...(await kind.examine({ run: stoppable, device, sizeBytes, reader })), sizeBytes };
  } catch (error) {
    // A tool that a stop has ended is no fault of the file system.
    signal.throwIfAborted();
    // Structures that lead out of the volume (RangeError), or that its own tools do not understand.
    const isOdd =
      error instanceof RangeError ||
      (error instanceof OperatorError && error.code === 'tool-failed');
    if (!isOdd) throw error;
    const reason = `its structures are not understood${detailOf(error)}`;
    return { type: 'every-sector', reason, sizeBytes };
  } finally {
    await file.close();
  }
}

/** What a tool said, else how it ended, in brackets. */
function detailOf(error: Error): string {
  if (!(error instanceof OperatorError)) return '';
  return ` (${[error.message, ...causesOf(error)].join(': ')})`;
}
