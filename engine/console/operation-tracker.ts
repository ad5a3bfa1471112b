/** Follows one operation for the screen: which step runs, how far it is, what was warned of, how it ended. */

import type { Message } from '../../lib/model/message.ts';
import { verbatim } from '../../lib/model/messages/table.ts';
import type { ProgressReport, RunEvent } from '../../lib/protocol/engine-api.ts';
import type { Activity, WorkTitle } from './state.ts';

const PROGRESS_INTERVAL_MS = 1000;
const MAX_WARNINGS = 10;

type Working = Extract<Activity, { type: 'working' }>;
type StepNames = readonly { readonly id: string; readonly title: Message }[];

export class OperationTracker {
  readonly #title: WorkTitle;
  readonly #progress: () => ProgressReport;
  readonly #show: (activity: Activity) => void;
  readonly #timer: NodeJS.Timeout;
  #steps: StepNames = [];
  #working: Working;

  /** Shows at once that work has begun. */
  constructor(options: {
    readonly title: WorkTitle;
    readonly progress: () => ProgressReport;
    readonly show: (activity: Activity) => void;
  }) {
    this.#title = options.title;
    this.#progress = options.progress;
    this.#show = options.show;
    this.#working = {
      type: 'working',
      title: options.title,
      startedAt: Date.now(),
      step: null,
      progress: null,
      warnings: [],
    };
    this.#show(this.#working);
    this.#timer = setInterval(() => this.#change({}), PROGRESS_INTERVAL_MS);
    this.#timer.unref();
  }

  note(event: RunEvent): void {
    if (event.type === 'plan') this.#steps = event.steps;
    if (event.type === 'step-started') {
      const index = this.#steps.findIndex(({ id }) => id === event.stepId);
      const title = this.#steps[index]?.title ?? verbatim(event.stepId);
      this.#change({ step: { title, number: index + 1, count: this.#steps.length } });
    }
    if (event.type === 'step-ended' && event.state === 'warned') {
      const said = event.notes.length === 0 ? [verbatim(event.stepId)] : event.notes;
      const warnings = [...this.#working.warnings, ...said];
      this.#change({ warnings: warnings.slice(-MAX_WARNINGS) });
    }
  }

  /** The operation is over. Its end stays on the screen until something else happens. */
  end({ outcome, error }: Extract<RunEvent, { type: 'operation-ended' }>): void {
    clearInterval(this.#timer);
    const { warnings } = this.#working;
    const title = this.#title;
    const at = Date.now();
    if (outcome === 'completed' || outcome === 'warned' || error === null) {
      this.#show({ type: 'done', title, at, warnings });
    } else {
      this.#show({ type: 'failed', title, at, error });
    }
  }

  #change(change: Partial<Working>): void {
    // Before there is a plan, there is nothing to be measured.
    const progress = this.#steps.length === 0 ? null : this.#progress();
    this.#working = { ...this.#working, progress, ...change };
    this.#show(this.#working);
  }
}
