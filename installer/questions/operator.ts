/** The first operator's account. */

import type { z } from 'zod';
import { OperatorName } from '../../lib/model/operator-account.ts';
import { Password, type Answers } from '../answers.ts';
import type { Prompter } from '../prompter.ts';
import { defineQuestion } from './question.ts';

export const operator = defineQuestion({
  key: 'operator',
  propose: () => null,
  ask: async (prompter, proposal, { isUpdate }): Promise<Answers['operator']> => {
    if (isUpdate || proposal !== null) return proposal;
    prompter.explain(
      'The first operator: who may work with images and hosts. There is no default password; at most 72 bytes of it count.',
    );
    const name = await prompter.input({
      message: "Operator's name",
      proposal: 'operator',
      faultOf: (text) => faultOf(OperatorName, text),
    });
    return { name, secret: { type: 'password', password: await askPassword(prompter, name) } };
  },
});

/** Until it was typed the same twice. */
async function askPassword(prompter: Prompter, name: string): Promise<string> {
  for (;;) {
    const password = await prompter.password({
      message: `Password of ${name}`,
      faultOf: (text) => (text === name ? 'not the name itself' : faultOf(Password, text)),
    });
    const again = await prompter.password({ message: 'Once more', faultOf: () => null });
    if (again === password) return password;
    prompter.explain('These were two different passwords.');
  }
}

function faultOf(schema: z.ZodType<string>, text: string): string | null {
  const parsed = schema.safeParse(text);
  return parsed.success ? null : parsed.error.issues.map(({ message }) => message).join('; ');
}
