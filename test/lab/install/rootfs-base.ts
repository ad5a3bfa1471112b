/** The packages of the hosts' root file system for servers of the lab, which reach no mirror. */

import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Run } from '../../../lib/exec/run.ts';
import { sourcesOf, type Suite } from './suite.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');
const KEPT = '/var/cache/openclone-lab/netboot/bases';

/**
 * Puts the base below `netboot` as hard links to that of the lab's cache. What the cache does not have is made here,
 * and kept there. Needs dist/engine.js (installer/build-engine.ts).
 */
export async function provideRootfsBase(run: Run, netboot: string, suite: Suite): Promise<void> {
  if (existsSync(KEPT)) await run('cp', ['-al', KEPT, netboot]);
  const certificate = join(netboot, 'any.crt');
  writeFileSync(certificate, 'any\n');
  // What the server of `suite` finds in its own /etc/apt: other sources, another base.
  const sources = join(netboot, 'any.sources');
  writeFileSync(sources, sourcesOf(suite));
  await run(process.execPath, [
    join(PROJECT, 'netboot-rootfs/main.ts'),
    'build',
    '--netboot',
    netboot,
    '--certificate',
    certificate,
    '--engine',
    join(PROJECT, 'dist/engine.js'),
    '--suite',
    suite,
    '--sources',
    sources,
    '--quick-packing',
  ]);
  mkdirSync(KEPT, { recursive: true });
  await run('cp', ['-al', '--update=none', `${join(netboot, 'bases')}/.`, KEPT]).catch(() =>
    // cp of Debian 12 says it otherwise.
    run('cp', ['-al', '--no-clobber', `${join(netboot, 'bases')}/.`, KEPT]),
  );
  rmSync(join(netboot, 'builds'), { recursive: true });
  rmSync(certificate);
  rmSync(sources);
}
