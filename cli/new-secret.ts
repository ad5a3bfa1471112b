/** What an operator's account gets: a password, or the hash of one, from wherever the options say. */

import { z } from 'zod';
import { OperatorError } from '../lib/errors.ts';
import { OperatorName } from '../lib/model/operator-account.ts';
import type { Context } from './command.ts';
import { FlagInput } from './input.ts';

export const SecretInput = z.object({
  name: OperatorName,
  passwordStdin: FlagInput,
  hashStdin: FlagInput,
});
export type SecretInput = z.infer<typeof SecretInput>;

/** The parameters of operator.add and operator.password. A password is never an argument: all users see those (ps). */
export async function withSecret(
  context: Context,
  { name, passwordStdin, hashStdin }: SecretInput,
): Promise<{ name: string; password: string } | { name: string; passwordHash: string }> {
  if (passwordStdin && hashStdin) {
    throw new OperatorError({
      code: 'bad-argument',
      message: `setting the password of ${name}: both --password-stdin and --hash-stdin are given`,
      hint: 'Give one of them.',
    });
  }
  if (hashStdin) return { name, passwordHash: await context.secretFromInput('the password hash') };
  if (passwordStdin) return { name, password: await context.secretFromInput('the password') };
  return { name, password: await context.askPassword(name) };
}
