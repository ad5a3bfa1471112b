/** The hosts behind what an operator named, to be shown before something is done to them. */

import type { OperatorClient } from '../lib/client/operator-client.ts';
import { OperatorError } from '../lib/errors.ts';
import type { HostView } from '../lib/model/host.ts';

/** Hosts and the hosts of groups, each once. Throws `not-found`. What is really done the server decides. */
export async function findTargets(
  client: OperatorClient,
  targets: readonly string[],
): Promise<HostView[]> {
  const found = new Map<string, HostView>();
  for (const target of targets) {
    for (const host of await findTarget(client, target)) found.set(host.id, host);
  }
  return [...found.values()];
}

async function findTarget(client: OperatorClient, target: string): Promise<HostView[]> {
  try {
    return [await client.call('host.show', { host: target })];
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  try {
    // Longer than any group's name: only a host could be meant.
    if (target.length <= 64) return await client.call('host.list', { group: target });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  throw new OperatorError({
    code: 'not-found',
    message: `finding the target "${target}": there is no host and no group of that name`,
    hint: '`openclone host list` and `openclone group list` show what there is.',
  });
}

function isNotFound(error: unknown): boolean {
  return error instanceof OperatorError && error.code === 'not-found';
}
