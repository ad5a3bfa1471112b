/** Why something cannot be done, in the language of the UI. */

import { render } from '../../lib/messages/render.ts';
import type { DisabledReason } from '../disabled-reason.ts';
import type { Language } from '../../lib/model/language.ts';

/** A reason that is a text is in the language of the UI. */
export function reasonIn(language: Language, reason: DisabledReason): string {
  if (typeof reason === 'string') return reason;
  return 'host' in reason
    ? `${reason.host}: ${render(language, reason.reason)}`
    : render(language, reason);
}
