/** A dialog that lets one of a few things be chosen; those that cannot be say why. */

import type { Model } from '../model.ts';
import { line, span } from '../picture.ts';
import { stay, type Action, type Reaction, type Screen } from '../screen.ts';
import { glyphsOf } from '../glyphs.ts';
import { textsOf } from '../text/catalogue.ts';
import { reasonIn } from '../text/reasons.ts';
import { dialogBox, wrap } from './dialog.ts';
import type { ChoiceOption } from './form.ts';
import {
  entryAt,
  TOP,
  moveSelection,
  resolveSelection,
  type ListSource,
  type Selection,
} from './selection.ts';

const WIDTH = 64;

export function choiceDialog(
  dialog: {
    /** Stable: "sort-by". */
    readonly name: string;
    readonly title: string;
    readonly options: readonly ChoiceOption[];
    readonly choose: (value: string, model: Model) => readonly Action[];
  },
  place: Selection = TOP,
): Screen {
  const { name, title, options, choose } = dialog;
  const listed: ListSource<ChoiceOption> = {
    list: name,
    rows: options,
    keyOf: ({ value }) => value,
  };
  const chosen = entryAt(place, listed);
  const take = (model: Model): Reaction =>
    chosen?.whyNot === null
      ? stay(screen, { type: 'pop' }, ...choose(chosen.value, model))
      : stay(screen);
  const screen: Screen = {
    name,
    isDialog: true,
    title: () => title,
    commands: (model) => {
      const { common } = textsOf(model.language);
      return [
        {
          name: 'choose',
          keys: ['enter', 'space'],
          label: common.choose,
          help: common.choose,
          whyNot: chosen === null ? '-' : chosen.whyNot,
          run: () => take(model),
        },
        {
          name: 'cancel',
          keys: ['escape'],
          label: common.cancel,
          help: common.backHelp,
          whyNot: null,
          run: () => stay(screen, { type: 'pop' }),
        },
      ];
    },
    react: (event, model) => {
      const moved = moveSelection(place, event, listed, shownRows(model));
      if (moved === null) return stay(screen);
      if (event.type === 'click' && moved.key === chosen?.value) return take(model);
      return stay(choiceDialog(dialog, moved));
    },
    view: (model, area) => {
      const isSome = options.some(({ whyNot }) => whyNot !== null);
      // Two lines for why the one under the cursor cannot be chosen: the box stays as high as it is.
      const rows = Math.min(options.length, area.height - (isSome ? 5 : 2));
      const at = resolveSelection(place, listed, rows);
      const shown = options.slice(at.first, at.first + rows);
      const width = Math.min(WIDTH, area.width - 6);
      const lines = shown.map(({ label, whyNot }, offset) =>
        line(
          span(
            `${at.first + offset === at.index ? glyphsOf(model).cursor : ' '} ${label}`,
            at.first + offset === at.index ? 'cursor' : whyNot === null ? 'plain' : 'dim',
          ),
        ),
      );
      const reason = wrap(reasonIn(model.language, options[at.index]?.whyNot ?? ''), width).slice(
        0,
        2,
      );
      const below = isSome
        ? [line(''), ...[0, 1].map((row) => line(span(reason[row] ?? '', 'warn')))]
        : [];
      const { picture, inner } = dialogBox(area, title, [...lines, ...below], width);
      return {
        ...picture,
        targets: shown.map((_, offset) => ({
          area: { ...inner, top: inner.top + offset, height: 1 },
          click: { type: 'row' as const, list: name, index: at.first + offset },
        })),
      };
    },
  };
  return screen;
}

function shownRows({ area }: Model): number {
  return Math.max(1, area.height - 5);
}
