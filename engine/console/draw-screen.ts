/** The host's screen as a pure function of what is known: 80 columns, 25 rows, ASCII. */

import { faceOf, FACE_LINES, type Colour } from './faces.ts';
import { largeText } from './font.ts';
import { plainText } from './plain-text.ts';
import type { ConsoleState } from './state.ts';

export const COLUMNS = 80;
export const ROWS = 25;

export type Row = {
  /** Exactly COLUMNS characters of printable ASCII. */
  readonly text: string;
  /** bar: inverse over the whole width. large: "#" stands for a lit point. */
  readonly style: 'plain' | 'bold' | 'bar' | 'large';
  readonly colour: Colour;
};

/** `now` is in milliseconds since 1970. */
export function drawScreen(state: ConsoleState, now: number): Row[] {
  const face = faceOf(state, now);
  const { colour } = face;
  const body = face.body.slice(0, FACE_LINES);
  const rows: Row[] = [
    row(title(state), 'bar', colour),
    row(''),
    ...largeText(face.word, COLUMNS - 4).map((line) => row(`  ${line}`, 'large', colour)),
    row(''),
    row(`  ${face.headline}`, 'bold', colour),
    ...Array.from({ length: FACE_LINES }, (_, index) => row(`  ${body[index] ?? ''}`)),
    row(''),
    ...factsOf(state).map((line) => row(`  ${line}`)),
    connectionRow(state),
  ];
  return rows.slice(0, ROWS);
}

function title({ programVersion, standing, mac }: ConsoleState): string {
  const left = ` OpenClone ${programVersion}`;
  const right = `${plainText(standing?.hostName ?? mac ?? '').slice(0, 50)} `;
  return `${left}${' '.repeat(Math.max(1, COLUMNS - left.length - right.length))}${right}`;
}

function factsOf({ standing, mac, addresses, server, buildId }: ConsoleState): string[] {
  const shown = addresses.length === 0 ? 'none yet' : addresses.join('  ');
  return [
    `Host     ${plainText(standing?.hostName ?? 'not known to the server yet')}`,
    `Address  ${plainText(shown)}`,
    `Server   ${plainText(server)}`,
    `MAC      ${plainText(mac ?? 'unknown').padEnd(17)}   System ${plainText(buildId ?? 'started by hand')}`,
  ];
}

/** The connection is always on the screen, for work goes on without it. */
function connectionRow({ connection, activity }: ConsoleState): Row {
  if (activity.type === 'fatal' || activity.type === 'starting') return row('');
  return connection.type === 'online'
    ? row('  Connected to the server', 'plain', 'green')
    : row('  NOT CONNECTED to the server', 'bold', 'yellow');
}

function row(text: string, style: Row['style'] = 'plain', colour: Colour = 'white'): Row {
  return { text: text.slice(0, COLUMNS).padEnd(COLUMNS), style, colour };
}
