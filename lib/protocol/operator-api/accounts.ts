/** Operators' calls about operators' accounts. */

import { z } from 'zod';
import { MAX_OPERATORS } from '../../model/limits.ts';
import { OperatorName, OperatorView } from '../../model/operator-account.ts';
import { changes, polls, type OperatorMethod } from './method.ts';
import { Nothing } from './references.ts';

/** An operator with the password to be, or with the bcrypt hash of it that another program made. */
const OperatorWithSecret = z.union([
  z.strictObject({ name: OperatorName, password: z.string().max(1024) }),
  z.strictObject({ name: OperatorName, passwordHash: z.string().max(128) }),
]);

const OldPassword = { oldPassword: z.string().max(1024).optional() };
const OperatorWithNewSecret = z.union([
  z.strictObject({ name: OperatorName, password: z.string().max(1024), ...OldPassword }),
  z.strictObject({ name: OperatorName, passwordHash: z.string().max(128), ...OldPassword }),
]);

export const ACCOUNT_METHODS = {
  'operator.list': polls(Nothing, z.array(OperatorView).max(MAX_OPERATORS)),
  'operator.add': changes(['operators'], OperatorWithSecret, OperatorView),
  /** Who is logged in and changes the own one says the old one too. */
  'operator.password': changes(['operators'], OperatorWithNewSecret, OperatorView),
  /** Gives an account another name; who is logged in says the password for the own one. */
  'operator.rename': changes(
    ['operators'],
    z.object({
      name: OperatorName,
      newName: OperatorName,
      password: z.string().max(1024).optional(),
    }),
    OperatorView,
  ),
  'operator.delete': changes(['operators'], z.object({ name: OperatorName }), Nothing),
} as const satisfies Record<string, OperatorMethod>;
