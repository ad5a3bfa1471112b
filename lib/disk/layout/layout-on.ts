/** The layout of an image on a disk, or an error for an operator: asked before anything is written. */

import { OperatorError } from '../../errors.ts';
import { formatBytes } from '../../format.ts';
import type { Disk } from '../../model/system-info.ts';
import { unreachable } from '../../unreachable.ts';
import { describeDisk } from '../disk-selection.ts';
import type { FitFault } from './fit.ts';
import { AS_IS, type Layout } from './layout.ts';
import { planLayout, type LayoutImage } from './plan-layout.ts';

/**
 * The layout of `image` on `disk`. Throws `disk-read-only`, `disk-sector-size` or `disk-too-small`, with the numbers;
 * `partition-table-bad` for an image whose table is damaged.
 */
export function layoutOn(disk: Disk, image: LayoutImage & { readonly name: string }): Layout {
  const planned = planLayout(image, disk, AS_IS);
  if (planned.type === 'fits') return planned.layout;
  throw fitError(disk, image.name, planned.faults[0]);
}

function fitError(disk: Disk, imageName: string, fault: FitFault): OperatorError {
  const doing = `checking that the image "${imageName}" fits on ${describeDisk(disk)}`;
  switch (fault.type) {
    case 'read-only':
      return new OperatorError({
        code: 'disk-read-only',
        message: `${doing}: the disk is write-protected`,
        hint: `Look for a switch on the disk or its adapter; "blockdev --setrw ${disk.address}" takes a protection away that is only the kernel's.`,
      });
    case 'sector-size': {
      const { neededBytes, presentBytes } = fault;
      return new OperatorError({
        code: 'disk-sector-size',
        message: `${doing}: the image is of a disk with sectors of ${neededBytes} bytes, this disk has ${presentBytes}`,
        hint: `Choose a disk with ${neededBytes}-byte sectors, or an image captured from one with ${presentBytes}. Some NVMe disks can be formatted to either (nvme format --lbaf).`,
      });
    }
    case 'too-small': {
      const { neededBytes, presentBytes } = fault;
      return new OperatorError({
        code: 'disk-too-small',
        message: `${doing}: it needs ${neededBytes} bytes, the disk has ${presentBytes}`,
        hint: `The disk is ${formatBytes(neededBytes - presentBytes)} too small. Choose one of at least ${formatBytes(neededBytes)}, or shrink the last partition of the captured disk and capture it again.`,
      });
    }
    default:
      return unreachable(fault);
  }
}
