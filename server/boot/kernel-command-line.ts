/** What the hosts' kernel is told when they boot from the network. */

import { engineWords } from '../../lib/boot/kernel-command-line.ts';
import type { Language } from '../../lib/model/language.ts';
import type { Site } from '../../lib/model/site.ts';

/** A build of the hosts' root file system by its id, which names its directories. */
export type BuildId = string;

/** An engine to boot. */
export type EngineBoot = {
  readonly build: BuildId;
  /** With a shell on the host's own console. */
  readonly debug: boolean;
  /** Of the host's screen. */
  readonly language: Language;
};

/** `server` is an address, or what the boot loader puts one in for. Words are not quoted for any boot loader. */
export function kernelWords(
  site: Pick<
    Site,
    'enginePort' | 'httpPort' | 'kernelOptions' | 'netbootDirectory' | 'rootTransport'
  >,
  { build, debug, language }: EngineBoot,
  server: string,
): string[] {
  return engineWords(site, {
    serverAddress: server,
    buildId: build,
    root: { type: site.rootTransport },
    debug,
    language,
  });
}
