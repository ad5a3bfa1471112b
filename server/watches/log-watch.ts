/** Tells an operator's program what is added to the log; one that reads slowly gets it later, together. */

import type { LogEntry } from '../../lib/model/log-entry.ts';
import type { EventLog } from '../events/event-log.ts';

/** How often it is looked whether a slow program reads again. */
const LOOK_MS = 1000;

export type LogWatchOptions = {
  readonly events: Pick<EventLog, 'entries' | 'listen'>;
  /** Whether the program has not read what it was sent before. */
  readonly isBehind: () => boolean;
  readonly send: (entries: readonly LogEntry[]) => void;
};

/** Until the returned function is called. An entry can be sent twice: it takes its own place. */
export function watchLog({ events, isBehind, send }: LogWatchOptions): () => void {
  let retry: NodeJS.Timeout | null = null;
  const sendAll = (): void => {
    if (isBehind()) return;
    stopRetrying();
    send(events.entries);
  };
  const stopRetrying = (): void => {
    if (retry !== null) clearInterval(retry);
    retry = null;
  };
  const stopListening = events.listen((news) => {
    if (retry !== null) return;
    if (isBehind()) retry = setInterval(sendAll, LOOK_MS).unref();
    else send(news);
  });
  return () => {
    stopListening();
    stopRetrying();
  };
}
