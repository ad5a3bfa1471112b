/** A form: fields with a ring of focus, and what is wrong with what stands in them. An immutable value. */

import { unreachable } from '../../lib/unreachable.ts';
import type { Key } from '../events.ts';
import type { DisabledReason } from '../disabled-reason.ts';
import { edit, lineEditor, type LineEditor } from './line-editor.ts';

export type ChoiceOption = {
  readonly value: string;
  readonly label: string;
  /** Why it cannot be taken; null when it can. It can be looked at all the same. */
  readonly disabledReason: DisabledReason | null;
};

type Common = {
  /** Stable: values are read by it. */
  readonly name: string;
  readonly label: string;
};

export type Field =
  | (Common & {
      /** A password is shown as stars. */
      readonly type: 'text' | 'password';
      readonly editor: LineEditor;
      readonly mostCharacters: number;
    })
  | (Common & {
      readonly type: 'choice';
      /** Not empty. */
      readonly options: readonly ChoiceOption[];
      readonly index: number;
    })
  | (Common & { readonly type: 'checkbox'; readonly isOn: boolean });

export type Form = {
  readonly fields: readonly Field[];
  /** Index of the field that keys go to. */
  readonly focus: number;
  /** Names of the fields that were left or submitted: what is wrong with the others is not said yet. */
  readonly visited: readonly string[];
};

/** What is wrong with the text of the field of that name; null when nothing is. */
export type Check = (name: string, text: string) => DisabledReason | null;

export function textField(name: string, label: string, text = '', mostCharacters = 256): Field {
  return { type: 'text', name, label, editor: lineEditor(text), mostCharacters };
}

export function passwordField(name: string, label: string, mostCharacters = 256): Field {
  return { type: 'password', name, label, editor: lineEditor(), mostCharacters };
}

/** `value` is the option that stands there first; the first one when there is none of it. */
export function choiceField(
  name: string,
  label: string,
  options: readonly ChoiceOption[],
  value: string | null = null,
): Field {
  const index = Math.max(
    0,
    options.findIndex((option) => option.value === value),
  );
  return { type: 'choice', name, label, options, index };
}

export function checkboxField(name: string, label: string, isOn: boolean): Field {
  return { type: 'checkbox', name, label, isOn };
}

export function newForm(fields: readonly Field[]): Form {
  return { fields, focus: 0, visited: [] };
}

/** The form after a key that its focused field understands; null for all other keys. */
export function typeInto(form: Form, key: Key): Form | null {
  const field = form.fields[form.focus];
  const after = field === undefined ? null : fieldAfter(field, key);
  if (after === null) return null;
  const fields = form.fields.map((each, index) => (index === form.focus ? after : each));
  return { ...form, fields };
}

/** The focus `step` fields on, round and round. */
export function moveFocus(form: Form, step: number): Form {
  const count = Math.max(1, form.fields.length);
  return focusOn(form, (((form.focus + step) % count) + count) % count);
}

export function focusOn(form: Form, index: number): Form {
  const left = form.fields[form.focus];
  const isLeft = left !== undefined && index !== form.focus && !form.visited.includes(left.name);
  return { ...form, focus: index, visited: isLeft ? [...form.visited, left.name] : form.visited };
}

/** What is wrong with a field; null when nothing is. */
export function faultOf(field: Field, check: Check): DisabledReason | null {
  switch (field.type) {
    case 'text':
    case 'password':
      return check(field.name, field.editor.text);
    case 'choice':
      return field.options[field.index]?.disabledReason ?? null;
    case 'checkbox':
      return null;
    default:
      return unreachable(field);
  }
}

/** The form with every fault said and the focus on the first one; null when there is none. */
export function refused(form: Form, check: Check): Form | null {
  const bad = form.fields.findIndex((field) => faultOf(field, check) !== null);
  if (bad < 0) return null;
  return { ...form, focus: bad, visited: form.fields.map(({ name }) => name) };
}

/** What stands in a text field or is chosen in a choice. Throws RangeError for a name that no such field has. */
export function valueOf({ fields }: Form, name: string): string {
  const field = fields.find((each) => each.name === name);
  if (field?.type === 'text' || field?.type === 'password') return field.editor.text;
  if (field?.type === 'choice') return field.options[field.index]?.value ?? '';
  throw new RangeError(`the form has no text or choice named ${name}`);
}

/** Whether a checkbox is on. Throws RangeError for a name that no checkbox has. */
export function isOn({ fields }: Form, name: string): boolean {
  const field = fields.find((each) => each.name === name);
  if (field?.type === 'checkbox') return field.isOn;
  throw new RangeError(`the form has no checkbox named ${name}`);
}

/** Whether what is typed now is a secret. */
export function isPasswordFocused({ fields, focus }: Form): boolean {
  return fields[focus]?.type === 'password';
}

function fieldAfter(field: Field, key: Key): Field | null {
  switch (field.type) {
    case 'text':
    case 'password': {
      const editor = edit(field.editor, key, field.mostCharacters);
      return editor === null ? null : { ...field, editor };
    }
    case 'choice': {
      const step = stepOf(key);
      if (step === 0) return null;
      const count = Math.max(1, field.options.length);
      return { ...field, index: (field.index + step + count) % count };
    }
    case 'checkbox':
      return key.name === 'space' ? { ...field, isOn: !field.isOn } : null;
    default:
      return unreachable(field);
  }
}

function stepOf({ name }: Key): number {
  if (name === 'right' || name === 'space' || name === 'l') return 1;
  return name === 'left' || name === 'h' ? -1 : 0;
}
