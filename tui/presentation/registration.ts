/** Automatic registration: whether machines that nobody knows are approved now, and for how much longer. */

import { isRegistrationOpen } from '../../lib/rules/registration.ts';
import type { Model } from '../model.ts';
import { textsOf } from '../text/catalogue.ts';

/** "on for 27 min"; null while it is off, or nothing is known of it. */
export function openRegistration({ settings, now, language }: Model): string | null {
  if (settings === null || !isRegistrationOpen(settings, now)) return null;
  const texts = textsOf(language).settings;
  const { automaticRegistrationUntil: until } = settings;
  if (until === undefined) return texts.on;
  return texts.onFor(Math.max(1, Math.round((Date.parse(until) - now) / 60_000)));
}
