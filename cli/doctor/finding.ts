/** Finding: what a check says of one thing. It is data; `cli/print` says it in a language. */

import type { ErrorReport } from '../../lib/model/error-report.ts';
import type { Message } from '../../lib/model/message.ts';

/** A message, or what is the same in every language: a name, a path, a command to type. */
export type Words = string | Message;

export type Finding = {
  readonly type: 'ok' | 'warning' | 'failure' | 'skipped';
  /** "subnet main (eth0), UEFI"; empty when the check is about one thing only. */
  readonly about: Words;
  /** How it is. */
  readonly found: Message;
  /** What to do; null when there is nothing to be done. */
  readonly remedy: Words | null;
};

/** In place of findings: the check could not be done to its end. */
export type Unfinished = {
  /** Skipped where only a program was missing. */
  readonly type: 'failure' | 'skipped';
  readonly error: ErrorReport;
};

export function ok(about: Words, found: Message): Finding {
  return { type: 'ok', about, found, remedy: null };
}

export function warning(about: Words, found: Message, remedy: Words): Finding {
  return { type: 'warning', about, found, remedy };
}

export function failure(about: Words, found: Message, remedy: Words): Finding {
  return { type: 'failure', about, found, remedy };
}

/** What could not be looked at, and why; `remedy` says how it can be. */
export function skipped(about: Words, found: Message, remedy: Words | null = null): Finding {
  return { type: 'skipped', about, found, remedy };
}

/** Longer than what programs say in a line; of a file that is wrong everywhere the first faults are enough. */
const MOST_SAID = 2000;

/** The words of an error, for the parameter `said` of a message. */
export function saidBy(error: unknown): string {
  return cutSaid(error instanceof Error ? error.message : String(error));
}

export function cutSaid(text: string): string {
  return text.slice(0, MOST_SAID);
}
