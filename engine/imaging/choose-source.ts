/** How a partition is captured: what its file system says of itself decides. */

import type { Run } from '../../lib/exec/run.ts';
import { KERNEL_SECTOR_BYTES, sectorsToBytes } from '../../lib/units.ts';
import { fileReader } from '../disk/sector-reader.ts';
import type { Examination } from '../filesystems/examination.ts';
import type { FilesystemKind } from '../filesystems/filesystem.ts';
import type { CaptureSource } from './capture-stream.ts';

export type Choice =
  | { readonly type: 'capture'; readonly source: CaptureSource; readonly warning: string | null }
  | Extract<Examination, { type: 'refused' }>;

/** Chooses for the write-protected `device`, which blkid says is of `kind`; null is no kind that we know. */
export async function chooseSource(
  run: Run,
  device: string,
  kind: FilesystemKind | null,
): Promise<Choice> {
  if (kind === null) {
    return { type: 'capture', source: { type: 'device', device }, warning: null };
  }
  const examination = await examineDevice(run, device, kind);
  switch (examination.type) {
    case 'used-blocks': {
      const source: CaptureSource = { type: 'filesystem', device, kind };
      return { type: 'capture', source, warning: examination.warning };
    }
    case 'every-sector': {
      const warning = `copied sector by sector: ${examination.reason}`;
      return { type: 'capture', source: { type: 'device', device }, warning };
    }
    case 'refused':
      return examination;
  }
}

/** What the file system of `kind` on `device` says of itself. */
export async function examineDevice(
  run: Run,
  device: string,
  kind: FilesystemKind,
): Promise<Examination> {
  const reader = await fileReader(device, KERNEL_SECTOR_BYTES);
  try {
    const sizeBytes = sectorsToBytes(reader.diskSectors, KERNEL_SECTOR_BYTES);
    return await kind.examine({ run, device, sizeBytes, reader });
  } finally {
    await reader.close();
  }
}
