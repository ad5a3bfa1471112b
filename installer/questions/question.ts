/** A question of the installer, and how its answer is settled. */

import type { Answers, GivenAnswers } from '../answers.ts';
import type { Environment } from '../facts/environment.ts';
import type { Prompter } from '../terminal/prompter.ts';

export type Question = {
  readonly key: keyof Answers;
  /** Whether a person is asked it, as far as the answers so far tell. */
  readonly isAsked: (
    environment: Environment,
    given: GivenAnswers,
    answers: GivenAnswers,
  ) => boolean;
  /**
   * `answers` with this one: what a person says, with what is given or else the proposal as default; with nobody there
   * (prompter null) the default itself.
   */
  readonly settle: (
    environment: Environment,
    prompter: Prompter | null,
    given: GivenAnswers,
    answers: GivenAnswers,
  ) => Promise<GivenAnswers>;
};

/**
 * `propose` may look at the answers before it. Without `ask` only a file of answers can say something else. A given
 * answer is the default of the question.
 */
export function defineQuestion<K extends keyof Answers>(definition: {
  readonly key: K;
  readonly propose: (
    environment: Environment,
    answers: GivenAnswers,
  ) => Promise<Answers[K]> | Answers[K];
  readonly ask?: (
    prompter: Prompter,
    proposal: Answers[K],
    environment: Environment,
    answers: GivenAnswers,
  ) => Promise<Answers[K]>;
  /** When there is nothing to ask: `known` are the answers so far, over those that were given. Always, by default. */
  readonly isAsked?: (environment: Environment, known: GivenAnswers) => boolean;
  /** Whether a given answer no longer fits an answer before it that has become another one. */
  readonly isStale?: (given: GivenAnswers, answers: GivenAnswers) => boolean;
}): Question {
  const { key, propose, ask, isAsked = () => true, isStale = () => false } = definition;
  return {
    key,
    isAsked: (environment, given, answers) => {
      const known = { ...given, ...(isStale(given, answers) ? { [key]: undefined } : {}) };
      return ask !== undefined && isAsked(environment, { ...known, ...answers });
    },
    settle: async (environment, prompter, given, answers) => {
      const known = isStale(given, answers) ? undefined : given[key];
      // null is an answer as well.
      const proposal = known === undefined ? await propose(environment, answers) : known;
      const value =
        prompter === null || ask === undefined
          ? proposal
          : await ask(prompter, proposal, environment, answers);
      return { ...answers, [key]: value };
    },
  };
}
