/**
 * A GRUB of our own for proxy DHCP: it knows the server's address, which the distribution's older signed ones take from
 * the other DHCP server (docs/design/boot-chain.md). Unsigned, so not for Secure Boot.
 */

import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OperatorError } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';
import type { Subnet } from '../../lib/model/site.ts';
import type { Packages } from './packages.ts';

/** What the boot choices use (server/boot/grub.ts), the network, and consoles. */
const MODULES = [
  'normal',
  'configfile',
  'test',
  'echo',
  'sleep',
  'minicmd',
  'true',
  'regexp',
  'probe',
  'efinet',
  'net',
  'tftp',
  'http',
  'linux',
  'chain',
  'boot',
  'reboot',
  'halt',
  'gzio',
  'search',
  'search_fs_file',
  'part_gpt',
  'part_msdos',
  'fat',
  'ext2',
  'exfat',
  'ntfs',
  'serial',
  'terminal',
  'all_video',
  'gfxterm',
  'efifwsetup',
];

/** Makes the image for `subnet` below `work`; returns its path. */
export async function makeOwnGrub(
  run: Run,
  packages: Packages,
  { work, subnet }: { readonly work: string; readonly subnet: Subnet },
): Promise<string> {
  const program = await needed(packages, ['usr/bin/grub-mkimage']);
  const modules = dirname(await needed(packages, ['usr/lib/grub/x86_64-efi/kernel.img']));
  const library = dirname(
    await needed(packages, [
      'lib/x86_64-linux-gnu/libdevmapper.so.1.02.1',
      'usr/lib/x86_64-linux-gnu/libdevmapper.so.1.02.1',
    ]),
  );
  const { name, serverAddress } = subnet;
  const early = join(work, `${name}.cfg`);
  await writeFile(
    early,
    [
      `set openclone_server=${serverAddress}`,
      'export openclone_server',
      `set root=(tftp,${serverAddress})`,
      `set prefix=(tftp,${serverAddress})/grub`,
      '',
    ].join('\n'),
  );
  const image = join(work, `${name}.efi`);
  await run(
    program,
    [
      '--directory',
      modules,
      '--format',
      'x86_64-efi',
      '--config',
      early,
      '--prefix',
      `(tftp,${serverAddress})/grub`,
      '--output',
      image,
      ...MODULES,
    ],
    { env: { LD_LIBRARY_PATH: library } },
  );
  return image;
}

async function needed(packages: Packages, paths: readonly string[]): Promise<string> {
  const path = await packages.find(paths);
  if (path !== null) return path;
  throw new OperatorError({
    code: 'not-found',
    message: `looking for ${paths[0] ?? ''} in the packages of GRUB`,
    hint: 'This distribution names it otherwise: please report it with the release of the system.',
  });
}
