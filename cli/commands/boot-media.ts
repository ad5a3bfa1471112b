/** openclone boot-media */

import { z } from 'zod';
import { OperatorError } from '../../lib/errors.ts';
import { run } from '../../lib/exec/run.ts';
import { printable } from '../../lib/format.ts';
import { render } from '../../lib/messages/render.ts';
import { netmaskOf } from '../../lib/network/ipv4.ts';
import type { RootSource } from '../../lib/boot/kernel-command-line.ts';
import type { Site } from '../../lib/model/site.ts';
import { SITE_FILE } from '../../lib/model/site-file.ts';
import { makeBootMedium, type FixedLease } from '../boot-media/make-medium.ts';
import { bytesText } from '../../lib/text/quantities.ts';
import { done } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { readSite, SITE_REMEDY } from '../doctor/site-file.ts';
import { FlagInput } from '../input.ts';

const AddressWithPrefix = z
  .string()
  .regex(/^\d+(\.\d+){3}\/\d+$/, { message: 'ADDRESS/PREFIX is expected', abort: true })
  .transform((text) => {
    const [address, prefix] = text.split('/');
    return { address, prefixLength: Number(prefix) };
  })
  .pipe(
    z.object({
      address: z.ipv4('not an IPv4 address'),
      prefixLength: z.number().min(8, 'a prefix of 8 to 30').max(30, 'a prefix of 8 to 30'),
    }),
  );

export const bootMedia = defineAction({
  input: z.object({
    file: z.string().min(1),
    server: z.ipv4('not an IPv4 address').optional(),
    ip: AddressWithPrefix.optional(),
    router: z.ipv4('not an IPv4 address').optional(),
    ram: FlagInput,
    withRootfs: FlagInput,
    overwrite: FlagInput,
    site: z.string().min(1).default(SITE_FILE),
  }),
  run: async (
    context,
    { file, server, ip, router, ram, withRootfs, overwrite, site: siteFile },
  ) => {
    if (router !== undefined && ip === undefined) {
      throw new OperatorError({
        code: 'bad-argument',
        message: 'reading the command line: --router goes with --ip',
        hint: 'Without --ip the host asks DHCP, which names the router too.',
      });
    }
    const site = await loadSite(siteFile);
    const medium = await makeBootMedium(run, file, {
      site,
      serverAddress: server ?? mainAddress(site),
      root: rootSource(site, ram, withRootfs),
      lease: leaseOf(ip, router),
      language: context.output.texts.language,
      overwrite,
    });
    const { texts } = context.output;
    const size = bytesText(medium.sizeBytes, texts);
    const said = texts.status.bootMedium(medium.path, size, medium.buildId);
    return done(context.output.quiet ? [] : [printable(said)], medium);
  },
});

function rootSource(site: Site, ram: boolean, withRootfs: boolean): RootSource {
  if (withRootfs) return { type: 'loaded' };
  return { type: ram ? 'ram' : site.rootTransport };
}

function leaseOf(
  ip: { address: string; prefixLength: number } | undefined,
  router: string | undefined,
): FixedLease | null {
  if (ip === undefined) return null;
  return { address: ip.address, netmask: netmaskOf(ip.prefixLength), router: router ?? null };
}

async function loadSite(path: string): Promise<Site> {
  const { site, findings } = await readSite(path);
  if (site !== null) return site;
  const [finding] = findings;
  if (finding === undefined) throw new TypeError('nothing was found wrong with the site file');
  throw new OperatorError({
    code: 'bad-argument',
    message: `reading ${path}: ${render('en', finding.found)}`,
    hint: render('en', SITE_REMEDY),
    reason: finding.found,
  });
}

function mainAddress({ subnets: [main] }: Site): string {
  if (main === undefined) throw new TypeError('a site without a subnet');
  return main.serverAddress;
}
