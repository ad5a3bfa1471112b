/** Texts that come from machines. */

import { z } from 'zod';

/** Text that a machine says of itself (model, serial number): control characters removed, cut to 256. */
export const MachineText = z
  .string()
  .max(64 * 1024)
  .transform((text) => text.replace(/\p{C}/gu, '').trim().slice(0, 256));
