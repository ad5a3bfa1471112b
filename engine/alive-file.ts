/** The file by which the first process sees that the engine works (netboot-rootfs/data/system/watchdog). */

import { openSync, writeSync } from 'node:fs';
import type { Connection } from './console/state.ts';

/** The watchdog looks every 10 s. */
const INTERVAL_MS = 4000;

export type AliveFile = {
  /** What is true from now on; written at once and with every beat. */
  readonly note: (connection: Connection) => void;
};

/**
 * Writes "WORD NUMBER" to `path` again and again, the number another one each time, for as long as this process does anything
 * at all. The file is opened once: later its path may lead nowhere. Throws the system's error.
 */
export function openAliveFile(path: string): AliveFile {
  const file = openSync(path, 'w');
  let word = 'offline';
  let beats = 0;
  const beat = (): void => {
    beats += 1;
    // As long as the longest text before: a reader sees one whole line.
    writeSync(file, `${word} ${beats}`.padEnd(30).concat('\n'), 0);
  };
  beat();
  setInterval(beat, INTERVAL_MS).unref();
  return {
    note: (connection) => {
      word = wordOf(connection);
      beat();
    },
  };
}

function wordOf(connection: Connection): 'online' | 'offline' | 'told' {
  if (connection.type === 'online') return 'online';
  const { problem } = connection;
  return problem?.type === 'error' && problem.isRefusal === true ? 'told' : 'offline';
}
