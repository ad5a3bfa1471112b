/** Every boot file comes by TFTP as it lies on the disk. */

import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, toReport } from '../../../lib/errors.ts';
import type { Subnet } from '../../../lib/model/site.ts';
import { readTftp } from '../../../lib/tftp/read-tftp.ts';
import { message } from '../../../lib/model/messages/table.ts';
import { biosFiles, kernelFiles, uefiFiles } from '../boot-files.ts';
import type { Check, CheckedServer } from '../check.ts';
import { cutSaid, failure, ok, type Finding } from '../finding.ts';
import { subnetLabel } from '../firmware.ts';

/** Loaders are smaller; of kernel and initramfs the beginning says that they are readable. */
const MOST_BYTES = 4 * 1024 * 1024;
/** The package takes two answers, one of them late, for an error: so it must rarely ask again. */
const TIMEOUT_MS = 5000;

export const tftp: Check = {
  name: 'tftp',
  title: message('check.tftp'),
  rootBecause: null,
  needs: { address: true, unit: 'openclone-dnsmasq.service' },
  perform: async (server) =>
    (await Promise.all(server.site.subnets.map((subnet) => checkSubnet(server, subnet)))).flat(),
};

async function checkSubnet({ build, site }: CheckedServer, subnet: Subnet): Promise<Finding[]> {
  const about = subnetLabel(subnet);
  const names = [
    ...biosFiles(subnet),
    ...uefiFiles(subnet),
    ...(build === null ? [] : kernelFiles(build)),
  ];
  const findings: Finding[] = [];
  let read = 0;
  // One after the other: a server that is silent is asked no further.
  for (const name of names) {
    const expected = await startOf(join(site.tftpDirectory, name));
    // What is not on the disk either is the business of the check boot-files.
    if (expected === null) continue;
    const served = await readServed(subnet.serverAddress, name);
    if (served.type === 'unserved') {
      const found = message('tftp.not-served', { said: served.said });
      if (served.silent) return [...findings, failure(about, found, message('remedy.see-tftp'))];
      const path = join(site.tftpDirectory, name);
      findings.push(failure(about, found, message('remedy.make-readable', { path })));
    } else if (served.bytes.equals(expected)) {
      read += 1;
    } else {
      const found = message('tftp.other-content', { file: name, directory: site.tftpDirectory });
      findings.push(failure(about, found, message('remedy.see-other-tftp')));
    }
  }
  if (findings.length > 0) return findings;
  if (read === 0) {
    const found = message('tftp.no-files', { directory: site.tftpDirectory });
    return [failure(about, found, message('remedy.install-boot-files'))];
  }
  return [ok(about, message('tftp.good', { files: read, address: subnet.serverAddress }))];
}

type Served =
  | { readonly type: 'read'; readonly bytes: Buffer }
  | { readonly type: 'unserved'; readonly silent: boolean; readonly said: string };

async function readServed(host: string, path: string): Promise<Served> {
  try {
    const bytes = await readTftp({ host, path, mostBytes: MOST_BYTES, timeoutMs: TIMEOUT_MS });
    return { type: 'read', bytes };
  } catch (error) {
    const report = toReport(error);
    const silent = report.causes.some((cause) => /timed out|ECONNREFUSED/i.test(cause));
    return { type: 'unserved', silent, said: cutSaid(describeError(report)) };
  }
}

/** The beginning of a file; null when it cannot be read. */
async function startOf(path: string): Promise<Buffer | null> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.min(size, MOST_BYTES));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  } catch {
    return null;
  }
}
