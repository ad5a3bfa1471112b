/** Kernel, initramfs and squashfs come by HTTP as they lie on the disk. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { SimpleMessage } from '../../../lib/model/message.ts';
import { message } from '../../../lib/model/messages/table.ts';
import type { Site, Subnet } from '../../../lib/model/site.ts';
import { kernelFiles } from '../boot-files.ts';
import type { Build } from '../build.ts';
import type { Check } from '../check.ts';
import { failure, ok, saidBy, skipped, type Finding } from '../finding.ts';
import { subnetLabel } from '../firmware.ts';

const TIMEOUT_MS = 15_000;

export const http: Check = {
  name: 'http',
  title: message('check.http'),
  rootBecause: null,
  needs: { address: true, unit: 'openclone.service' },
  perform: async ({ build, site }) => {
    if (build === null) return [skipped('', message('http.no-build'))];
    return Promise.all(site.subnets.map((subnet) => checkSubnet(site, subnet, build)));
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

async function checkSubnet(site: Site, subnet: Subnet, build: Build): Promise<Finding> {
  const about = subnetLabel(subnet);
  const origin = `http://${subnet.serverAddress}:${site.httpPort}`;
  const wanted = wantedOf(site, build);
  for (const each of wanted) {
    const why = await whyWrong(origin, each);
    if (why !== null) {
      const found = message('http.wrong', { url: `${origin}${each.path}`, why });
      return failure(about, found, message('remedy.see-http', { port: site.httpPort }));
    }
  }
  return ok(about, message('http.good', { files: wanted.length, origin }));
}

/** null when the file comes as it is on the disk. */
async function whyWrong(
  origin: string,
  { path, file, whole }: Wanted,
): Promise<SimpleMessage | null> {
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
    if (response.status !== 200) {
      return message('http.status', { status: response.status, said: response.statusText });
    }
    const length = response.headers.get('content-length');
    if (length === null) return message('http.size-unknown', { expectedBytes: size });
    if (length !== String(size)) {
      return message('http.wrong-size', { foundBytes: Number(length), expectedBytes: size });
    }
    if (!whole) return null;
    const served = createHash('sha256').update(await response.bytes());
    const onDisk = createHash('sha256');
    await pipeline(createReadStream(file), onDisk);
    return served.digest('hex') === onDisk.digest('hex') ? null : message('http.other-content');
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return message('http.not-fetched', { said: saidBy(cause) });
  }
}
