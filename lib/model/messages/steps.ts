/** Titles of the steps of plans. */

import type { Declarations } from '../message.ts';

const PARTITION = { partition: 'number', filesystem: 'text?', sizeBytes: 'bytes' } as const;

export const STEP_MESSAGES = {
  // capture
  'step.check-unused': { address: 'text' },
  'step.protect-source': { address: 'text' },
  'step.check-filesystems': {},
  'step.keep-swap-header': PARTITION,
  'step.read-partition': PARTITION,
  'step.read-gap': { sector: 'number', sizeBytes: 'bytes' },
  'step.read-behind': { sector: 'number', sizeBytes: 'bytes' },
  'step.store-image': {},
  // deploy and partition
  'step.check-target': { disk: 'disk' },
  'step.wait-for-session': {},
  'step.wait-for-server': {},
  'step.clear-disk': { address: 'text' },
  'step.clear-for-table': { address: 'text' },
  'step.write-partition': PARTITION,
  'step.write-gap': { sector: 'number' },
  'step.write-behind': { sector: 'number' },
  'step.finish-writing': {},
  'step.write-swap': { partition: 'number' },
  'step.make-swap': { partition: 'number' },
  'step.write-ntfs-backup': { partition: 'number' },
  'step.sync-disk': { address: 'text' },
  'step.write-boot-and-table': {},
  'step.write-table': {},
  'step.verify-table': {},
  // shutdown
  'step.power-off': {},
  'step.reboot': {},
  'step.exit': {},
} as const satisfies Declarations;
