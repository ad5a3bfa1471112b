/** What the wizards start with, for all operators. */

import { Compression } from '../../lib/model/image.ts';
import { WaitHours, type Settings } from '../../lib/model/settings.ts';
import type { Model } from '../model.ts';
import { afterwardsField, afterwardsIn } from '../presentation/tasks/afterwards-field.ts';
import { compressionField } from '../presentation/images/compression-field.ts';
import { formDialog } from '../components/form-dialog.ts';
import { checkboxField, isOn, newForm, textField, valueOf, type Form } from '../values/form.ts';
import { notice, push, request } from '../actions.ts';

import { textsOf } from '../text/catalogue.ts';
import type { Action, ScreenStates } from '../screen-states.ts';

export const DEFAULTS = formDialog<ScreenStates['settings-defaults']>({
  title: (_, { language }) => textsOf(language).settings.defaultsTitle,
  intro: ({ language }) => [textsOf(language).settings.defaultsIntro],
  label: (_, { language }) => textsOf(language).settings.set,
  checks: {
    wait: (text, _, { language }) =>
      hoursIn(text) === null ? textsOf(language).settings.waitHoursFault : null,
  },
  submit: ({ form }, { language }) => {
    const texts = textsOf(language).settings;
    return [
      request(texts.settingDefaults, 'settings.set', defaultsIn(form), [notice(texts.defaultsSet)]),
    ];
  },
});

/** A form that begins with `settings`. */
export function openDefaults(settings: Settings, model: Model): Action {
  const texts = textsOf(model.language).settings;
  const form = newForm([
    compressionField(settings.captureCompression, model),
    afterwardsField(model),
    checkboxField('wake', texts.deployWake, settings.deployWake),
    textField('wait', texts.waitHours, String(settings.waitHours), 4),
  ]);
  return push('settings-defaults', { form });
}

function defaultsIn(
  form: Form,
): Pick<Settings, 'captureCompression' | 'afterwards' | 'deployWake'> & { waitHours?: number } {
  const waitHours = hoursIn(valueOf(form, 'wait'));
  return {
    ...(waitHours === null ? {} : { waitHours }),
    captureCompression: Compression.parse(valueOf(form, 'compression')),
    afterwards: afterwardsIn(form),
    deployWake: isOn(form, 'wake'),
  };
}

function hoursIn(text: string): number | null {
  const parsed = WaitHours.safeParse(/^\d+$/.test(text) ? Number(text) : null);
  return parsed.success ? parsed.data : null;
}
