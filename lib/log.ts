/** The structured log: one JSON object a line on standard output, which the journal keeps. */

import { quietJson } from './format.ts';
import { destination, pino, type Logger } from 'pino';

export type Log = Logger;
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** A log whose lines carry `event`, a fixed word per kind of event, beside the text for people. */
export function openLog(level: LogLevel): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { error: describeThrown },
      hooks: { streamWrite: quietJson },
    },
    destination({ dest: 1, sync: true }),
  );
}

/** An Error has no enumerable properties: as it is, JSON would say nothing of it. Anything else is left alone. */
function describeThrown(value: unknown): unknown {
  return value instanceof Error ? pino.stdSerializers.err(value) : value;
}
