/** The dialog for how long unknown machines are registered automatically. */

import { followUp, request } from '../actions.ts';
import { choiceDialog } from '../components/choice-dialog.ts';
import type { Model } from '../model.ts';
import { textsOf } from '../text/catalogue.ts';
import type { Action, ScreenStates } from '../screen-states.ts';

/** For how many minutes automatic registration is proposed: a room, an afternoon, a day. */
const MINUTES = [30, 60, 240, 1440] as const;
const FOR_GOOD = 'on';

export const REGISTRATION = choiceDialog<ScreenStates['registration']>({
  list: 'registration',
  title: (_, { language }) => textsOf(language).settings.registrationTitle,
  options: (_, { language }) => {
    const texts = textsOf(language).settings;
    return [
      ...MINUTES.map((minutes) => ({
        value: String(minutes),
        label: texts.registrationFor(minutes),
        disabledReason: null,
      })),
      { value: FOR_GOOD, label: texts.registrationForGood, disabledReason: null },
    ];
  },
  choose: (value, _, model) => [setRegistration(value === FOR_GOOD ? 'on' : Number(value), model)],
});

/** On or off until somebody says otherwise, or on for a number of minutes. */
export function setRegistration(wanted: 'on' | 'off' | number, { language }: Model): Action {
  const change =
    typeof wanted === 'number'
      ? { automaticRegistrationMinutes: wanted }
      : { automaticRegistration: wanted === 'on' };
  const then = followUp('registration-set', {});
  return request(textsOf(language).settings.switching, 'settings.set', change, then);
}
