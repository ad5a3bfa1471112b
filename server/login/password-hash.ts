/** Hashes of operators' passwords by bcrypt. */

import { compare, hash } from 'bcrypt';
import { OperatorError } from '../../lib/errors.ts';
import { MAX_PASSWORD_BYTES, normalizedPassword, passwordFault } from '../../lib/rules/password.ts';

/** 2^12 rounds: about 0.2 s on the processors of 2020. */
export const BCRYPT_COST = 12;
/** A hash of less is too quick to guess; each login at more than 15 takes seconds of a processor. */
const LEAST_COST = 10;
const MOST_COST = 15;

/** The hash to be stored for operator `name`. Throws `bad-argument` for a password that cannot be one. */
export async function hashPassword(name: string, password: string): Promise<string> {
  const reason = passwordFault(name, password);
  if (reason !== null) {
    throw new OperatorError({
      code: 'bad-argument',
      message: `setting the password of ${name}: ${reason}`,
      hint: 'Choose another password.',
    });
  }
  return hash(normalizedPassword(password), BCRYPT_COST);
}

/** Of a password that nobody knows: comparing with it takes as long as with a real one. */
const NOBODYS_HASH = '$2b$12$pyyhUzue.2fdtHBP1Vwqi.Ht3PAHtEs0ZZRMmZUlfmTMO913vSeN6';

/** Whether `password` is that of `passwordHash`; of null, which no account has, as late as of others. */
export async function isPasswordOf(
  passwordHash: string | null,
  password: string,
): Promise<boolean> {
  const normal = normalizedPassword(password);
  const isRight = await compare(normal, passwordHash ?? NOBODYS_HASH);
  // bcrypt leaves out what is beyond.
  return isRight && passwordHash !== null && Buffer.byteLength(normal) <= MAX_PASSWORD_BYTES;
}

/**
 * The hash to be stored for one that another program made (htpasswd, mkpasswd, Python). $2a$ and $2b$ are the same for
 * passwords of up to 72 bytes; bcrypt(3) of npm verifies no $2y$. Throws `bad-argument` for what would verify no
 * password.
 */
export function checkPasswordHash(name: string, passwordHash: string): string {
  const parts = /^\$(2[a-z]?)\$(\d\d)\$([./A-Za-z0-9]{53})$/.exec(passwordHash);
  const [, variant, cost, rest] = parts ?? [];
  const refuse = (reason: string, hint: string): OperatorError =>
    new OperatorError({
      code: 'bad-argument',
      message: `taking a password hash for ${name}: ${reason}`,
      hint,
    });
  if (variant === undefined || rest === undefined) {
    throw refuse(
      'it is no bcrypt hash',
      'It begins with $2b$ and has 60 characters; mind what the shell makes of $ in double quotes.',
    );
  }
  if (variant !== '2a' && variant !== '2b') {
    throw refuse(
      `the variant $${variant}$ cannot be verified here`,
      'Make a hash that begins with $2b$ or $2a$ (htpasswd makes $2y$), or give the password itself.',
    );
  }
  const rounds = Number(cost);
  if (rounds < LEAST_COST || rounds > MOST_COST) {
    throw refuse(
      `its cost is ${rounds}, not ${LEAST_COST} to ${MOST_COST}`,
      `Make it with cost ${BCRYPT_COST}.`,
    );
  }
  return `$2b$${cost}$${rest}`;
}
