/** What operators set for the whole server. */

import { z } from 'zod';

/** A minute to a day. */
const IdleMinutes = z.number().int().min(1).max(1440);

export const Settings = z.strictObject({
  /** Whether hosts that nobody knows boot the engine and are taken in without an operator's approval. */
  automaticRegistration: z.boolean(),
  /** Minutes after which an operator who does nothing is logged out. */
  idleMinutes: IdleMinutes.default(30),
});
export type Settings = z.infer<typeof Settings>;

/** What is to be changed of them; what is absent stays (no defaults here: they would come in its place). */
export const SettingsChange = z.strictObject({
  automaticRegistration: z.boolean().optional(),
  idleMinutes: IdleMinutes.optional(),
});
