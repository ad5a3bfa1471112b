/** From questions to complete answers. */

import { Answers, type GivenAnswers } from '../answers.ts';
import type { Prompter } from '../prompter.ts';
import type { Surroundings } from './question.ts';
import { QUESTIONS } from './table.ts';

/**
 * `given` counts as the default of its question; with nobody to ask (prompter null) it is the answer. `onAnswered` hears of
 * all answers so far after each of them.
 */
export async function settleAnswers(
  surroundings: Surroundings,
  prompter: Prompter | null,
  given: GivenAnswers,
  onAnswered: (answers: GivenAnswers) => Promise<void> = () => Promise.resolve(),
): Promise<Answers> {
  let answers: GivenAnswers = {};
  for (const question of QUESTIONS) {
    answers = await question.settle(surroundings, prompter, given, answers);
    await onAnswered(answers);
  }
  return Answers.parse(answers);
}
