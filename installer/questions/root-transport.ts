/** How hosts get their root file system, and who serves it. */

import { defineQuestion } from './question.ts';

export const rootTransport = defineQuestion({
  key: 'rootTransport',
  propose: ({ canServeNfs }) => (canServeNfs ? 'nfs' : 'ram'),
  ask: (prompter, proposal, { canServeNfs }) => {
    prompter.explain(
      `While a host is cloned it runs a small system from this server.${canServeNfs ? '' : '\nThis kernel has no NFS server.'}`,
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
          description: 'Hosts need 1.5 GB, and survive a restart of this server.',
        },
      ],
    });
  },
});

/** Asked by nobody: a file of answers says so where another NFS server exports the directory. */
export const nfsServer = defineQuestion({
  key: 'nfsServer',
  propose: (_, answers) => (answers.rootTransport === 'nfs' ? 'kernel' : 'none'),
  isStale: (given, answers) =>
    given.rootTransport !== undefined && given.rootTransport !== answers.rootTransport,
});
