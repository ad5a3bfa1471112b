/** What operators set for the whole server. */

import { z } from 'zod';
import { Compression } from './image.ts';
import { LANGUAGES } from './language.ts';
import { Timestamp } from './names.ts';
import { ShutdownMode } from './operations/shutdown.ts';

/** A minute to a day. */
const IdleMinutes = z.number().int().min(1).max(1440);

/** For how long automatic registration may be switched on: a minute to a day. */
export const RegistrationMinutes = z.number().int().min(1).max(1440);

/** An hour to a year. */
export const WaitHours = z
  .number()
  .int()
  .min(1)
  .max(366 * 24);

/** Of the screens of hosts: those who stand before them are told in it. */
const HostLanguage = z.enum(LANGUAGES);

/** What hosts do after their work; null: they wait for more of it. Ending the engine is for those who look for a fault. */
export const Afterwards = ShutdownMode.exclude(['exit']).nullable();
export type Afterwards = z.infer<typeof Afterwards>;

export const Settings = z.strictObject({
  /** Whether hosts that nobody knows boot the engine and are approved without an operator. */
  automaticRegistration: z.boolean(),
  /** Then that ends by itself; absent: it does not. */
  automaticRegistrationUntil: Timestamp.optional(),
  /** Minutes after which an operator who does nothing is logged out. */
  idleMinutes: IdleMinutes.default(30),
  /** What the wizards of the UI start with; requests say themselves what they want. */
  captureCompression: Compression.default('zstd'),
  afterwards: Afterwards.default('reboot'),
  /** Whether hosts that are off are woken for a deploy. */
  deployWake: z.boolean().default(true),
  /** How long work waits for its hosts, unless it is said with the work. */
  waitHours: WaitHours.default(24),
  /**
   * Whether a host must send from a network adapter of its own (server/hosts/other-machines.ts); absent: yes. Not where a
   * device stands in for the hosts' adapters, as proxy ARP and wireless bridges do.
   */
  checkAddresses: z.boolean().optional(),
  hostLanguage: HostLanguage.default('en'),
});
export type Settings = z.infer<typeof Settings>;

/** What is to be changed of them; what is absent stays (no defaults here: they would come in its place). */
export const SettingsChange = z.strictObject({
  automaticRegistration: z.boolean().optional(),
  /** On for this many minutes, by the server's clock; absent: until switched off. Not with `automaticRegistration` false. */
  automaticRegistrationMinutes: RegistrationMinutes.optional(),
  idleMinutes: IdleMinutes.optional(),
  captureCompression: Compression.optional(),
  afterwards: Afterwards.optional(),
  deployWake: z.boolean().optional(),
  waitHours: WaitHours.optional(),
  checkAddresses: z.boolean().optional(),
  hostLanguage: HostLanguage.optional(),
});
export type SettingsChange = z.infer<typeof SettingsChange>;
