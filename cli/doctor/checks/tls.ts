/** What engines meet on the server's port: a TLS server with the certificate that they carry. */

import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { Check } from '../check.ts';
import { failure, ok, warning, type Finding } from '../finding.ts';
import { subnetLabel } from '../firmware.ts';

const TIMEOUT_MS = 5000;
const SOON_MS = 60 * 24 * 3600 * 1000;

export const tls: Check = {
  name: 'tls',
  title: "the engines' port and its certificate",
  rootBecause: null,
  needs: { address: true, unit: 'openclone.service' },
  examine: async ({ build, dataDirectory, site }) => {
    const pinned = await readFirst([
      ...(build === null ? [] : [join(build.directory, 'rootfs/etc/openclone/server.crt')]),
      join(dataDirectory, 'tls/server.crt'),
    ]);
    return Promise.all(
      site.subnets.map(async (subnet) => {
        const about = subnetLabel(subnet);
        try {
          const shown = await certificateOf(subnet.serverAddress, site.enginePort);
          return judgeCertificate(about, shown, pinned, new Date());
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error);
          const found = `no engine can connect to ${subnet.serverAddress} port ${site.enginePort}: ${why}`;
          const remedy = `See systemctl status openclone.service, and whether a firewall rule stops TCP ${site.enginePort}.`;
          return failure(about, found, remedy);
        }
      }),
    );
  },
};

/** The certificate that the server at this address shows. Throws when there is none in time. */
export async function certificateOf(host: string, port: number): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    // The certificate is not trusted here but looked at; nothing is sent.
    const socket = connect({ host, port, rejectUnauthorized: false, timeout: TIMEOUT_MS });
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate();
      socket.destroy();
      if (certificate === undefined) reject(new Error('it shows no certificate'));
      else resolve(certificate);
    });
    socket.once('timeout', () => socket.destroy(new Error('no answer in time')));
    socket.once('error', reject);
  });
}

/** `pinned` is the one that hosts carry, null when none could be read. */
export function judgeCertificate(
  about: string,
  shown: X509Certificate,
  pinned: X509Certificate | null,
  now: Date,
): Finding {
  const { validFromDate, validToDate } = shown;
  const until = validToDate.toISOString().slice(0, 10);
  if (pinned !== null && pinned.fingerprint256 !== shown.fingerprint256) {
    const found =
      'the server shows another certificate than the hosts carry: every host refuses it';
    const remedy =
      'Run `sudo ./install.sh` again: it builds a root file system with the certificate of the server.';
    return failure(about, found, remedy);
  }
  if (now < validFromDate) {
    const found = `the certificate is valid from ${validFromDate.toISOString()} only`;
    return failure(about, found, 'See the clock of this machine: timedatectl');
  }
  if (validToDate.getTime() - now.getTime() < SOON_MS) {
    const remedy =
      'Move tls/server.crt and tls/server.key of the data directory away, restart openclone.service, and run `sudo ./install.sh` again.';
    return now > validToDate
      ? failure(about, `the certificate was valid until ${until}`, remedy)
      : warning(about, `the certificate is valid until ${until} only`, remedy);
  }
  if (pinned === null) {
    const found = 'the server answers; whether hosts carry its certificate could not be read';
    return warning(about, found, 'Run `sudo openclone doctor`, and see the check rootfs.');
  }
  return ok(about, `the certificate that hosts carry, valid until ${until}`);
}

async function readFirst(paths: readonly string[]): Promise<X509Certificate | null> {
  for (const path of paths) {
    try {
      return new X509Certificate(await readFile(path));
    } catch {
      // The next one then; with none the finding says so.
    }
  }
  return null;
}
