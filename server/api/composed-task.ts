/** Tasks that operators put together themselves: what they asked for, checked, as operations. */

import { unreachable } from '../../lib/unreachable.ts';
import { refusalFor } from '../../lib/rules/capability.ts';
import type { DiskSelector } from '../../lib/model/disk-selector.ts';
import type { Host } from '../../lib/model/host.ts';
import type { Operation, WantedOperation } from '../../lib/model/operation.ts';
import type { ShutdownMode } from '../../lib/model/operations/shutdown.ts';
import { findImage, refuseUnless } from '../lookup.ts';
import type { StoreData } from '../store/schema.ts';
import { refuseCapture } from '../tasks/captures.ts';
import { newestVersion } from './images.ts';

export const SHUTDOWN_WORDS: Record<ShutdownMode, string> = {
  'power-off': 'shut down',
  reboot: 'reboot',
  exit: 'end the engine of',
};

export type ComposedOperations = {
  readonly operations: readonly Operation[];
  /** What each is called in the task's title: "deploy win11". */
  readonly words: readonly string[];
};

/**
 * The operations for `hosts`, all on the disk that `disk` selects, images by their newest versions. Throws
 * `not-found` for an unknown image, `not-allowed` for an order or an image that cannot be.
 */
export function composeOperations(
  data: StoreData,
  wish: {
    readonly disk: DiskSelector;
    readonly operations: readonly WantedOperation[];
    readonly hosts: readonly Host[];
  },
): ComposedOperations {
  const types = wish.operations.map(({ type }) => type);
  refuseUnless(
    refusalFor('task.create', { hosts: wish.hosts.length, operations: types }),
    `making a task of ${types.join(', ')}`,
  );
  const made = wish.operations.map((wanted) => compose(data, wanted, wish.disk));
  return {
    operations: made.map(({ operation }) => operation),
    words: made.map(({ words }) => words),
  };
}

function compose(
  data: StoreData,
  wanted: WantedOperation,
  disk: DiskSelector,
): { readonly operation: Operation; readonly words: string } {
  switch (wanted.type) {
    case 'capture': {
      const { imageName } = wanted;
      refuseCapture(data, imageName, `capturing to the image "${imageName}"`);
      return { operation: { ...wanted, disk }, words: `capture to ${imageName}` };
    }
    case 'deploy': {
      const { transport, gatherMs } = wanted;
      const image = findImage(data.images, wanted.image);
      const versionId = newestVersion(image, 'deploying').id;
      return {
        operation: { type: 'deploy', disk, imageId: image.id, versionId, transport, gatherMs },
        words: `deploy ${image.name}`,
      };
    }
    case 'partition': {
      const image = findImage(data.images, wanted.image);
      const versionId = newestVersion(image, 'taking the partition table of').id;
      return {
        operation: { type: 'partition', disk, imageId: image.id, versionId },
        words: `partition like ${image.name}`,
      };
    }
    case 'shutdown':
      return {
        operation: wanted,
        words: wanted.mode === 'exit' ? 'end the engine' : SHUTDOWN_WORDS[wanted.mode],
      };
    default:
      return unreachable(wanted);
  }
}
