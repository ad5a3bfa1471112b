/** What the screen says in each state: one large word, a colour, one sentence, and what else there is to know. */

import { formatBytes, formatDuration, formatRate } from '../../lib/format.ts';
import { render } from '../../lib/messages/render.ts';
import type { ErrorReport } from '../../lib/model/error-report.ts';
import type { Message } from '../../lib/model/message.ts';
import { unreachable } from '../../lib/unreachable.ts';
import { plainText, wrap } from './plain-text.ts';
import { stateNameOf, type Activity, type ConsoleState } from './state.ts';

/** Never the only sign of a state: the word says the same. */
export type Colour = 'white' | 'green' | 'cyan' | 'yellow' | 'red';

export type Face = {
  /** Capitals, digits, % and spaces (./font.ts). */
  readonly word: string;
  readonly colour: Colour;
  readonly headline: string;
  /** Lines of at most FACE_WIDTH characters, at most FACE_LINES. */
  readonly body: readonly string[];
};

export const FACE_WIDTH = 76;
export const FACE_LINES = 8;

type Working = Extract<Activity, { type: 'working' }>;
type Fact<T extends Activity['type']> = Extract<Activity, { type: T }>;

/** `now` is in milliseconds since 1970. */
export function faceOf(state: ConsoleState, now: number): Face {
  const { activity, standing } = state;
  if (activity.type === 'fatal') return fatalFace(activity.error);
  if (activity.type === 'leaving') return leavingFace(activity);
  if (activity.type === 'working') return workingFace(activity, now);
  const name = stateNameOf(state);
  switch (name) {
    case 'starting':
      return { word: 'STARTING', colour: 'white', headline: 'The engine starts.', body: [] };
    case 'half-written':
      return halfWrittenFace(standing);
    case 'connecting':
      return connectingFace(state, now);
    case 'pending':
      return {
        word: 'PENDING',
        colour: 'yellow',
        headline: 'This host is known, but nobody has taken it in yet: it gets no work.',
        body: wrap(
          `An operator takes it in on the server: openclone host approve ${standing?.hostName ?? ''}`,
          FACE_WIDTH,
          FACE_LINES,
        ),
      };
    case 'done':
      return activity.type === 'done' ? doneFace(activity, now) : idleFace();
    case 'failed':
      return activity.type === 'failed' ? failedFace(activity, now) : idleFace();
    case 'idle':
    case 'working':
    case 'leaving':
    case 'fatal':
      return idleFace();
    default:
      return unreachable(name);
  }
}

function idleFace(): Face {
  return {
    word: 'READY',
    colour: 'green',
    headline: 'Ready: there is no work for this host now.',
    body: [
      'It begins by itself as soon as the server has some. Nothing needs to be done here.',
    ].flatMap((text) => wrap(text, FACE_WIDTH, FACE_LINES)),
  };
}

function doneFace({ title, at, warnings }: Fact<'done'>, now: number): Face {
  return {
    word: 'DONE',
    colour: warnings.length === 0 ? 'green' : 'yellow',
    headline: plainText(`Done ${formatDuration(now - at)} ago: ${title}`),
    body: [
      ...(warnings.length === 0 ? ['It ended well.'] : ['It ended well, with warnings:']),
      ...warningLines(warnings, 6),
    ],
  };
}

function failedFace({ title, at, error }: Fact<'failed'>, now: number): Face {
  return {
    word: 'FAILED',
    colour: 'red',
    headline: plainText(`Failed ${formatDuration(now - at)} ago: ${title}`),
    body: errorLines(error),
  };
}

function fatalFace(error: ErrorReport): Face {
  return {
    word: 'ERROR',
    colour: 'red',
    headline: 'The engine cannot work on this host.',
    body: errorLines(error),
  };
}

function leavingFace({ mode }: Fact<'leaving'>): Face {
  switch (mode) {
    case 'power-off':
      return {
        word: 'POWER OFF',
        colour: 'white',
        headline: 'The host is switched off.',
        body: [],
      };
    case 'reboot':
      return { word: 'REBOOT', colour: 'white', headline: 'The host starts anew.', body: [] };
    case 'exit':
      return { word: 'STOPPING', colour: 'white', headline: 'The engine ends.', body: [] };
    default:
      return unreachable(mode);
  }
}

function halfWrittenFace(standing: ConsoleState['standing']): Face {
  const half = standing?.halfWritten ?? null;
  const what =
    half === null ? '' : ` ${half.disk}, since ${half.since.slice(0, 16).replace('T', ' ')} UTC`;
  return {
    word: 'HALF WRITTEN',
    colour: 'red',
    headline: 'The disk of this host is half written. Do not use it.',
    body: [
      ...wrap(`Disk:${what}`, FACE_WIDTH, 1),
      ...(half?.error === null || half === null ? [] : errorLines(half.error).slice(0, 5)),
      ...wrap('It stays so until an image is deployed to this host again.', FACE_WIDTH, 1),
    ],
  };
}

function connectingFace({ connection, server }: ConsoleState, now: number): Face {
  if (connection.type !== 'offline') return idleFace();
  const { since, attempts, problem } = connection;
  const isNews = attempts < 2;
  return {
    word: isNews ? 'CONNECTING' : 'NO SERVER',
    colour: 'yellow',
    headline: isNews
      ? plainText(`Connecting to the server ${server}`)
      : plainText(
          `No connection to ${server} for ${formatDuration(now - since)} (attempt ${attempts + 1})`,
        ),
    body:
      problem === null
        ? []
        : [
            ...wrap(problem.what, FACE_WIDTH, 3),
            ...problem.check.flatMap((each) => wrap(`- ${each}`, FACE_WIDTH, 2)),
          ].slice(0, FACE_LINES),
  };
}

function workingFace(activity: Working, now: number): Face {
  const { title, step, progress, startedAt, warnings } = activity;
  const fraction = progress?.total.fraction ?? null;
  const part = progress?.step ?? null;
  const amounts = [
    part === null || part.doneBytes === 0
      ? null
      : part.totalBytes === null
        ? formatBytes(part.doneBytes)
        : `${formatBytes(part.doneBytes)} of ${formatBytes(part.totalBytes)}`,
    part === null || part.bytesPerSecond < 1 ? null : formatRate(part.bytesPerSecond),
    progress === null || progress.total.remainingMs === null
      ? null
      : `${formatDuration(progress.total.remainingMs)} left`,
    `running for ${formatDuration(now - startedAt)}`,
  ].filter((each) => each !== null);
  return {
    word: fraction === null ? 'WORKING' : `${Math.min(99, Math.floor(fraction * 100))} %`,
    colour: 'cyan',
    headline: plainText(`Do not switch off: ${title}`),
    body: [
      ...(step === null
        ? ['looking at the disk']
        : wrap(`step ${step.number} of ${step.count}: ${render('en', step.title)}`, FACE_WIDTH, 2)),
      bar(fraction ?? 0),
      amounts.join('   '),
      ...warningLines(warnings, 3),
    ],
  };
}

function bar(fraction: number): string {
  const width = FACE_WIDTH - 2;
  const done = Math.min(width, Math.floor(fraction * width));
  return `[${'='.repeat(done)}${' '.repeat(width - done)}]`;
}

/** The newest warnings. */
function warningLines(warnings: readonly Message[], most: number): string[] {
  return warnings
    .flatMap((warning) => wrap(`Warning: ${render('en', warning)}`, FACE_WIDTH, 2))
    .slice(-most);
}

function errorLines({ message, causes, hint }: ErrorReport): string[] {
  return [
    ...wrap(`What:  ${message}`, FACE_WIDTH, 2),
    ...causes.slice(-2).flatMap((cause) => wrap(`Why:   ${cause}`, FACE_WIDTH, 2)),
    ...wrap(`To do: ${hint}`, FACE_WIDTH, 2),
  ];
}
