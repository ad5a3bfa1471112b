/** Titles of steps in English. */

import type { STEP_MESSAGES } from '../../model/messages/steps.ts';
import type { TextsOf } from '../texts.ts';

type Partition = {
  readonly partition: number;
  readonly filesystem: string | null;
  readonly sizeBytes: string;
};

export const steps: TextsOf<typeof STEP_MESSAGES> = {
  'step.check-unused': ({ address }) => `check that nothing uses ${address}`,
  'step.protect-source': ({ address }) => `write-protect ${address} while it is read`,
  'step.check-filesystems': 'check that the file systems were left clean',
  'step.keep-swap-header': (partition) => `keep the header of ${partitionText(partition)}`,
  'step.read-partition': (partition) => `read ${partitionText(partition)}`,
  'step.read-gap': ({ sector, sizeBytes }) =>
    `read the boot loader's gap at sector ${sector} (${sizeBytes})`,
  'step.read-behind': ({ sector, sizeBytes }) =>
    `read the database behind the partitions at sector ${sector} (${sizeBytes})`,
  'step.store-image': 'let the server verify and store the image',
  'step.check-target': ({ disk }) => `check that ${disk} fits and nothing uses it`,
  'step.wait-for-session': 'wait until the other hosts of the session are ready',
  'step.wait-for-server': 'wait for the server to send',
  'step.clear-disk': ({ address }) => `clear ${address}: from here on its old content is lost`,
  'step.clear-for-table': ({ address }) => `clear ${address}: its old content is lost`,
  'step.write-partition': (partition) => `write ${partitionText(partition)}`,
  'step.write-gap': ({ sector }) => `write the boot loader's gap at sector ${sector}`,
  'step.write-behind': ({ sector }) =>
    `write the database behind the partitions at sector ${sector}`,
  'step.finish-writing': 'wait until everything received is written',
  'step.write-swap': ({ partition }) => `write the swap header of partition ${partition}`,
  'step.make-swap': ({ partition }) => `make swap on partition ${partition}`,
  'step.write-ntfs-backup': ({ partition }) =>
    `write the backup boot sector of partition ${partition}`,
  'step.sync-disk': ({ address }) => `write ${address} out of the cache`,
  'step.write-boot-and-table': 'write boot code and partition table',
  'step.write-table': 'write the partition table',
  'step.verify-table': 'let the kernel read the partition table, and compare it',
  'step.power-off': 'switch the host off',
  'step.reboot': 'restart the host',
  'step.exit': 'end the engine',
};

function partitionText({ partition, filesystem, sizeBytes }: Partition): string {
  return `partition ${partition} (${filesystem ?? 'unknown'}, ${sizeBytes})`;
}
