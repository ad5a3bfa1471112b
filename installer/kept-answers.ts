/** Answers that outlive a run: of the installed server, and of a run that did not come to its end. */

import { hash } from 'bcrypt';
import { isDeepStrictEqual } from 'node:util';
import { normalizedPassword } from '../lib/rules/password.ts';
import { KeptAnswers, type Answers, type GivenAnswers } from './answers.ts';
import type { Installation } from './facts/installation.ts';
import { answersFromSite } from './site-from-answers.ts';

/** As the server hashes (server/login/password-hash.ts). */
const BCRYPT_COST = 12;

/** Makes answers fit to be kept: of a password the hash, which is made once. */
export function answerKeeper(): (answers: GivenAnswers) => Promise<KeptAnswers> {
  const hashes = new Map<string, string>();
  return async ({ operator, ...rest }) => {
    if (operator === undefined || operator === null) {
      return operator === null ? { ...rest, operator } : rest;
    }
    const { name, secret } = operator;
    if (secret.type === 'hash') {
      return { ...rest, operator: { name, passwordHash: secret.hash } };
    }
    const passwordHash =
      hashes.get(secret.password) ?? (await hash(normalizedPassword(secret.password), BCRYPT_COST));
    hashes.set(secret.password, passwordHash);
    return { ...rest, operator: { name, passwordHash } };
  };
}

/**
 * What is kept of an installed server: not what is done once (the first operator) or changed by operators at any time
 * (automatic registration).
 */
export function answersOfInstalled(answers: Answers): KeptAnswers {
  return KeptAnswers.omit({ operator: true, automaticRegistration: true }).parse(answers);
}

/**
 * What is known before anything is asked: the installed server's answers, its site before the record, because people may
 * have changed that; over them those of a run that was broken off. Answers that nobody has said yes to yet
 * count for `isAsked` only, where a person sees them again.
 */
export function knownAnswers({ site, record }: Installation, isAsked: boolean): GivenAnswers {
  const begun = record?.begun;
  const goesOn = begun !== undefined && (begun.isAgreed || isAsked);
  return {
    ...(site === null ? {} : { ...given(record?.answers ?? {}), ...answersFromSite(site) }),
    ...(goesOn ? given(begun.answers) : {}),
    ...(isAsked ? given(begun?.draft ?? {}) : {}),
  };
}

/** `file` counts before `known`, and takes with it what was known only because of an answer that it changes. */
export function mergeAnswers(known: GivenAnswers, file: GivenAnswers): GivenAnswers {
  const { rootTransport } = file;
  const isOther = rootTransport !== undefined && rootTransport !== known.rootTransport;
  return { ...known, ...(isOther ? { nfsServer: undefined } : {}), ...file };
}

export function sameAnswers(one: KeptAnswers | undefined, other: KeptAnswers): boolean {
  return isDeepStrictEqual(one, other);
}

function given({ operator, ...rest }: KeptAnswers): GivenAnswers {
  if (operator === undefined || operator === null) {
    return operator === null ? { ...rest, operator } : rest;
  }
  const { name, passwordHash } = operator;
  return { ...rest, operator: { name, secret: { type: 'hash', hash: passwordHash } } };
}
