/** A log whose lines a test can read and wait for. */

import { pino } from 'pino';
import { z } from 'zod';
import type { Log } from '../../lib/log.ts';

const Line = z.looseObject({ event: z.string(), msg: z.string() });
export type LogLine = z.infer<typeof Line>;

export type CapturedLog = {
  readonly log: Log;
  readonly lines: LogLine[];
  /** The first line, past or future, that fits. */
  readonly line: (wanted: (line: LogLine) => boolean) => Promise<LogLine>;
};

export function captureLog(): CapturedLog {
  const lines: LogLine[] = [];
  const waiting: { wanted: (line: LogLine) => boolean; resolve: (line: LogLine) => void }[] = [];
  const write = (text: string): void => {
    const line = Line.parse(JSON.parse(text));
    lines.push(line);
    for (const { wanted, resolve } of waiting) if (wanted(line)) resolve(line);
  };
  const log = pino({ level: 'debug', serializers: { error: pino.stdSerializers.err } }, { write });
  return {
    log,
    lines,
    line: async (wanted) => {
      const found = lines.find(wanted);
      if (found !== undefined) return found;
      return new Promise((resolve) => waiting.push({ wanted, resolve }));
    },
  };
}
