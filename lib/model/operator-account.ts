/** People who may work with OpenClone. */

import { z } from 'zod';
import { Timestamp } from './names.ts';

/** A user name as Linux allows it: lower-case letters, digits, dash, underscore; 32 at most. */
export const OperatorName = z
  .string()
  .regex(
    /^[a-z_][a-z0-9_-]{0,31}$/,
    'lower-case letters, digits, - and _; at most 32; a letter first',
  );

export const OperatorAccount = z.object({
  name: OperatorName,
  /** bcrypt (crypt(5), prefix $2b$): never the password. */
  passwordHash: z.string().regex(/^\$2b\$\d\d\$[./A-Za-z0-9]{53}$/),
  createdAt: Timestamp,
});
export type OperatorAccount = z.infer<typeof OperatorAccount>;

/** An operator as everybody may see them: their name, never a hash. */
export const OperatorView = OperatorAccount.pick({ name: true, createdAt: true });
export type OperatorView = z.infer<typeof OperatorView>;
