/** When a host was there last, in every language. */

import { formatMoment } from '../format.ts';
import type { HostView } from '../model/host.ts';
import type { Language } from '../model/language.ts';

/** Who is connected is seen now, whenever it came. */
export function lastSeenText(
  language: Language,
  { state, lastSeenAt }: Pick<HostView, 'state' | 'lastSeenAt'>,
): string {
  const { now, never } = WORDS[language];
  if (state !== 'off') return now;
  return lastSeenAt === null ? never : formatMoment(lastSeenAt);
}

const WORDS = {
  en: { now: 'now', never: 'never' },
  de: { now: 'jetzt', never: 'nie' },
} as const;
