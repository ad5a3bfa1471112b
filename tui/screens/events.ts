/** What happened on the server, newest first. */

import { gravityOf, type LogEntry } from '../../lib/model/log-entry.ts';
import type { Model } from '../model.ts';
import { listScreen } from '../components/list-screen.ts';
import { logText } from '../presentation/log-text.ts';
import { messageDialog } from '../components/message-dialog.ts';
import { formatTime } from '../presentation/time-format.ts';
import { TOP, type Selection } from '../components/selection.ts';
import type { Column } from '../components/table-view.ts';
import { line, span } from '../picture.ts';
import { request } from '../requests.ts';
import { stay, type Action, type Command, type Screen } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';

type EventsState = { readonly place: Selection; readonly isOnlyBad: boolean };

/** The log; from the first time on the server tells what is added. */
export function openEvents(model: Model): readonly Action[] {
  return [
    { type: 'push', screen: eventsScreen() },
    // Without a connection it is read with the next one.
    ...(model.log === null && model.connection.type === 'online' ? [watchLog(model.language)] : []),
  ];
}

/** Reads what there is, and has the server tell what is added. */
export function watchLog(language: Model['language']): Extract<Action, { type: 'request' }> {
  return request(textsOf(language).events.reading, 'log.watch', {});
}

export function eventsScreen(state: EventsState = { place: TOP, isOnlyBad: false }): Screen {
  const list = listScreen<LogEntry>({
    name: 'events',
    title: (model) => textsOf(model.language).events.title,
    place: state.place,
    at: (place) => eventsScreen({ ...state, place }),
    rows: (model) => shownOf(model, state),
    keyOf: ({ number }) => String(number),
    columns,
    head: (rows, model) => {
      const texts = textsOf(model.language).events;
      if (!state.isOnlyBad) return line(` ${texts.count(rows.length)}`);
      return line(span(` ${texts.countBad(rows.length, model.log?.length ?? 0)}`, 'warn'));
    },
    empty: (model) => {
      const { events: texts, common } = textsOf(model.language);
      if (model.log === null) return [common.reading];
      return [state.isOnlyBad ? texts.emptyBad : texts.empty];
    },
    commands: (entry, model, screen) => commandsFor(entry, state, model, screen),
  });
  return {
    ...list,
    react: (event, model) =>
      event.type === 'connected' && model.log === null
        ? stay(eventsScreen(state), watchLog(model.language))
        : list.react(event, model),
  };
}

function shownOf({ log }: Model, { isOnlyBad }: EventsState): readonly LogEntry[] {
  const newest = (log ?? []).toReversed();
  return isOnlyBad ? newest.filter(({ event }) => wantsLook(event)) : newest;
}

function wantsLook(event: LogEntry['event']): boolean {
  const gravity = gravityOf(event);
  return gravity === 'bad' || gravity === 'warn';
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
      cell: ({ event }) => (wantsLook(event) ? span('!', gravityOf(event)) : ' '),
    },
    {
      title: texts.what,
      width: 'rest',
      cell: (entry) => span(logText(entry, model), gravityOf(entry.event)),
    },
  ];
}

function commandsFor(
  entry: LogEntry | null,
  { isOnlyBad }: EventsState,
  model: Model,
  screen: Screen,
): Command[] {
  const { events: texts, common } = textsOf(model.language);
  const show = (chosen: LogEntry): Action => {
    const gravity = gravityOf(chosen.event);
    const text = logText(chosen, model);
    const isBad = gravity === 'bad';
    return {
      type: 'push',
      screen: messageDialog(texts.entry(formatTime(chosen.at)), [text], isBad ? 'bad' : 'plain'),
    };
  };
  return [
    {
      name: 'open',
      keys: ['enter'],
      label: common.open,
      help: texts.openHelp,
      whyNot: entry === null ? common.nothingChosen : null,
      run: () => stay(screen, ...(entry === null ? [] : [show(entry)])),
    },
    {
      name: 'filter',
      keys: ['f'],
      label: isOnlyBad ? texts.all : texts.bad,
      help: isOnlyBad ? texts.allHelp : texts.badHelp,
      whyNot: null,
      run: () => stay(eventsScreen({ place: TOP, isOnlyBad: !isOnlyBad })),
    },
  ];
}
