/** The host's screen as a pure function of what is known: 80 columns, 25 rows, in the letters of screenText. */

import { screenOf, SCREEN_LINES, type Colour } from './screens.ts';
import { largeText } from './font.ts';
import { screenText } from './plain-text.ts';
import type { ConsoleState } from './state.ts';
import { screenTexts, type ScreenTexts } from './text/catalogue.ts';

export const COLUMNS = 80;
export const ROWS = 25;

export type Row = {
  /** Exactly COLUMNS letters of one cell each. */
  readonly text: string;
  /** bar: inverse over the whole width. large: "#" stands for a lit point. */
  readonly style: 'plain' | 'bold' | 'bar' | 'large';
  readonly colour: Colour;
};

/** `now` is in milliseconds since 1970. */
export function drawScreen(state: ConsoleState, now: number): Row[] {
  const texts = screenTexts(state.language);
  const screen = screenOf(state, now);
  const { colour } = screen;
  const body = screen.body.slice(0, SCREEN_LINES);
  const rows: Row[] = [
    row(title(state), 'bar', colour),
    row(''),
    ...largeText(screen.word, COLUMNS - 4).map((line) => row(`  ${line}`, 'large', colour)),
    row(''),
    row(`  ${screen.headline}`, 'bold', colour),
    ...Array.from({ length: SCREEN_LINES }, (_, index) => row(`  ${body[index] ?? ''}`)),
    row(''),
    ...factsOf(texts, state).map((line) => row(`  ${line}`)),
    connectionRow(texts, state),
  ];
  return rows.slice(0, ROWS);
}

function title({ programVersion, standing, mac }: ConsoleState): string {
  const left = ` OpenClone ${programVersion}`;
  const right = `${screenText(standing?.hostName ?? mac ?? '').slice(0, 50)} `;
  return `${left}${' '.repeat(Math.max(1, COLUMNS - left.length - right.length))}${right}`;
}

function factsOf(
  { screen }: ScreenTexts,
  { standing, mac, addresses, server, buildId }: ConsoleState,
): string[] {
  const { facts } = screen;
  const width = Math.max(facts.host.length, facts.address.length, facts.server.length) + 2;
  const fact = (name: string, value: string): string => `${name.padEnd(width)}${screenText(value)}`;
  const shown = addresses.length === 0 ? screen.noAddress : addresses.join('  ');
  const system = `${facts.system} ${screenText(buildId ?? screen.startedByHand)}`;
  return [
    fact(facts.host, standing?.hostName ?? screen.unknownHost),
    fact(facts.address, shown),
    fact(facts.server, server),
    `${fact(facts.mac, mac ?? screen.unknownMac).padEnd(width + 17)}   ${system}`,
  ];
}

/** The connection is always on the screen, for work goes on without it. */
function connectionRow({ screen }: ScreenTexts, { connection, activity }: ConsoleState): Row {
  if (activity.type === 'fatal' || activity.type === 'starting') return row('');
  return connection.type === 'online'
    ? row(`  ${screen.connected}`, 'plain', 'green')
    : row(`  ${screen.notConnected}`, 'bold', 'yellow');
}

function row(text: string, style: Row['style'] = 'plain', colour: Colour = 'white'): Row {
  return { text: text.slice(0, COLUMNS).padEnd(COLUMNS), style, colour };
}
