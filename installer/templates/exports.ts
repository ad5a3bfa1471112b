/** What the kernel's NFS server exports: the root file systems of the hosts, read-only (exports(5)). */

import { OperatorError } from '../../lib/errors.ts';
import type { Site } from '../../lib/model/site.ts';

/**
 * subtree_check: without it a forged file handle reaches every file of the file system that NETBOOT lies on, the images
 * perhaps. no_root_squash: the hosts' root reads what belongs to root alone, /etc/shadow with its locked passwords for
 * one; nothing in a root file system is secret, and nobody can write.
 */
const OPTIONS = 'ro,sync,subtree_check,no_root_squash';

/** The text for /etc/exports.d/openclone.exports. Throws `bad-argument` when images would be exported with it. */
export function exportsFile(site: Site): string {
  const { netbootDirectory, imageDirectory } = site;
  if (`${imageDirectory}/`.startsWith(`${netbootDirectory}/`)) {
    throw new OperatorError({
      code: 'bad-argument',
      message: `exporting ${netbootDirectory} to the hosts`,
      hint: 'Choose directories that do not lie in each other.',
      cause: new Error(`the images are below it (${imageDirectory})`),
    });
  }
  const networks = new Set(
    site.subnets.map(({ networkAddress, prefixLength }) => `${networkAddress}/${prefixLength}`),
  );
  const clients = [...networks].map((network) => `${network}(${OPTIONS})`);
  return `# Written by the installer of OpenClone, which overwrites it: see exports(5).
${[netbootDirectory, ...clients].join(' ')}
`;
}
