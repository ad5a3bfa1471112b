/** Operators' calls about operators' accounts. A hash never leaves the server. */

import { OperatorError } from '../../lib/errors.ts';
import { refusalFor } from '../../lib/rules/capability.ts';
import type { LogEvent } from '../../lib/model/log-entry.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { OperatorAccount } from '../../lib/model/operator-account.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import type { OperatorView } from '../../lib/model/operator-account.ts';
import type { ACCOUNT_METHODS } from '../../lib/protocol/operator-api/accounts.ts';
import { refuseIf } from '../lookup.ts';
import type { Identity } from '../login/identity.ts';
import { checkPasswordHash, hashPassword } from '../login/password-hash.ts';
import type { Caller } from './caller.ts';
import type { ApiContext } from './context.ts';

type OperatorChange = Extract<LogEvent, { type: 'operator-changed' }>['change'];

/** What a call brings: the password, or its hash. */
type Secret = { readonly password: string } | { readonly passwordHash: string };

export function accountHandlers({
  store,
  logins,
  log,
}: Pick<ApiContext, 'store' | 'logins' | 'log'>): Handlers<typeof ACCOUNT_METHODS, [Caller]> {
  const note = (change: OperatorChange, name: string, by: string): void =>
    log.info({ event: `operator-${change}`, name, by }, 'operators changed');
  return {
    'operator.list': async () => {
      const { operators } = store.read();
      return Promise.resolve(
        operators
          .toSorted((one, other) => (one.name < other.name ? -1 : 1))
          .map((account) => viewOperator(account)),
      );
    },
    'operator.add': async ({ name, ...secret }, { store: own, identity }) => {
      // Before the work of hashing, too.
      refuseTaken(store.read().operators, name);
      const passwordHash = await hashOf(name, secret);
      const added = await own.change((data) => {
        refuseTaken(data.operators, name);
        const account = { name, passwordHash, createdAt: new Date().toISOString() };
        data.operators.push(account);
        return account;
      });
      note('added', name, identity.name);
      return viewOperator(added);
    },
    'operator.password': async ({ name, oldPassword, ...secret }, { store: own, identity }) => {
      findAccount(store.read().operators, name);
      await proveOwn(identity, name, oldPassword);
      const passwordHash = await hashOf(name, secret);
      const changed = await own.change((data) => {
        const account = findAccount(data.operators, name);
        account.passwordHash = passwordHash;
        return account;
      });
      note('password', name, identity.name);
      logins.registry.endAllOf(name, identity.login, message('login.password-changed'));
      return viewOperator(changed);
    },
    'operator.rename': async ({ name, newName, password }, { store: own, identity }) => {
      findAccount(store.read().operators, name);
      await proveOwn(identity, name, password);
      const renamed = await own.change((data) => {
        const account = findAccount(data.operators, name);
        if (newName !== name) refuseTaken(data.operators, newName);
        account.name = newName;
        return account;
      });
      note('renamed', newName, identity.name);
      logins.registry.renamed(name, newName);
      return viewOperator(renamed);
    },
    'operator.delete': async ({ name }, { store: own, identity }) => {
      await own.change((data) => {
        findAccount(data.operators, name);
        refuseIf(
          refusalFor('operator.delete', { operators: data.operators.length }),
          `deleting the operator ${name}`,
        );
        data.operators = data.operators.filter((account) => account.name !== name);
      });
      note('deleted', name, identity.name);
      // The answer goes out first: it may be the own account.
      setImmediate(() => logins.registry.endAllOf(name, null, message('login.account-deleted')));
      return {};
    },
  };
}

/** A stranger at an operator's open screen must not be able to take the account over. */
async function proveOwn(
  identity: Identity,
  name: string,
  password: string | undefined,
): Promise<void> {
  if (identity.login?.operator !== name) return;
  const doing = `changing the account ${name}`;
  if (password !== undefined) return identity.prove(name, password, doing);
  throw new OperatorError({
    code: 'unauthorized',
    message: `${doing}: it is yours, and the password that it has now is missing`,
    hint: 'Say the old password too.',
  });
}

async function hashOf(name: string, secret: Secret): Promise<string> {
  return 'password' in secret
    ? hashPassword(name, secret.password)
    : checkPasswordHash(name, secret.passwordHash);
}

function viewOperator({ name, createdAt }: OperatorAccount): OperatorView {
  return { name, createdAt };
}

/** Throws `not-found`. */
function findAccount(accounts: readonly OperatorAccount[], name: string): OperatorAccount {
  const found = accounts.find((account) => account.name === name);
  if (found !== undefined) return found;
  throw new OperatorError({
    code: 'not-found',
    message: `finding the operator "${name}": there is none`,
    hint: '`openclone operator list` shows the operators.',
  });
}

function refuseTaken(accounts: readonly OperatorAccount[], name: string): void {
  if (!accounts.some((account) => account.name === name)) return;
  throw new OperatorError({
    code: 'name-taken',
    message: `naming an operator "${name}": there is one already`,
    hint: 'Choose another name, or give this one a new password: openclone operator password.',
  });
}
