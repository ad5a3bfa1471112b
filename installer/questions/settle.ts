/** From questions to complete answers. */

import { Answers, type GivenAnswers } from '../answers.ts';
import type { Prompter } from '../prompter.ts';
import type { Surroundings } from './question.ts';
import { QUESTIONS } from './table.ts';

/** `given` counts as the default of its question; with nobody to ask (prompter null) it is the answer. */
export async function settleAnswers(
  surroundings: Surroundings,
  prompter: Prompter | null,
  given: GivenAnswers,
): Promise<Answers> {
  let answers: GivenAnswers = {};
  for (const question of QUESTIONS) {
    answers = await question.settle(surroundings, prompter, given, answers);
  }
  return Answers.parse(answers);
}
