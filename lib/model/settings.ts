/** What operators set for the whole server. */

import { z } from 'zod';

export const Settings = z.strictObject({
  /** Whether hosts that nobody knows boot the engine and are taken in without an operator's approval. */
  automaticRegistration: z.boolean(),
});
export type Settings = z.infer<typeof Settings>;
