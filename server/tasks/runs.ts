/** The runs in the store: finding them, and the one way to change them. */

import { original } from 'immer';
import type { HostId, RunId } from '../../lib/model/ids.ts';
import type { Run, Task } from '../../lib/model/task.ts';
import type { WorkItem } from './work-item.ts';
import { findRun } from '../lookup.ts';
import type { Store } from '../store/store.ts';
import type { Effects } from './effects.ts';
import { updateIncompleteDisks } from './incomplete-disks.ts';
import { resumableRuns } from '../../lib/rules/run-resumption.ts';
import { transition } from './transitions.ts';
import type { Transition, WorkEvent } from './work-event.ts';

export class Runs {
  readonly #store: Store;
  readonly #effects: Effects;
  readonly #clock: () => number;

  /** `clock`: milliseconds since 1970. */
  constructor(store: Store, effects: Effects, clock: () => number) {
    this.#store = store;
    this.#effects = effects;
    this.#clock = clock;
  }

  now(): number {
    return this.#clock();
  }

  find(runId: RunId): WorkItem | undefined {
    return findRun(this.#store.read().tasks, runId);
  }

  /** Oldest task first. */
  filter(isWanted: (run: Run, task: Task) => boolean): WorkItem[] {
    return this.#store
      .read()
      .tasks.flatMap((task) =>
        task.runs.filter((run) => isWanted(run, task)).map((run) => ({ task, run })),
      );
  }

  /** Those of a host that somebody is at. */
  runningOn(hostId: HostId): WorkItem[] {
    return this.filter((run) => run.hostId === hostId && run.state === 'running');
  }

  /** The runs that go on by themselves when their hosts come back. */
  resumable(): ReadonlySet<RunId> {
    return resumableRuns(this.#store.read().tasks, this.now());
  }

  /**
   * Makes the transition, waits until it is durable, and does what follows from it. Returns the run as it is
   * afterwards; undefined when there is no such run. Throws what the store throws.
   */
  async apply(runId: RunId, event: WorkEvent): Promise<Run | undefined> {
    const made = await this.#store.change((data): Transition | undefined => {
      const found = findRun(data.tasks, runId);
      if (found === undefined) return undefined;
      // Nothing of them has been changed in this draft yet: the records that they stand for.
      const task = original(found.task);
      const item = { task, run: original(found.run) };
      const { run, effects } = transition(item, event, this.now());
      if (run === item.run) return { run, effects };
      const { runs } = found.task;
      runs[runs.findIndex(({ id }) => id === runId)] = run;
      const isNews = run.state !== item.run.state || run.diskOutcome !== item.run.diskOutcome;
      const host = isNews ? data.hosts.find(({ id }) => id === run.hostId) : undefined;
      if (host !== undefined) updateIncompleteDisks(host, run, item.task.operations);
      return { run, effects };
    });
    if (made === undefined) return undefined;
    await this.#effects.perform(made.run, made.effects);
    return made.run;
  }

  /** Does what follows from an event that changes nothing in the store. */
  async tell(runId: RunId, event: WorkEvent): Promise<void> {
    const item = this.find(runId);
    if (item === undefined) return;
    const { effects } = transition(item, event, this.now());
    await this.#effects.perform(item.run, effects);
  }
}
