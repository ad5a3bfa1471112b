/** What the engine said during one run. */

import { widthOf } from '../../lib/columns.ts';
import type { RunId } from '../../lib/model/ids.ts';
import type { Run } from '../../lib/model/task.ts';
import { layoutOf } from '../layout.ts';
import type { Model } from '../model.ts';
import { wrap } from '../components/dialog.ts';
import { scrollAfter, scrollRows, scrollView } from '../components/scroll-view.ts';
import { line, span, type Line } from '../picture.ts';
import { request } from '../requests.ts';
import { stay, type Action, type Screen } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';

type LogState = {
  readonly run: Run;
  readonly hostName: string;
  /** Null until it has been read. */
  readonly read: { readonly lines: readonly string[]; readonly isCut: boolean } | null;
  /** Null: the end, where the newest is. */
  readonly first: number | null;
};

/** The log of `run`, which is read at the same time. */
export function openLog(run: Run, hostName: string, model: Model): readonly Action[] {
  return [
    { type: 'push', screen: logScreen({ run, hostName, read: null, first: null }) },
    readLog(run, hostName, model),
  ];
}

export function logScreen(state: LogState): Screen {
  const { run, hostName } = state;
  const screen: Screen = {
    name: 'log',
    isDialog: false,
    title: (model) => textsOf(model.language).tasks.logTitle(hostName),
    commands: (model) => {
      const texts = textsOf(model.language).tasks;
      return [
        {
          name: 'again',
          keys: ['r'],
          label: texts.again,
          help: texts.againHelp,
          whyNot: null,
          run: () => stay(screen, readLog(run, hostName, model)),
        },
      ];
    },
    react: (event, model) => {
      if (event.type === 'answered' && event.method === 'run.log') {
        const read = event.result.find(({ runId }) => isSame(runId, run.id));
        return stay(read === undefined ? screen : logScreen({ ...state, read }));
      }
      const { body } = layoutOf(model);
      const { length } = linesFor(state, model, body.width);
      const rows = scrollRows(length, body);
      const first = scrollAfter(state.first ?? length, event, length, rows);
      if (first === null) return stay(screen);
      return stay(logScreen({ ...state, first: first >= length - rows ? null : first }));
    },
    view: (model, area) => {
      const lines = linesFor(state, model, area.width);
      return scrollView(lines, state.first ?? lines.length, model, area);
    },
  };
  return screen;
}

function readLog(run: Run, hostName: string, model: Model): Action {
  const title = textsOf(model.language).tasks.readingLog(hostName);
  return request(title, 'run.log', { task: run.taskId, host: run.hostId });
}

function isSame(one: RunId, other: RunId): boolean {
  return one === other;
}

function linesFor({ read }: LogState, model: Model, width: number): readonly Line[] {
  const { tasks: texts, common } = textsOf(model.language);
  if (read === null) return [line(span(` ${common.reading}`, 'dim'))];
  if (read.lines.length === 0) return [line(span(` ${texts.logEmpty}`, 'dim'))];
  const room = Math.max(20, width - 2);
  return [
    ...(read.isCut ? [line(span(` ${texts.logCut}`, 'dim'))] : []),
    ...read.lines.flatMap((text) =>
      (widthOf(text) <= room ? [text] : wrap(text, room)).map((part) => line(` ${part}`)),
    ),
  ];
}
