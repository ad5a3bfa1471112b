/** The first operator's account. */

import type { z } from 'zod';
import { OperatorName } from '../../lib/model/operator-account.ts';
import { Password, type Answers } from '../answers.ts';
import type { Prompter } from '../terminal/prompter.ts';
import { defineQuestion } from './question.ts';

export const operator = defineQuestion({
  key: 'operator',
  propose: () => null,
  // null: a file of answers wants none.
  isAsked: ({ isUpdate }, { operator: known }) => !isUpdate && known !== null,
  ask: async (prompter, proposal): Promise<Answers['operator']> => {
    if (proposal !== null) {
      prompter.explain('The first operator was named already, with a password.');
      const message = `Is it to be ${proposal.name}, with that password?`;
      if (await prompter.confirm({ message, proposal: true })) return proposal;
    }
    prompter.explain(
      'The first operator: an account for who works with it over the network; on this server itself being in the group openclone is enough. There is no default password; at most 72 bytes of it count.',
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
