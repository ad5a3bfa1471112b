/** What the screen says in each state: one large word, a colour, one sentence, and what else there is to know. */

import { formatDuration } from '../../lib/format.ts';
import { render } from '../../lib/messages/render.ts';
import type { ErrorReport } from '../../lib/model/error-report.ts';
import type { Message } from '../../lib/model/message.ts';
import { errorIn } from '../../lib/messages/errors.ts';
import { bytesText, rateText } from '../../lib/text/quantities.ts';
import { unreachable } from '../../lib/unreachable.ts';
import { titleText } from './operation-title.ts';
import { screenText, wrap } from './plain-text.ts';
import { problemText } from './problem-text.ts';
import { stateNameOf, type Activity, type ConsoleState } from './state.ts';
import { screenTexts, type ScreenTexts } from './text/catalogue.ts';

/** Never the only sign of a state: the word says the same. */
export type Colour = 'white' | 'green' | 'cyan' | 'yellow' | 'red';

export type HostScreen = {
  /** Capitals, digits, % and spaces (./font.ts). */
  readonly word: string;
  readonly colour: Colour;
  readonly headline: string;
  /** Lines of at most FACE_WIDTH characters, at most FACE_LINES. */
  readonly body: readonly string[];
};

export const SCREEN_WIDTH = 76;
export const SCREEN_LINES = 8;

type Working = Extract<Activity, { type: 'working' }>;
type Fact<T extends Activity['type']> = Extract<Activity, { type: T }>;

/** `now` is in milliseconds since 1970. */
export function screenOf(state: ConsoleState, now: number): HostScreen {
  const { activity, standing } = state;
  const texts = screenTexts(state.language);
  const { screen } = texts;
  if (activity.type === 'fatal') {
    return { ...screen.fatal, colour: 'red', body: errorLines(texts, activity.error) };
  }
  if (activity.type === 'leaving') {
    return { ...screen.leaving[activity.mode], colour: 'white', body: [] };
  }
  if (activity.type === 'working') return workingFace(texts, activity, now);
  const name = stateNameOf(state);
  switch (name) {
    case 'starting':
      return { ...screen.starting, colour: 'white', body: [] };
    case 'half-written':
      return halfWrittenFace(texts, standing);
    case 'connecting':
      return connectingFace(texts, state, now);
    case 'pending':
      return {
        ...screen.pending,
        colour: 'yellow',
        body: wrap(screen.pending.body(standing?.hostName ?? ''), SCREEN_WIDTH, SCREEN_LINES),
      };
    case 'done':
      return activity.type === 'done' ? doneFace(texts, activity, now) : readyFace(texts);
    case 'failed':
      return activity.type === 'failed' ? failedFace(texts, activity, now) : readyFace(texts);
    case 'idle':
    case 'working':
    case 'leaving':
    case 'fatal':
      return readyFace(texts);
    default:
      return unreachable(name);
  }
}

function readyFace({ screen: { ready } }: ScreenTexts): HostScreen {
  return { ...ready, colour: 'green', body: wrap(ready.body, SCREEN_WIDTH, SCREEN_LINES) };
}

function doneFace(
  texts: ScreenTexts,
  { title, at, warnings }: Fact<'done'>,
  now: number,
): HostScreen {
  const { done } = texts.screen;
  return {
    word: done.word,
    colour: warnings.length === 0 ? 'green' : 'yellow',
    headline: screenText(done.headline(formatDuration(now - at), titleText(texts, title))),
    body: [warnings.length === 0 ? done.well : done.warned, ...warningLines(texts, warnings, 6)],
  };
}

function failedFace(
  texts: ScreenTexts,
  { title, at, error }: Fact<'failed'>,
  now: number,
): HostScreen {
  const { failed } = texts.screen;
  return {
    word: failed.word,
    colour: 'red',
    headline: screenText(failed.headline(formatDuration(now - at), titleText(texts, title))),
    body: errorLines(texts, error),
  };
}

function halfWrittenFace(texts: ScreenTexts, standing: ConsoleState['standing']): HostScreen {
  const { halfWritten } = texts.screen;
  const half = standing?.halfWritten ?? null;
  const disk =
    half === null
      ? halfWritten.unknownDisk
      : halfWritten.disk(half.disk, half.since.slice(0, 16).replace('T', ' '));
  return {
    ...halfWritten,
    colour: 'red',
    body: [
      ...wrap(disk, SCREEN_WIDTH, 1),
      ...(half?.error === null || half === null ? [] : errorLines(texts, half.error).slice(0, 5)),
      ...wrap(halfWritten.remedy, SCREEN_WIDTH, 1),
    ],
  };
}

function connectingFace(
  texts: ScreenTexts,
  { connection, server }: ConsoleState,
  now: number,
): HostScreen {
  if (connection.type !== 'offline') return readyFace(texts);
  const { since, attempts, problem } = connection;
  const { connecting, noServer } = texts.screen;
  const isNews = attempts < 2;
  const time = formatDuration(now - since);
  const said = problem === null ? null : problemText(texts, problem);
  return {
    word: isNews ? connecting.word : noServer.word,
    colour: 'yellow',
    headline: screenText(
      isNews ? connecting.headline(server) : noServer.headline(server, time, attempts + 1),
    ),
    body:
      said === null
        ? []
        : [
            ...wrap(said.what, SCREEN_WIDTH, 3),
            ...said.check.flatMap((each) => wrap(`- ${each}`, SCREEN_WIDTH, 2)),
          ].slice(0, SCREEN_LINES),
  };
}

function workingFace(texts: ScreenTexts, activity: Working, now: number): HostScreen {
  const { title, step, progress, startedAt, warnings } = activity;
  const { working } = texts.screen;
  const fraction = progress?.total.fraction ?? null;
  const stepText = (named: NonNullable<Working['step']>): string =>
    working.step(named.number, named.count, render(texts.language, named.title));
  return {
    word: fraction === null ? working.word : `${Math.min(99, Math.floor(fraction * 100))} %`,
    colour: 'cyan',
    headline: screenText(working.headline(titleText(texts, title))),
    body: [
      ...(step === null ? [working.planning] : wrap(stepText(step), SCREEN_WIDTH, 2)),
      bar(fraction ?? 0),
      [...amounts(texts, progress), working.since(formatDuration(now - startedAt))].join('   '),
      ...warningLines(texts, warnings, 3),
    ],
  };
}

/** How much of the step is done, how fast, and how long all of it takes. */
function amounts(texts: ScreenTexts, progress: Working['progress']): string[] {
  if (progress === null) return [];
  const { working } = texts.screen;
  const { step, total } = progress;
  const part: string[] = [];
  if (step !== null && step.doneBytes > 0) {
    const done = bytesText(step.doneBytes, texts);
    part.push(
      step.totalBytes === null ? done : working.amount(done, bytesText(step.totalBytes, texts)),
    );
  }
  if (step !== null && step.bytesPerSecond >= 1) part.push(rateText(step.bytesPerSecond, texts));
  if (total.remainingMs !== null) part.push(working.left(formatDuration(total.remainingMs)));
  return part;
}

function bar(fraction: number): string {
  const width = SCREEN_WIDTH - 2;
  const done = Math.min(width, Math.floor(fraction * width));
  return `[${'='.repeat(done)}${' '.repeat(width - done)}]`;
}

/** The newest warnings. */
function warningLines(texts: ScreenTexts, warnings: readonly Message[], most: number): string[] {
  return warnings
    .flatMap((warning) =>
      wrap(texts.screen.warning(render(texts.language, warning)), SCREEN_WIDTH, 2),
    )
    .slice(-most);
}

/** What kind of error it is, where that is not English, then the message as it came. */
function errorLines({ language, screen }: ScreenTexts, report: ErrorReport): string[] {
  const { error } = screen;
  const { what, hint, original } = errorIn(language, report);
  return [
    ...wrap(error.what(original === null ? what : `${what}: ${original.message}`), SCREEN_WIDTH, 2),
    ...report.causes.slice(-2).flatMap((cause) => wrap(error.why(cause), SCREEN_WIDTH, 2)),
    ...wrap(error.remedy(hint), SCREEN_WIDTH, 2),
  ];
}
