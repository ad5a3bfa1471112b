/** Every boot file comes by TFTP as it lies on the disk. */

import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, toReport } from '../../../lib/errors.ts';
import type { Subnet } from '../../../lib/model/site.ts';
import { readTftp } from '../../../lib/tftp/read-tftp.ts';
import { biosFiles, kernelFiles, uefiFiles } from '../boot-files.ts';
import type { Check, Patient } from '../check.ts';
import { failure, ok, type Finding } from '../finding.ts';
import { subnetLabel } from '../firmware.ts';

/** Loaders are smaller; of kernel and initramfs the beginning says that they are readable. */
const MOST_BYTES = 4 * 1024 * 1024;
/** The package takes two answers, one of them late, for an error: so it must rarely ask again. */
const TIMEOUT_MS = 5000;

export const tftp: Check = {
  name: 'tftp',
  title: 'boot files by TFTP',
  rootBecause: null,
  needs: { address: true, unit: 'openclone-dnsmasq.service' },
  examine: async (patient) =>
    (
      await Promise.all(patient.site.subnets.map((subnet) => examineSubnet(patient, subnet)))
    ).flat(),
};

async function examineSubnet({ build, site }: Patient, subnet: Subnet): Promise<Finding[]> {
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
    const served = await readOrWhy(subnet.serverAddress, name);
    if (served.type === 'unserved' && served.silent) {
      return [...findings, silence(about, served.why)];
    }
    if (served.type === 'unserved') {
      const remedy = `chmod a+r ${join(site.tftpDirectory, name)}, and a+rx on the directories above it`;
      findings.push(failure(about, served.why, remedy));
    } else if (served.bytes.equals(expected)) {
      read += 1;
    } else {
      const found = `${name} comes otherwise than it lies in ${site.tftpDirectory}`;
      const remedy = `Another TFTP server answers, or dnsmasq serves another directory: ss -lunp sport = :69`;
      findings.push(failure(about, found, remedy));
    }
  }
  if (findings.length > 0) return findings;
  if (read === 0) {
    const found = `there are no boot files in ${site.tftpDirectory}`;
    return [failure(about, found, 'Run `sudo ./install.sh` again: it places them.')];
  }
  return [ok(about, `${read} files read from ${subnet.serverAddress}`)];
}

function silence(about: string, why: string): Finding {
  const remedy =
    'See systemctl status openclone-dnsmasq.service, and whether a firewall rule stops UDP 69.';
  return failure(about, why, remedy);
}

type Served =
  | { readonly type: 'read'; readonly bytes: Buffer }
  | { readonly type: 'unserved'; readonly silent: boolean; readonly why: string };

async function readOrWhy(host: string, path: string): Promise<Served> {
  try {
    const bytes = await readTftp({ host, path, mostBytes: MOST_BYTES, timeoutMs: TIMEOUT_MS });
    return { type: 'read', bytes };
  } catch (error) {
    const report = toReport(error);
    const silent = report.causes.some((cause) => /timed out|ECONNREFUSED/i.test(cause));
    return { type: 'unserved', silent, why: describeError(report) };
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
