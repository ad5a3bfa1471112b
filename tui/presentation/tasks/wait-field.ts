/** How long work waits: for hosts that are off or busy, and for those that are missing when a transmission could begin. */

import { hoursText, parseWaitEnd } from '../../../lib/client/wait-end.ts';
import type { DisabledReason } from '../../disabled-reason.ts';
import type { Model } from '../../model.ts';
import { textsOf } from '../../text/catalogue.ts';
import { choiceField, textField, valueOf, type Field, type Form } from '../../values/form.ts';
import { formatTime } from '../time-format.ts';

const UNTIL = 'until';
const GATHER = 'gather';
const AUTOMATIC = 'automatic';
const GATHER_MINUTES = [0, 1, 2, 5, 10, 30, 60];

/** Starts with what the server's settings say. */
export function untilField(model: Model): Field {
  const texts = textsOf(model.language).deploy;
  return textField(UNTIL, texts.until, defaultUntil(model), 20);
}

/** For the checks of a form with the field. */
export const UNTIL_CHECK = {
  [UNTIL]: (text: string, _: unknown, model: Model): DisabledReason | null =>
    checkUntil(text, model),
};

export function defaultUntil({ settings }: Pick<Model, 'settings'>): string {
  return hoursText(settings?.waitHours ?? 24);
}

/** What is wrong with the text of such a field; null when nothing is. */
export function checkUntil(text: string, { now, language }: Model): string | null {
  return parseWaitEnd(text, now) === null ? textsOf(language).deploy.untilFault : null;
}

/** How long the work waits from now on. Throws RangeError for a form without the field, or with a fault in it. */
export function waitMsIn(form: Form, { now }: Pick<Model, 'now'>): number {
  return waitMsOf(valueOf(form, UNTIL), now);
}

export function waitMsOf(until: string, now: number): number {
  const waitMs = parseWaitEnd(until, now);
  if (waitMs === null) throw new RangeError(`"${until}" is no end of waiting`);
  return waitMs;
}

/** The time at which work that is given now has waited for `waitMs`. */
export function momentAfter(waitMs: number, { now }: Pick<Model, 'now'>): string {
  return formatTime(new Date(now + waitMs).toISOString());
}

/** `chosenMs` null: as the wizard thinks right, which is longer when hosts are woken; else that is no choice. */
export function gatherField(chosenMs: number | null, { language }: Pick<Model, 'language'>): Field {
  const texts = textsOf(language).deploy;
  const chosen = chosenMs === null ? [] : [chosenMs / 60_000];
  const minutes = [...new Set([...GATHER_MINUTES, ...chosen])].toSorted((one, two) => one - two);
  return choiceField(
    GATHER,
    texts.gather,
    [
      ...(chosenMs === null
        ? [{ value: AUTOMATIC, label: texts.gatherAutomatic, disabledReason: null }]
        : []),
      ...minutes.map((each) => ({
        value: String(each * 60_000),
        label: texts.gatherMinutes(each),
        disabledReason: null,
      })),
    ],
    chosenMs === null ? AUTOMATIC : String(chosenMs),
  );
}

/** What is chosen; null: automatic, or there is no such field. */
export function gatherMsIn(form: Form): number | null {
  if (!form.fields.some(({ name }) => name === GATHER)) return null;
  const value = valueOf(form, GATHER);
  return value === AUTOMATIC ? null : Number(value);
}
