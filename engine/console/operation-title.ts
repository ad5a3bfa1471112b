/** An operation in the words of somebody who stands before the machine. */

import type { DiskSelector } from '../../lib/model/disk-selector.ts';
import type { WorkOperation } from '../../lib/model/operation.ts';
import { unreachable } from '../../lib/unreachable.ts';

export function operationTitle(operation: WorkOperation): string {
  switch (operation.type) {
    case 'capture':
      return `making an image of ${diskWords(operation.disk)}`;
    case 'deploy':
      return `writing the image "${operation.image.name}" to ${diskWords(operation.disk)}`;
    case 'partition':
      return `writing the partition table of "${operation.image.name}" to ${diskWords(operation.disk)}`;
    case 'shutdown':
      return operation.mode === 'power-off' ? 'switching the host off' : leaveWords(operation.mode);
    default:
      return unreachable(operation);
  }
}

function leaveWords(mode: 'reboot' | 'exit'): string {
  return mode === 'reboot' ? 'starting the host anew' : 'ending the engine';
}

function diskWords(disk: DiskSelector): string {
  return disk.type === 'only' ? 'the disk of this host' : `the disk ${disk.value}`;
}
