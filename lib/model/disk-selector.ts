/** How an operator names one disk of a host, so that the wrong one is never taken. */

import { z } from 'zod';

export const DiskSelector = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('address'),
    value: z.string().regex(/^\/dev\/[A-Za-z0-9/_.:-]{1,64}$/),
  }),
  z.object({ type: z.literal('serial'), value: z.string().min(1).max(256) }),
  z.object({ type: z.literal('wwn'), value: z.string().min(1).max(256) }),
  /** The host's one fixed disk; more than one is an error, never a choice. */
  z.object({ type: z.literal('only') }),
]);
export type DiskSelector = z.infer<typeof DiskSelector>;
