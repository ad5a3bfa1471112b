/** Forms in dialogs. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notice } from '../../../tui/actions.ts';
import { formDialog } from '../../../tui/components/form-dialog.ts';
import { newModel, type Model } from '../../../tui/model.ts';
import { pictureText } from '../../../tui/panel-text.ts';
import { newForm, type Form } from '../../../tui/values/form.ts';

const AREA = { left: 0, top: 0, width: 80, height: 24 };

function modelIn(language: Model['language']): Model {
  return newModel({ area: AREA, unicode: true, language, now: 0, operator: 'anna' });
}

const DIALOG = formDialog<{ readonly form: Form }>({
  title: () => 'Do nothing',
  label: () => 'add',
  submit: () => [notice('added')],
});

test('a dialog of a form without fields says so in a sentence, and Enter does what it is for', () => {
  const state = { form: newForm([]) };
  const sentences = (['en', 'de'] as const).map((language) =>
    pictureText(DIALOG.view(state, modelIn(language), AREA), AREA, true).join('\n'),
  );
  assert.match(sentences[0] ?? '', /There is nothing to choose here: Enter goes on\./);
  assert.match(sentences[1] ?? '', /Hier ist nichts zu wählen: Enter macht weiter\./);
  const enter = DIALOG.commands(state, modelIn('en')).find(({ keys }) => keys.includes('enter'));
  assert.deepEqual(enter?.run().actions, [{ type: 'pop' }, notice('added')]);
});
