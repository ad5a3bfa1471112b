/** A step of the installation. */

import type { Journal } from './changes/journal.ts';
import type { Plan } from './plan.ts';
import type { System } from './system.ts';

export type StepContext = {
  readonly system: System;
  readonly plan: Plan;
  readonly journal: Journal;
  /** The builds that hosts ran from before the first step: while the server starts anew they are not connected. */
  readonly buildsInUse: readonly string[];
  /** A remark for the operator. */
  readonly say: (text: string) => void;
  /** Runs a program that takes long and talks to the operator itself; answers its exit status. */
  readonly show: (tool: string, args: readonly string[]) => Promise<number>;
};

export type InstallStep = {
  /** kebab-case; names the step in messages. */
  readonly name: string;
  /** What is being done: "installing Debian packages". */
  readonly title: string;
  /** What it would do, for the plan, each line one thing; empty when there is nothing for it in this plan. */
  readonly describe: (plan: Plan) => readonly string[];
  /** Whether all of it is so already. */
  readonly check: (context: StepContext) => Promise<boolean>;
  /**
   * Makes it so. Every change is noted in the journal before it is made: that is what undoes the step, after a failure
   * as well as when OpenClone is uninstalled (changes/revert.ts).
   */
  readonly apply: (context: StepContext) => Promise<void>;
};
