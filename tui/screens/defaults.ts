/** What the wizards start with, for all operators. */

import { Compression } from '../../lib/model/image.ts';
import { WaitHours, type Settings } from '../../lib/model/settings.ts';
import type { Model } from '../model.ts';
import { afterwardsField, afterwardsIn } from '../presentation/tasks/afterwards-field.ts';
import { compressionField } from '../presentation/images/compression-field.ts';
import { formDialog } from '../components/form-dialog.ts';
import { checkboxField, isOn, newForm, textField, valueOf, type Form } from '../components/form.ts';
import { request } from '../requests.ts';
import type { Action } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';

/** A form that begins with `settings`. */
export function defaultsDialog(settings: Settings, model: Model): Action {
  const texts = textsOf(model.language).settings;
  const submit = (form: Form): readonly Action[] => [
    request(texts.settingDefaults, 'settings.set', defaultsIn(form), () => [
      { type: 'notice', text: texts.defaultsSet, isBad: false },
    ]),
  ];
  const screen = formDialog({
    name: 'settings-defaults',
    title: texts.defaultsTitle,
    intro: [texts.defaultsIntro],
    label: texts.set,
    form: newForm([
      compressionField(settings.captureCompression, model),
      afterwardsField(model),
      checkboxField('wake', texts.deployWake, settings.deployWake),
      textField('wait', texts.waitHours, String(settings.waitHours), {
        mostCharacters: 4,
        check: (text) => (hoursIn(text) === null ? texts.waitHoursFault : null),
      }),
    ]),
    submit,
  });
  return { type: 'push', screen };
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
