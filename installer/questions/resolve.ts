/** Asks the questions in order and returns complete answers. */

import { Answers, type GivenAnswers } from '../answers.ts';
import type { Prompter } from '../terminal/prompter.ts';
import type { Question } from './question.ts';
import { QUESTIONS } from './table.ts';
import type { Environment } from '../facts/environment.ts';

/**
 * `given` counts as the default of its question; with nobody to ask (prompter null) it is the answer. `onAnswered` is
 * called with all answers so far after each of them.
 */
export async function resolveAnswers(
  environment: Environment,
  prompter: Prompter | null,
  given: GivenAnswers,
  onAnswered: (answers: GivenAnswers) => Promise<void> = () => Promise.resolve(),
): Promise<Answers> {
  let answers: GivenAnswers = {};
  let number = 0;
  for (const [index, question] of QUESTIONS.entries()) {
    const isAsked = (each: Question): boolean => each.isAsked(environment, given, answers);
    let asking = null;
    if (prompter !== null && isAsked(question)) {
      number += 1;
      const total = number + QUESTIONS.slice(index + 1).filter(isAsked).length;
      asking = numbered(prompter, `Question ${number} of ${total}`);
    }
    answers = await question.settle(environment, asking, given, answers);
    await onAnswered(answers);
  }
  return Answers.parse(answers);
}

/** With `heading` above the first text of the question. */
function numbered(prompter: Prompter, heading: string): Prompter {
  let above = `${heading}\n`;
  return {
    ...prompter,
    explain: (text) => {
      prompter.explain(`${above}${text}`);
      above = '';
    },
  };
}
