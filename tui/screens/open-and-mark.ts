/** What the operator does first with hosts, in the list and among the tiles: look at one, mark some or all. */

import type { HostView } from '../../lib/model/host.ts';
import type { Model } from '../model.ts';
import type { MarkedList } from '../values/host-list-state.ts';
import { onlyThese, toggledHere } from '../presentation/hosts/host-marks.ts';
import { entryAt, type ListSource } from '../values/selection.ts';
import { perform, reaction, type Command } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { openHost } from './open.ts';

export function openAndMark<State extends MarkedList>(
  state: State,
  listed: ListSource<HostView>,
  /** Why nothing can be opened or marked where there are no hosts. */
  none: string,
  model: Model,
): readonly Command<State>[] {
  const texts = textsOf(model.language).hosts;
  const current = entryAt(state.selection, listed);
  const disabledReason = current === null ? none : null;
  return [
    {
      name: 'open',
      keys: ['enter'],
      label: texts.details,
      help: texts.detailsHelp,
      disabledReason,
      run: () => perform(...(current === null ? [] : openHost(current, model))),
    },
    {
      name: 'mark',
      keys: ['space'],
      label: texts.mark,
      help: texts.markHelp,
      disabledReason,
      run: () => reaction({ ...state, ...toggledHere(state, listed, (host) => [host]) }),
    },
    {
      name: 'mark-all',
      keys: ['a'],
      label: texts.markAll,
      help: texts.markAllHelp,
      disabledReason,
      run: () => reaction({ ...state, marked: onlyThese(listed.rows, state.marked) }),
    },
  ];
}
