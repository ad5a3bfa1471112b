/** What the lab says while it works: steps with times, and its last line. */

import type { Writable } from 'node:stream';
import { describeError, toReport } from '../../lib/errors.ts';
import { formatDuration, printable } from '../../lib/format.ts';

export type StepTime = { readonly title: string; readonly elapsedMs: number };

/** The outcome for one host's disk. */
export type HostOutcome = {
  readonly host: string;
  readonly verified: boolean;
  /** The first differences, for people. */
  readonly differences: readonly string[];
  readonly differenceCount: number;
};

export type LabOutcome = {
  readonly ok: boolean;
  /** Why not; null on success. */
  readonly reason: string | null;
  /** Where the logs of a failed run are. */
  readonly logDirectory: string | null;
  readonly keptIn: string | null;
  readonly hosts: readonly HostOutcome[];
  readonly steps: readonly StepTime[];
  /** What was not compared, or is otherwise worth knowing. */
  readonly notes: readonly string[];
  /** Size of the image in the store, and what left the server's interface during the deployment. */
  readonly imageBytes: number | null;
  readonly sentBytes: number | null;
  readonly elapsedMs: number;
};

export class Report {
  readonly #output: Writable;
  readonly #startedAt = performance.now();
  readonly #steps: StepTime[] = [];

  constructor(output: Writable) {
    this.#output = output;
  }

  get steps(): readonly StepTime[] {
    return this.#steps;
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  /** Announces a step, does it, says how long it took and what `describe` makes of its result. */
  async step<T>(
    title: string,
    work: () => Promise<T>,
    describe?: (result: T) => string,
  ): Promise<T> {
    this.#line(`→ ${title}`);
    const startedAt = performance.now();
    const result = await work();
    const elapsedMs = performance.now() - startedAt;
    this.#steps.push({ title, elapsedMs: Math.round(elapsedMs) });
    const detail = describe?.(result) ?? '';
    this.#line(`  done in ${seconds(elapsedMs)}${detail === '' ? '' : `: ${detail}`}`);
    return result;
  }

  /** A line as it is. */
  say(text: string): void {
    this.#line(text);
  }

  note(text: string): void {
    this.#line(`  ${text}`);
  }

  /** What another program prints, as it comes: line by line, indented. */
  passOn = (text: string): void => {
    for (const line of text.split(/[\r\n]+/)) {
      if (line.trim() !== '') this.#line(`  | ${printable(line)}`);
    }
  };

  end(outcome: LabOutcome): void {
    const good = outcome.hosts.filter(({ verified }) => verified).length;
    const lines = outcome.hosts.flatMap(({ host, differences, differenceCount }) => [
      ...differences.map((difference) => `${host}: ${difference}`),
      ...(differenceCount > differences.length
        ? [`${host}: and ${differenceCount - differences.length} more differences`]
        : []),
    ]);
    for (const line of lines) this.#line(printable(line));
    if (outcome.keptIn !== null) this.#line(`Disks and image are in ${outcome.keptIn}`);
    if (!outcome.ok) {
      this.#line(
        `FAILED after ${formatDuration(outcome.elapsedMs)}: ${outcome.reason ?? 'unknown'}`,
      );
      if (outcome.logDirectory !== null) this.#line(`The logs are in ${outcome.logDirectory}`);
      return;
    }
    this.#line(`All done in ${formatDuration(outcome.elapsedMs)}`);
    this.#line(`${good} of ${outcome.hosts.length} hosts verified`);
  }

  #line(text: string): void {
    this.#output.write(`${text}\n`);
  }
}

/** Message and causes of whatever was thrown; what several failures were, one after the other. */
export function explain(error: unknown): string {
  if (error instanceof AggregateError) {
    return `${error.message}: ${error.errors.map(explain).join('; ')}`;
  }
  return describeError(toReport(error));
}

function seconds(elapsedMs: number): string {
  return `${(elapsedMs / 1000).toFixed(1)} s`;
}
