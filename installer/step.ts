/** A step of the installation. */

import type { Change } from './changes/table.ts';
import type { Journal } from './changes/journal.ts';
import type { Plan } from './plan.ts';
import type { System } from './machine/system.ts';

export type StepContext = {
  readonly system: System;
  readonly plan: Plan;
  readonly journal: Journal;
  /** The builds that hosts ran from before the first step: while the server restarts they are not connected. */
  readonly buildsInUse: readonly string[];
  /** A remark for the operator. */
  readonly say: (text: string) => void;
  /** Runs a program that takes long and talks to the operator itself; returns its exit status. */
  readonly show: (tool: string, args: readonly string[]) => Promise<number>;
};

/** What taking a run back leaves besides its changes. */
export type RollBackRest = {
  /** Services of ours that have to start again although no change of the run started them. */
  readonly restart: readonly string[];
  /** Services of ours that stay stopped. */
  readonly leaveStopped: readonly string[];
  /** What could not be put back, and what a person can do about it. */
  readonly exception: { readonly what: string; readonly remedy: string } | null;
};

/** Called when the changes of a run were taken back, with those that are undone. Never throws. */
export type AfterRollBack = (undone: readonly Change[]) => Promise<RollBackRest>;

export type InstallStep = {
  /** kebab-case; names the step in messages. */
  readonly name: string;
  /** What is being done: "installing Debian packages". */
  readonly title: string;
  /** What it would do, for the plan, each line one thing; empty when there is nothing for it in this plan. */
  readonly describe: (plan: Plan) => readonly string[];
  /** Whether its work makes a running server start again. */
  readonly restartsServer?: true;
  /** The service of ours that it starts: after a rollback it goes on with the files that it had before. */
  readonly service?: string;
  /** Called before the first step of a run, for what the changes of this step do not bring back. */
  readonly prepareRollBack?: (context: StepContext) => Promise<AfterRollBack>;
  /** Whether all of it is so already. */
  readonly check: (context: StepContext) => Promise<boolean>;
  /**
   * Makes it so. Every change is noted in the journal before it is made: that is what undoes the step, after a failure
   * as well as when OpenClone is uninstalled (changes/).
   */
  readonly apply: (context: StepContext) => Promise<void>;
};
