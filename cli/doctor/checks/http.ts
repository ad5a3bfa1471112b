/** Kernel, initramfs and squashfs come by HTTP as they lie on the disk. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Site, Subnet } from '../../../lib/model/site.ts';
import { kernelFiles } from '../boot-files.ts';
import type { Build } from '../build.ts';
import type { Check } from '../check.ts';
import { failure, ok, skipped, type Finding } from '../finding.ts';
import { subnetLabel } from '../firmware.ts';

const TIMEOUT_MS = 15_000;

export const http: Check = {
  name: 'http',
  title: 'kernel, initramfs and root file system by HTTP',
  rootBecause: null,
  needs: { address: true, unit: 'openclone.service' },
  examine: async ({ build, site }) => {
    if (build === null) return [skipped('', 'there is no build to fetch: see the check rootfs')];
    return Promise.all(site.subnets.map((subnet) => examineSubnet(site, subnet, build)));
  },
};

type Wanted = { readonly path: string; readonly file: string; readonly whole: boolean };

/** The whole kernel is compared; of what is larger, the size. */
export function wantedOf(site: Site, build: Build): Wanted[] {
  const boot = kernelFiles(build).map((name) => ({
    path: `/${name}`,
    file: join(site.tftpDirectory, name),
    whole: name.endsWith('/vmlinuz'),
  }));
  if (build.squashfs === null || site.rootTransport !== 'ram') return boot;
  const squashfs = join(build.directory, 'rootfs.squashfs');
  return [...boot, { path: `/rootfs/${build.id}.squashfs`, file: squashfs, whole: false }];
}

async function examineSubnet(site: Site, subnet: Subnet, build: Build): Promise<Finding> {
  const about = subnetLabel(subnet);
  const origin = `http://${subnet.serverAddress}:${site.httpPort}`;
  const wanted = wantedOf(site, build);
  for (const each of wanted) {
    const why = await whyWrong(origin, each);
    if (why !== null) {
      const remedy = `See systemctl status openclone.service, and whether a firewall rule or another web server has TCP ${site.httpPort}.`;
      return failure(about, `${origin}${each.path}: ${why}`, remedy);
    }
  }
  return ok(about, `${wanted.length} files answered by ${origin}`);
}

/** null when the file comes as it is on the disk. */
async function whyWrong(origin: string, { path, file, whole }: Wanted): Promise<string | null> {
  const size = await stat(file).then(
    (found) => found.size,
    () => null,
  );
  // The check boot-files says that it is missing.
  if (size === null) return null;
  try {
    const response = await fetch(`${origin}${path}`, {
      method: whole ? 'GET' : 'HEAD',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status !== 200) return `it answers ${response.status} ${response.statusText}`;
    const length = response.headers.get('content-length');
    if (length !== String(size)) return `${length ?? 'an unknown number of'} bytes, not ${size}`;
    if (!whole) return null;
    const served = createHash('sha256').update(await response.bytes());
    const onDisk = createHash('sha256');
    await pipeline(createReadStream(file), onDisk);
    return served.digest('hex') === onDisk.digest('hex') ? null : 'other content than on the disk';
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return cause instanceof Error ? cause.message : String(cause);
  }
}
