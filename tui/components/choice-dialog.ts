/** A dialog that lets one of a few things be chosen; those that cannot be say why. */

import type { Model } from '../model.ts';
import { line, span } from '../picture.ts';
import { perform, reaction, type Reaction, type ScreenKind } from '../screen.ts';
import type { Action } from '../screen-states.ts';
import { glyphsOf } from '../glyphs.ts';
import { textsOf } from '../text/catalogue.ts';
import { reasonIn } from '../text/reasons.ts';
import { dialogBox, wrap } from './dialog.ts';
import type { ChoiceOption } from '../values/form.ts';
import { cancelCommand } from './form-dialog.ts';
import {
  entryAt,
  moveSelection,
  resolveSelection,
  type ListSource,
  type Selection,
} from '../values/selection.ts';

const WIDTH = 64;

export type ChoiceDialog<State> = {
  /** Its list in clicks: "sort-by". */
  readonly list: string;
  readonly title: (state: State, model: Model) => string;
  readonly options: (state: State, model: Model) => readonly ChoiceOption[];
  /** What follows; the dialog is gone by then. */
  readonly choose: (value: string, state: State, model: Model) => readonly Action[];
};

export function choiceDialog<State extends { readonly selection: Selection }>(
  dialog: ChoiceDialog<State>,
): ScreenKind<State> {
  const { list, title, choose } = dialog;
  const listed = (state: State, model: Model): ListSource<ChoiceOption> => ({
    list,
    rows: dialog.options(state, model),
    keyOf: ({ value }) => value,
  });
  const take = (state: State, model: Model): Reaction<State> => {
    const chosen = entryAt(state.selection, listed(state, model));
    return chosen?.disabledReason === null
      ? perform({ type: 'pop' }, ...choose(chosen.value, state, model))
      : perform();
  };
  return {
    isDialog: true,
    title,
    commands: (state, model) => {
      const { common } = textsOf(model.language);
      const chosen = entryAt(state.selection, listed(state, model));
      return [
        {
          name: 'choose',
          keys: ['enter', 'space'],
          label: common.choose,
          help: common.choose,
          disabledReason: chosen === null ? '-' : chosen.disabledReason,
          run: () => take(state, model),
        },
        cancelCommand(model),
      ];
    },
    update: (state, event, model) => {
      const options = listed(state, model);
      const selection = moveSelection(state.selection, event, options, shownRows(model));
      if (selection === null) return perform();
      const before = entryAt(state.selection, options);
      if (event.type === 'click' && selection.key === before?.value) return take(state, model);
      return reaction({ ...state, selection });
    },
    view: (state, model, area) => {
      const source = listed(state, model);
      const options = source.rows;
      const isSome = options.some(({ disabledReason }) => disabledReason !== null);
      // Two lines for why the one under the cursor cannot be chosen: the box stays as high as it is.
      const rows = Math.min(options.length, area.height - (isSome ? 5 : 2));
      const at = resolveSelection(state.selection, source, rows);
      const shown = options.slice(at.first, at.first + rows);
      const width = Math.min(WIDTH, area.width - 6);
      const lines = shown.map(({ label, disabledReason }, offset) =>
        line(
          span(
            `${at.first + offset === at.index ? glyphsOf(model).cursor : ' '} ${label}`,
            at.first + offset === at.index ? 'cursor' : disabledReason === null ? 'plain' : 'dim',
          ),
        ),
      );
      const why = reasonIn(model.language, options[at.index]?.disabledReason ?? '');
      const reason = wrap(why, width).slice(0, 2);
      const below = isSome
        ? [line(''), ...[0, 1].map((row) => line(span(reason[row] ?? '', 'warn')))]
        : [];
      const { picture, inner } = dialogBox(area, title(state, model), [...lines, ...below], width);
      return {
        ...picture,
        targets: shown.map((_, offset) => ({
          area: { ...inner, top: inner.top + offset, height: 1 },
          click: { type: 'row' as const, list, index: at.first + offset },
        })),
      };
    },
  };
}

function shownRows({ area }: Model): number {
  return Math.max(1, area.height - 5);
}
