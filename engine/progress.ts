/** How far a run is: bytes, rate and time left of the step under way and of the whole. */

import type { PlannedStep, Progress } from '../lib/model/step.ts';
import type { ProgressReport } from '../lib/protocol/engine-api.ts';
import type { Bytes } from '../lib/units.ts';

/** A rate is an average over about this time, so that it neither jumps nor lags. */
const RATE_WINDOW_MS = 5000;
/** A step whose bytes are not known weighs little: it is a matter of seconds at most. */
const SMALL_STEP_BYTES = 8_000_000;

type StepProgress = { doneBytes: Bytes; totalBytes: Bytes | null; fraction: number };

export class ProgressMeter {
  readonly #steps = new Map<string, StepProgress>();
  readonly #now: () => number;
  #current: string | null = null;
  #rate = 0;
  #lastAt: number;
  #lastDone = 0;

  /** `now` counts milliseconds and never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#lastAt = now();
  }

  plan(steps: readonly PlannedStep[]): void {
    this.#steps.clear();
    for (const { id, totalBytes } of steps) {
      this.#steps.set(id, { doneBytes: 0, totalBytes, fraction: 0 });
    }
  }

  begin(stepId: string): void {
    this.#current = stepId;
    // From one stream to the next the rate goes on; a step without bytes has none.
    if ((this.#steps.get(stepId)?.totalBytes ?? null) === null) this.#rate = 0;
    this.#lastAt = this.#now();
    this.#lastDone = 0;
  }

  /** The step under way has done `doneBytes`; `fraction` is for work whose bytes in total are not known. */
  update(doneBytes: Bytes, totalBytes: Bytes | null, fraction: number | null): void {
    const step = this.#current === null ? undefined : this.#steps.get(this.#current);
    if (step === undefined) return;
    step.doneBytes = doneBytes;
    step.totalBytes = totalBytes ?? step.totalBytes;
    step.fraction = clamp(
      fraction ?? (step.totalBytes === null ? 0 : doneBytes / Math.max(1, step.totalBytes)),
    );
    const now = this.#now();
    const elapsedMs = now - this.#lastAt;
    if (elapsedMs < 200) return;
    const rateNow = ((doneBytes - this.#lastDone) / elapsedMs) * 1000;
    const weight = this.#rate === 0 ? 1 : 1 - Math.exp(-elapsedMs / RATE_WINDOW_MS);
    this.#rate += (Math.max(0, rateNow) - this.#rate) * weight;
    this.#lastAt = now;
    this.#lastDone = doneBytes;
  }

  end(stepId: string): void {
    const step = this.#steps.get(stepId);
    if (step !== undefined) step.fraction = 1;
    if (this.#current === stepId) this.#current = null;
  }

  /** Bytes that the step has moved. */
  doneBytesOf(stepId: string): Bytes {
    return this.#steps.get(stepId)?.doneBytes ?? 0;
  }

  report(): ProgressReport {
    const step = this.#current === null ? undefined : this.#steps.get(this.#current);
    return {
      stepId: this.#current,
      step: step === undefined ? null : this.#progressOf(step),
      total: this.#total(),
    };
  }

  #progressOf({ doneBytes, totalBytes, fraction }: StepProgress): Progress {
    const left = totalBytes === null ? null : Math.max(0, totalBytes * (1 - fraction));
    return {
      doneBytes: Math.round(doneBytes),
      totalBytes: totalBytes === null ? null : Math.round(totalBytes),
      fraction,
      bytesPerSecond: this.#rate,
      remainingMs: left === null || this.#rate < 1 ? null : (left / this.#rate) * 1000,
    };
  }

  #total(): Progress {
    let done = 0;
    let total = 0;
    for (const { totalBytes, fraction } of this.#steps.values()) {
      const weight = totalBytes ?? SMALL_STEP_BYTES;
      total += weight;
      done += weight * fraction;
    }
    return this.#progressOf({
      doneBytes: done,
      totalBytes: total,
      fraction: total === 0 ? 0 : clamp(done / total),
    });
  }
}

function clamp(fraction: number): number {
  return Math.min(1, Math.max(0, fraction));
}
