/** What a disk is known by, wherever the kernel has found it this time. */

import { z } from 'zod';
import { MachineText } from './machine-text.ts';
import { Count } from './count.ts';

/** The address is a hint only: it may be another one after each start. */
export const DiskIdentity = z.object({
  model: MachineText,
  serial: MachineText.nullable(),
  wwn: MachineText.nullable(),
  sizeBytes: Count,
  address: z.string().max(80),
});
export type DiskIdentity = z.infer<typeof DiskIdentity>;
