/** How a partition is captured: what its file system says of itself decides. */

import type { Run } from '../../lib/exec/run.ts';
import { causesOf, OperatorError } from '../../lib/errors.ts';
import type { SwapHeader } from '../../lib/model/image.ts';
import { KERNEL_SECTOR_BYTES, sectorsToBytes, type Bytes } from '../../lib/units.ts';
import { fileReader } from '../../lib/disk/file-reader.ts';
import { type SectorReader } from '../../lib/disk/sector-reader.ts';
import { swapAreaBytes } from '../../lib/disk/swap-area.ts';
import { emptyBlockMap, markUsed, type BlockMap } from '../filesystems/block-map.ts';
import type { Examination } from '../filesystems/examination.ts';
import type { FilesystemKind } from '../filesystems/filesystem.ts';
import { StructureFault } from '../filesystems/structure.ts';
import { withBehind } from './behind-filesystem.ts';
import type { CaptureSource } from './capture-stream.ts';
import { compareWithProgram, type Coverage } from './coverage.ts';

export type Choice =
  | { readonly type: 'capture'; readonly source: CaptureSource; readonly warning: string | null }
  | Extract<Examination, { type: 'refused' }>;

/** Chooses for the write-protected `device`, which blkid says is of `kind`; null is no kind that we know. */
export async function chooseSource(
  device: string,
  kind: FilesystemKind | null,
  options: {
    readonly run: Run;
    readonly workDirectory: string;
    readonly signal: AbortSignal;
    /** How long partclone may take to say what it would copy; as `compareWithProgram` says when absent. */
    readonly programLimitMs?: number;
  },
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

/** By partclone where that is complete, else by us from the map of what either calls used, or of what we know alone. */
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
    case 'partial':
      return { type: 'capture', source: ownSource(device, kind, used), warning };
    case 'unheard':
      return {
        type: 'capture',
        source: ownSource(device, kind, used),
        warning: joined(warning, `copied by its own map of used blocks: ${coverage.reason}`),
      };
    case 'unknown':
      return everySector(device, coverage.reason);
  }
}

/** How it is captured when that was decided without a look at its file system. */
export function chosen(
  device: string,
  decided: Exclude<Examination, { type: 'used-blocks' }>,
): Choice {
  return decided.type === 'refused' ? decided : everySector(device, decided.reason);
}

/** A swap area whose `header` says that it ends before its partition: the header and what lies behind the area. */
export async function chooseSwap(
  device: string,
  header: SwapHeader,
  signal: AbortSignal,
): Promise<Choice> {
  const { pageSizeBytes } = header;
  const areaBytes = swapAreaBytes(header) ?? pageSizeBytes;
  const { reader, sizeBytes, close } = await openVolume(device, signal);
  try {
    const page = emptyBlockMap(pageSizeBytes, Math.floor(areaBytes / pageSizeBytes));
    markUsed(page, 0, 1);
    const examination = { type: 'used-blocks', used: page, endBytes: areaBytes } as const;
    const { used, note } = await withBehind(reader, { ...examination, warning: null }, sizeBytes);
    const source = { type: 'used-blocks', device, filesystem: 'swap', used } as const;
    return { type: 'capture', source, warning: note };
  } catch (error) {
    if (error instanceof StructureFault) return everySector(device, error.message);
    throw error;
  } finally {
    await close();
  }
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

function ownSource(device: string, kind: FilesystemKind, used: BlockMap): CaptureSource {
  const [filesystem = ''] = kind.types;
  return { type: 'used-blocks', device, filesystem, used };
}

function joined(...notes: readonly (string | null)[]): string | null {
  const said = notes.filter((note) => note !== null);
  return said.length === 0 ? null : said.join('; ');
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
  const { reader, sizeBytes, close } = await openVolume(device, signal);
  const stoppable: Run = (tool, args, options) => run(tool, args, { signal, ...options });
  try {
    const examination = await kind.examine({ run: stoppable, device, sizeBytes, reader });
    if (examination.type !== 'used-blocks') return { ...examination, sizeBytes };
    const { used, note } = await withBehind(reader, examination, sizeBytes);
    const warning = joined(examination.warning, note);
    return { ...examination, used, warning, sizeBytes };
  } catch (error) {
    // A tool that a stop has ended is no fault of the file system.
    signal.throwIfAborted();
    // Structures that lead out of the volume (RangeError), or that its own tools do not understand.
    const isOdd =
      error instanceof RangeError ||
      error instanceof StructureFault ||
      (error instanceof OperatorError && error.code === 'tool-failed');
    if (!isOdd) throw error;
    const reason = `its structures are not understood${detailOf(error)}`;
    return { type: 'every-sector', reason, sizeBytes };
  } finally {
    await close();
  }
}

/** What a tool said, else how it ended, in brackets. */
function detailOf(error: Error): string {
  if (!(error instanceof OperatorError)) return '';
  return ` (${[error.message, ...causesOf(error)].join(': ')})`;
}
