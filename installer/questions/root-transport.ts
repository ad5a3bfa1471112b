/** The questions how hosts get their root file system, and which NFS server exports it. */

import { portObstacles, rpcbindObstacles } from '../preflight/ports.ts';
import { defineQuestion } from './question.ts';
import type { Environment } from '../facts/environment.ts';

export const rootTransport = defineQuestion({
  key: 'rootTransport',
  propose: (environment) => (nfsHindrance(environment) === null ? 'nfs' : 'ram'),
  // With one way left there is nothing to choose. That another NFS server of this machine exports is promised in a file of answers.
  isAsked: (environment, { nfsServer: server, rootTransport: known }) =>
    nfsHindrance(environment) === null ||
    known === 'nfs' ||
    (known === undefined && server === 'none'),
  ask: (prompter, proposal, environment) => {
    const hindrance = nfsHindrance(environment);
    prompter.explain(
      `While a host is cloned it runs a small system from this server.${hindrance === null ? '' : `\n${hindrance}.`}`,
    );
    return prompter.select({
      message: 'Root file system of the hosts',
      proposal,
      choices: [
        {
          value: 'nfs',
          name: 'by NFS, read while it runs',
          description: 'Hosts with 512 MB will do. They need this server all the time.',
        },
        {
          value: 'ram',
          name: 'by HTTP, kept in memory',
          description: 'Hosts need 1 GB, and survive a restart of this server.',
        },
      ],
    });
  },
});

/** Why the kernel of this machine cannot serve NFS; null when it can. */
export function nfsHindrance({ canServeNfs, portHolders, interfaces }: Environment): string | null {
  if (!canServeNfs) return 'This kernel has no NFS server (nfsd)';
  const nfs = { protocol: 'tcp', port: 2049, purpose: 'root file system by NFS' } as const;
  const at = interfaces.map(({ name }) => ({ interfaceName: name, serverAddress: '' }));
  const [first] = [...portObstacles(at, [nfs], portHolders), ...rpcbindObstacles(portHolders)];
  return first?.message ?? null;
}

/** Asked by nobody: a file of answers says so where another NFS server exports the directory. */
export const nfsServer = defineQuestion({
  key: 'nfsServer',
  propose: (_, answers) => (answers.rootTransport === 'nfs' ? 'kernel' : 'none'),
  isStale: (given, answers) =>
    given.rootTransport !== undefined && given.rootTransport !== answers.rootTransport,
});
