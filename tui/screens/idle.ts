/** After how many minutes without a key an operator is logged out. */

import { notice, request } from '../actions.ts';
import { formDialog } from '../components/form-dialog.ts';
import { valueOf } from '../values/form.ts';
import { textsOf } from '../text/catalogue.ts';
import type { ScreenStates } from '../screen-states.ts';

export const IDLE = formDialog<ScreenStates['settings-idle']>({
  title: (_, { language }) => textsOf(language).settings.idleTitle,
  label: (_, { language }) => textsOf(language).settings.set,
  checks: {
    text: (text, _, { language }) =>
      isMinutes(text) ? null : textsOf(language).settings.idleWrong,
  },
  submit: ({ form }, { language }) => {
    const texts = textsOf(language).settings;
    const text = valueOf(form, 'text');
    return [
      request(texts.settingIdle, 'settings.set', { idleMinutes: Number(text) }, [
        notice(texts.idleIs(text)),
      ]),
    ];
  },
});

function isMinutes(text: string): boolean {
  return /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 1440;
}
