/** What the operator does first with hosts, in the list and in the room: look at one, mark some or all. */

import type { HostView } from '../../lib/model/host.ts';
import type { Model } from '../model.ts';
import { onlyThese, toggledHere, type MarkedList } from '../presentation/hosts/host-marks.ts';
import { entryAt, type ListSource } from '../components/selection.ts';
import { stay, type Command, type Screen } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { openHost } from './host.ts';

type Here = {
  readonly model: Model;
  readonly screen: Screen;
  /** Why nothing can be opened or marked where there are no hosts. */
  readonly none: string;
  /** The screen with other marks. */
  readonly at: (list: MarkedList) => Screen;
};

export function openAndMark(
  list: MarkedList,
  listed: ListSource<HostView>,
  { model, screen, none, at }: Here,
): readonly Command[] {
  const texts = textsOf(model.language).hosts;
  const current = entryAt(list.place, listed);
  const whyNot = current === null ? none : null;
  return [
    {
      name: 'open',
      keys: ['enter'],
      label: texts.details,
      help: texts.detailsHelp,
      whyNot,
      run: () => stay(screen, ...(current === null ? [] : openHost(current, model))),
    },
    {
      name: 'mark',
      keys: ['space'],
      label: texts.mark,
      help: texts.markHelp,
      whyNot,
      run: () => stay(at(toggledHere(list, listed, (host) => [host]))),
    },
    {
      name: 'mark-all',
      keys: ['a'],
      label: texts.markAll,
      help: texts.markAllHelp,
      whyNot,
      run: () => stay(at({ ...list, marked: onlyThese(listed.rows, list.marked) })),
    },
  ];
}
