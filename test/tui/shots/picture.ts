/** One screen of the real program as text: which keys lead to it, and how it is read. */

import { setImmediate as turn } from 'node:timers/promises';
import type { Language } from '../../../lib/model/language.ts';
import type { SmallServer } from '../../cli/small-server.ts';
import type { Driver } from '../driver.ts';
import { inRoom, type RoomHandlers } from '../in-room.ts';
import { sampleRoom } from '../sample-room.ts';

/** A key by its name, or text that is typed; or what has to be seen before it goes on. */
export type Move = string | RegExp;

export type Shot = {
  /** Also the name of the file. */
  readonly name: string;
  /** What it shows, for the list of all of them. */
  readonly title: string;
  /** From the overview on. */
  readonly moves: readonly Move[];
  readonly columns?: number;
  readonly rows?: number;
  readonly language?: Language;
  readonly unicode?: boolean;
  /** How far the transmission is; null: nothing runs. */
  readonly share?: number | null;
  readonly handlers?: RoomHandlers;
  /** What happens at the end. */
  readonly event?: (driver: Driver, server: SmallServer) => Promise<void>;
};

/** The time of every picture. */
export const SHOT_TIME = Date.parse('2026-11-21T08:10:00.000Z');
/** What the chart of the data rate has seen before. */
const SECONDS_BEFORE = 60;

/** The lines of the screen, without what is empty at their ends. */
export async function take(shot: Shot): Promise<string[]> {
  let lines: string[] = [];
  const { share = 0.4, moves, event, ...options } = shot;
  await inRoom(
    async (driver, server) => {
      if (share !== null) letTimePass(driver, share);
      for (const move of moves) {
        if (typeof move === 'string') driver.press(move);
        else await driver.waitFor(move);
      }
      await event?.(driver, server);
      lines = await settled(driver);
    },
    { ...options, share, clock: () => SHOT_TIME, ...(shot.unicode === false ? PLAIN : {}) },
  );
  return lines;
}

const PLAIN = { unicode: false, colours: 0, terminal: 'vt100' };

/** The seconds before the picture, as the server would have told them. */
function letTimePass({ app }: Driver, share: number): void {
  const { status } = app.state.model;
  // Neither a straight line nor chance.
  const steps = Array.from(
    { length: SECONDS_BEFORE },
    (_, second) => 0.001 * (1 + 0.25 * Math.sin(second / 4) + 0.1 * Math.sin(second * 1.7)),
  );
  for (let second = SECONDS_BEFORE; second >= 0; second -= 1) {
    const now = SHOT_TIME - second * 1000;
    const missing = steps.slice(0, second).reduce((sum, step) => sum + step, 0);
    const before = sampleRoom(Math.max(0, share - missing));
    if (status !== null) app.put({ type: 'status', status: before.status, now });
    app.put({ type: 'tick', now });
  }
}

/** When nothing is asked for any more and what was painted stays as it is. */
async function settled(driver: Driver): Promise<string[]> {
  let lines = await driver.lines();
  for (let same = 0; same < 10;) {
    await turn();
    const next = await driver.lines();
    const isSame = next.join('\n') === lines.join('\n');
    same = isSame && driver.app.state.model.pending.length === 0 ? same + 1 : 0;
    lines = next;
  }
  return lines.map((line) => line.trimEnd());
}
