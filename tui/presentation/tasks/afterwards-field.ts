/** What hosts do after their work, as a field of a form. */

import { Afterwards } from '../../../lib/model/settings.ts';
import type { Model } from '../../model.ts';
import { textsOf } from '../../text/catalogue.ts';
import { choiceField, valueOf, type Field, type Form } from '../../values/form.ts';

const NAME = 'afterwards';
const NOTHING = 'stay';

/** Starts with what the server's settings say; until they are read, with what a new server has. */
export function afterwardsField({ language, settings }: Model): Field {
  const texts = textsOf(language).deploy;
  return choiceField(
    NAME,
    texts.afterwards,
    [
      { value: NOTHING, label: texts.stay, disabledReason: null },
      { value: 'reboot', label: texts.reboot, disabledReason: null },
      { value: 'power-off', label: texts.powerOff, disabledReason: null },
    ],
    settings === null ? 'reboot' : (settings.afterwards ?? NOTHING),
  );
}

/** What is chosen; null: they wait for work. Throws RangeError for a form without the field. */
export function afterwardsIn(form: Form): Afterwards {
  const value = valueOf(form, NAME);
  return value === NOTHING ? null : Afterwards.parse(value);
}
