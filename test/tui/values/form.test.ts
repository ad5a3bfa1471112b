/** Forms and their fields. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  checkboxField,
  choiceField,
  faultOf,
  isOn,
  moveFocus,
  newForm,
  refused,
  textField,
  typeInto,
  valueOf,
  type Form,
  type Check,
} from '../../../tui/values/form.ts';
import { formView } from '../../../tui/components/form-view.ts';
import { key, MODEL } from '../sample-keys.ts';

const press = (form: Form, ...names: readonly string[]): Form =>
  names.reduce((now, name) => typeInto(now, key(name)) ?? now, form);

describe('form', () => {
  const form = newForm([
    textField('name', 'Name'),
    choiceField('disk', 'Disk', [
      { value: 'sda', label: 'sda', disabledReason: null },
      { value: 'sdb', label: 'sdb', disabledReason: 'it is too small' },
    ]),
    checkboxField('wake', 'Wake', false),
  ]);
  const check: Check = (_, text) => (text === '' ? 'a name is needed' : null);

  test('form: the focus goes round in both directions', () => {
    assert.equal(moveFocus(form, -1).focus, 2);
    assert.equal(moveFocus(moveFocus(moveFocus(form, 1), 1), 1).focus, 0);
  });

  test('form: keys go to the focused field alone', () => {
    const typed = press(form, 'h', 'i', 'space', 'x');
    assert.equal(valueOf(typed, 'name'), 'hi x');
    assert.equal(isOn(typed, 'wake'), false);
    const on = press(moveFocus(typed, 2), 'space');
    assert.equal(isOn(on, 'wake'), true);
    assert.equal(valueOf(on, 'name'), 'hi x');
  });

  test('a refused form says all faults and goes to the first', () => {
    const wrong = refused(moveFocus(form, 1), check);
    assert.equal(wrong?.focus, 0);
    const text = formView(wrong, check, MODEL, 60).lines.map((each) =>
      each.map((s) => s.text).join(''),
    );
    assert.match(text.join('\n'), /a name is needed/);
    assert.equal(refused(press(form, 'x'), check), null);
  });

  test('form: an option that cannot be taken says why when it stands there', () => {
    const chosen = press(moveFocus(press(form, 'x'), 1), 'right');
    assert.equal(valueOf(chosen, 'disk'), 'sdb');
    const [, field] = chosen.fields;
    assert.equal(field === undefined ? '' : faultOf(field, check), 'it is too small');
    assert.equal(refused(chosen, check)?.focus, 1);
  });

  test('form: a fault is not said before the field was left', () => {
    const before = formView(form, check, MODEL, 60)
      .lines.flat()
      .map(({ text }) => text);
    assert.ok(!before.includes('a name is needed'));
    const after = formView(moveFocus(form, 1), check, MODEL, 60)
      .lines.flat()
      .map(({ text }) => text);
    assert.ok(after.includes('a name is needed'));
  });
});
