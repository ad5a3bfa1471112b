/** How a form looks: label, field, and below it what is wrong. */

import { padEnd, widthOf } from '../../lib/columns.ts';
import { unreachable } from '../../lib/unreachable.ts';
import type { Model } from '../model.ts';
import { line, span, type Area, type Line, type Picture, type Target } from '../picture.ts';
import { glyphsOf } from '../glyphs.ts';
import { reasonIn } from '../text/reasons.ts';
import { faultOf, type Check, type Field, type Form } from '../values/form.ts';
import { visiblePart } from '../values/line-editor.ts';
import { wrap } from './dialog.ts';

/** Names the fields for clicks: the index is that of the field. */
export const FORM_LIST = 'form';

export type FormView = {
  readonly lines: readonly Line[];
  /** Relative to the first line and column. */
  readonly caret: { readonly column: number; readonly row: number } | null;
  /** The first line of each field. */
  readonly rows: readonly number[];
};

/** The form's lines, `width` cells wide. */
export function formView(form: Form, check: Check, model: Model, width: number): FormView {
  const labelWidth = Math.max(0, ...form.fields.map(({ label }) => widthOf(label)));
  const fieldWidth = Math.max(4, width - labelWidth - 4);
  const lines: Line[] = [];
  const rows: number[] = [];
  let caret: FormView['caret'] = null;
  for (const [index, field] of form.fields.entries()) {
    const isFocused = index === form.focus;
    rows.push(lines.length);
    if (isFocused && (field.type === 'text' || field.type === 'password')) {
      const part = visiblePart(shownEditor(field), fieldWidth);
      caret = { row: lines.length, column: labelWidth + 4 + part.caret };
    }
    const name = span(padEnd(field.label, labelWidth), isFocused ? 'strong' : 'plain');
    const pointer = span(isFocused ? `${glyphsOf(model).cursor} ` : '  ', 'key');
    lines.push(line(pointer, name, '  ', ...fieldLine(field, isFocused, model, fieldWidth)));
    const fault =
      form.visited.includes(field.name) || field.type === 'choice' ? faultOf(field, check) : null;
    for (const text of fault === null ? [] : wrap(reasonIn(model.language, fault), fieldWidth)) {
      lines.push(line(' '.repeat(labelWidth + 4), span(text, 'bad')));
    }
  }
  return { lines, caret, rows };
}

/** Where clicks go: the lines of `view` begin at the upper left corner of `area`. */
export function formTargets(view: FormView, area: Area): Target[] {
  return view.rows.map((row, index): Target => ({
    area: { left: area.left, top: area.top + row, width: area.width, height: 1 },
    click: { type: 'row', list: FORM_LIST, index },
  }));
}

/** Where the terminal's caret is then. */
export function formCaret(view: FormView, area: Area): Picture['caret'] {
  if (view.caret === null) return null;
  return { row: area.top + view.caret.row, column: area.left + view.caret.column };
}

function fieldLine(field: Field, isFocused: boolean, model: Model, width: number): Line {
  const signs = glyphsOf(model);
  switch (field.type) {
    case 'text':
    case 'password': {
      const part = visiblePart(shownEditor(field), width);
      const empty = signs.blank.repeat(Math.max(0, width - widthOf(part.text)));
      return line(span(part.text, isFocused ? 'strong' : 'plain'), span(empty, 'dim'));
    }
    case 'checkbox':
      return line(
        span(field.isOn ? signs.checked : signs.unchecked, isFocused ? 'cursor' : 'plain'),
      );
    case 'choice':
      return choiceLine(field, isFocused, model, width);
    default:
      return unreachable(field);
  }
}

/** All options beside each other where there is room, else the chosen one with arrows. */
function choiceLine(
  { options, index }: Extract<Field, { type: 'choice' }>,
  isFocused: boolean,
  model: Model,
  width: number,
): Line {
  const signs = glyphsOf(model);
  const all = options.flatMap(({ label, disabledReason }, at) => {
    const isChosen = at === index;
    const style = isChosen && isFocused ? 'cursor' : disabledReason === null ? 'plain' : 'dim';
    return [span(`${isChosen ? signs.chosen : signs.notChosen} ${label}`, style), span('  ')];
  });
  const allWidth = all.reduce((sum, { text }) => sum + widthOf(text), -2);
  if (allWidth <= width) return all;
  const chosen = options[index]?.label ?? '';
  return line(
    span('< ', 'key'),
    span(chosen, isFocused ? 'cursor' : 'plain'),
    span(` > ${index + 1}/${options.length}`, 'key'),
  );
}

function shownEditor(field: Extract<Field, { type: 'text' | 'password' }>): {
  readonly text: string;
  readonly position: number;
} {
  if (field.type === 'text') return field.editor;
  const { text, position } = field.editor;
  return { text: '*'.repeat([...CHARACTERS.segment(text)].length), position };
}

const CHARACTERS = new Intl.Segmenter();
