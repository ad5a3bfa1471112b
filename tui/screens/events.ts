/** What happened on the server, newest first. */

import { severityOf, type LogEntry } from '../../lib/model/log-entry.ts';
import type { Model } from '../model.ts';
import { listScreen } from '../components/list-screen.ts';
import { logText } from '../presentation/log-text.ts';
import { formatTime } from '../presentation/time-format.ts';
import { TOP } from '../values/selection.ts';
import type { Column } from '../components/table-view.ts';
import { line, span } from '../picture.ts';
import { push } from '../actions.ts';
import { perform, reaction, type Command } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { watchLog } from './open.ts';
import type { Action, ScreenStates } from '../screen-states.ts';

type EventsState = ScreenStates['events'];

export const EVENTS = listScreen<LogEntry, EventsState>({
  list: 'events',
  title: (_, model) => textsOf(model.language).events.title,
  rows: shownOf,
  keyOf: ({ number }) => String(number),
  columns,
  head: (rows, model, { isOnlyBad }) => {
    const texts = textsOf(model.language).events;
    if (!isOnlyBad) return line(` ${texts.count(rows.length)}`);
    return line(span(` ${texts.countBad(rows.length, model.log?.length ?? 0)}`, 'warn'));
  },
  empty: (model, { isOnlyBad }) => {
    const { events: texts, common } = textsOf(model.language);
    if (model.log === null) return [common.reading];
    return [isOnlyBad ? texts.emptyBad : texts.empty];
  },
  heard: (event, model) =>
    event.type === 'connected' && model.log === null ? perform(watchLog(model.language)) : null,
  commands: commandsFor,
});

function shownOf({ log }: Model, { isOnlyBad }: EventsState): readonly LogEntry[] {
  const newest = (log ?? []).toReversed();
  return isOnlyBad ? newest.filter(({ event }) => wantsLook(event)) : newest;
}

function wantsLook(event: LogEntry['event']): boolean {
  const severity = severityOf(event);
  return severity === 'bad' || severity === 'warn';
}

function columns(_: readonly LogEntry[], model: Model, width: number): readonly Column<LogEntry>[] {
  const texts = textsOf(model.language).events;
  const isWide = width >= 110;
  return [
    {
      title: texts.when,
      width: isWide ? 16 : 11,
      cell: ({ at }) => span(isWide ? formatTime(at) : formatTime(at).slice(5), 'dim'),
    },
    // Colour is never the only sign.
    {
      title: '',
      width: 1,
      cell: ({ event }) => (wantsLook(event) ? span('!', severityOf(event)) : ' '),
    },
    {
      title: texts.what,
      width: 'rest',
      cell: (entry) => span(logText(entry, model), severityOf(entry.event)),
    },
  ];
}

function commandsFor(
  entry: LogEntry | null,
  model: Model,
  { isOnlyBad }: EventsState,
): Command<EventsState>[] {
  const { events: texts, common } = textsOf(model.language);
  return [
    {
      name: 'open',
      keys: ['enter'],
      label: common.open,
      help: texts.openHelp,
      disabledReason: entry === null ? common.nothingChosen : null,
      run: () => perform(...(entry === null ? [] : [show(entry, model)])),
    },
    {
      name: 'filter',
      keys: ['f'],
      label: isOnlyBad ? texts.all : texts.bad,
      help: isOnlyBad ? texts.allHelp : texts.badHelp,
      disabledReason: null,
      run: () => reaction({ selection: TOP, isOnlyBad: !isOnlyBad }),
    },
  ];
}

function show(entry: LogEntry, model: Model): Action {
  const isBad = severityOf(entry.event) === 'bad';
  return push('message', {
    title: textsOf(model.language).events.entry(formatTime(entry.at)),
    texts: [logText(entry, model)],
    style: isBad ? 'bad' : 'plain',
  });
}
