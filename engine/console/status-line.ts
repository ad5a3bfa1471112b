/** The states of a host as plain lines, for serial consoles and for programs that watch them. */

import { describeError } from '../../lib/errors.ts';
import { render } from '../../lib/messages/render.ts';
import { titleText } from './operation-title.ts';
import { plainText } from './plain-text.ts';
import { problemText } from './problem-text.ts';
import { stateNameOf, type ConsoleState, type StateName } from './state.ts';
import { screenTexts } from './text/catalogue.ts';

/** Programs read them. */
const ENGLISH = screenTexts('en');
const PREFIX = 'openclone:';
const MAX_LINE_LENGTH = 400;

/**
 * `openclone: state=NAME host=NAME …`: words without blanks, the last one may be a text in quotes. Empty when it would
 * say the same as `before`.
 */
export function statusLines(before: ConsoleState | null, state: ConsoleState): string[] {
  const line = stateLine(state);
  if (before !== null && stateLine(before) === line) return [];
  const name = stateNameOf(state);
  const isReady = name === 'idle' && (before === null || stateNameOf(before) !== 'idle');
  // One word to wait for: the host is on-line, approved, and has nothing to do.
  return isReady ? [line, `${PREFIX} ready`] : [line];
}

function stateLine(state: ConsoleState): string {
  const name = stateNameOf(state);
  const host = plainText(state.standing?.hostName ?? '').replaceAll(' ', '_');
  const words = [
    PREFIX,
    `state=${name}`,
    `host=${host === '' ? '-' : host}`,
    `server=${state.server === '' ? '-' : state.server}`,
    `build=${state.buildId ?? '-'}`,
    ...details(name, state),
  ];
  return plainText(words.join(' ')).slice(0, MAX_LINE_LENGTH);
}

function details(name: StateName, { activity, connection, standing }: ConsoleState): string[] {
  const quoted = (key: string, text: string): string => `${key}="${text.replaceAll('"', "'")}"`;
  if (name === 'half-written') return [quoted('disk', standing?.halfWritten?.disk ?? '')];
  if (name === 'connecting') {
    return connection.type === 'offline' && connection.problem !== null
      ? [quoted('problem', problemText(ENGLISH, connection.problem).what)]
      : [];
  }
  switch (activity.type) {
    case 'working':
      return [
        ...(activity.step === null ? [] : [`step=${activity.step.number}/${activity.step.count}`]),
        quoted(
          'doing',
          activity.step === null
            ? titleText(ENGLISH, activity.title)
            : render('en', activity.step.title),
        ),
      ];
    case 'done':
      return name === 'done' ? [quoted('did', titleText(ENGLISH, activity.title))] : [];
    case 'failed':
    case 'fatal':
      return name === activity.type ? [quoted('error', describeError(activity.error))] : [];
    case 'leaving':
      return [`mode=${activity.mode}`];
    case 'starting':
    case 'idle':
      return [];
  }
}
