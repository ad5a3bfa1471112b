/** The questions about the server's directories. */

import { Site } from '../../lib/model/site.ts';
import { formatBytes } from '../../lib/format.ts';
import type { Answers } from '../answers.ts';
import { defineQuestion, type Question } from './question.ts';

type DirectoryKey = 'tftpDirectory' | 'netbootDirectory' | 'imageDirectory';

export const DEFAULT_NETBOOT_DIRECTORY = '/srv/openclone/netboot';

export const tftpDirectory = directoryQuestion({
  key: 'tftpDirectory',
  proposal: '/srv/openclone/tftp',
  message: 'TFTP directory',
  explanation: 'Boot loaders and kernels, which everybody on the network can read (about 100 MB).',
});

export const netbootDirectory = directoryQuestion({
  key: 'netbootDirectory',
  proposal: DEFAULT_NETBOOT_DIRECTORY,
  message: 'Directory of the root file systems',
  explanation:
    'The small system that hosts run while they are cloned, exported read-only by NFS or sent by HTTP (about 3 GB).',
});

export const imageDirectory = directoryQuestion({
  key: 'imageDirectory',
  proposal: '/srv/openclone/images',
  message: 'Image directory',
  explanation: 'Images of disks: this needs most room. A directory on a large disk is best.',
});

function directoryQuestion<K extends DirectoryKey>(question: {
  readonly key: K;
  readonly proposal: Answers[K];
  readonly message: string;
  readonly explanation: string;
}): Question {
  const { key, message, explanation } = question;
  return defineQuestion<DirectoryKey>({
    key,
    propose: () => question.proposal,
    ask: async (prompter, proposal, { freeSpaceOf }) => {
      const free = formatBytes(await freeSpaceOf(proposal));
      prompter.explain(`${explanation}\nFree at ${proposal}: ${free}.`);
      return prompter.input({ message, proposal, faultOf });
    },
  });
}

function faultOf(text: string): string | null {
  const parsed = Site.shape.tftpDirectory.safeParse(text);
  return parsed.success ? null : parsed.error.issues.map(({ message }) => message).join('; ');
}
