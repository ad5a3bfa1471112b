/** What the hosts' kernel is told when they boot from the network. */

import { engineWords } from '../../lib/kernel-command-line.ts';
import type { Site } from '../../lib/model/site.ts';

/** A build of the hosts' root file system by its id, which names its directories. */
export type BuildId = string;

/** `server` is an address, or what the boot loader puts one in for. Words are not quoted for any boot loader. */
export function kernelWords(
  site: Pick<
    Site,
    'enginePort' | 'httpPort' | 'kernelOptions' | 'netbootDirectory' | 'rootTransport'
  >,
  build: BuildId,
  { server, debug }: { readonly server: string; readonly debug: boolean },
): string[] {
  return engineWords(site, {
    serverAddress: server,
    buildId: build,
    root: { type: site.rootTransport },
    debug,
  });
}
