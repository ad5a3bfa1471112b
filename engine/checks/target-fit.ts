/** Whether an image can go onto a disk at all, asked before anything is written. */

import { describeDisk } from '../../lib/disk/disk-selection.ts';
import { OperatorError } from '../../lib/errors.ts';
import { formatBytes } from '../../lib/format.ts';
import type { Disk } from '../../lib/model/system-info.ts';
import type { Bytes } from '../../lib/units.ts';

/** What the target must fulfil. */
export type ImageDemand = {
  readonly name: string;
  /** The smallest disk the image fits on. */
  readonly requiredBytes: Bytes;
  /** Logical sector size of the disk that was captured: partition tables and file systems count in it. */
  readonly sectorSizeBytes: Bytes;
};

/** Throws `disk-read-only`, `disk-sector-size` or `disk-too-small`, with the numbers. */
export function checkTarget(disk: Disk, image: ImageDemand): void {
  const doing = `checking that the image "${image.name}" fits on ${describeDisk(disk)}`;
  if (disk.readOnly) {
    throw new OperatorError({
      code: 'disk-read-only',
      message: `${doing}: the disk is write-protected`,
      hint: `Look for a switch on the disk or its adapter; "blockdev --setrw ${disk.address}" takes a protection away that is only the kernel's.`,
    });
  }
  if (disk.logicalSectorBytes !== image.sectorSizeBytes) {
    throw new OperatorError({
      code: 'disk-sector-size',
      message: `${doing}: the image is of a disk with sectors of ${image.sectorSizeBytes} bytes, this disk has ${disk.logicalSectorBytes}`,
      hint: `Choose a disk with ${image.sectorSizeBytes}-byte sectors, or an image captured from one with ${disk.logicalSectorBytes}. Some NVMe disks can be formatted to either (nvme format --lbaf).`,
    });
  }
  if (disk.sizeBytes < image.requiredBytes) {
    const missingBytes = image.requiredBytes - disk.sizeBytes;
    throw new OperatorError({
      code: 'disk-too-small',
      message: `${doing}: it needs ${image.requiredBytes} bytes, the disk has ${disk.sizeBytes}`,
      hint: `The disk is ${formatBytes(missingBytes)} too small. Choose one of at least ${formatBytes(image.requiredBytes)}, or shrink the last partition of the captured disk and capture it again.`,
    });
  }
}
