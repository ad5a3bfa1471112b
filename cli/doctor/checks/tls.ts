/** What engines meet on the server's port: a TLS server with the certificate that they carry. */

import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { message } from '../../../lib/model/messages/table.ts';
import type { Check } from '../check.ts';
import { failure, ok, saidBy, warning, type Finding, type Words } from '../finding.ts';
import { subnetLabel } from '../firmware.ts';

const TIMEOUT_MS = 5000;
const SOON_MS = 60 * 24 * 3600 * 1000;

export const tls: Check = {
  name: 'tls',
  title: message('check.tls'),
  rootBecause: null,
  needs: { address: true, unit: 'openclone.service' },
  perform: async ({ build, dataDirectory, site }) => {
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
          const port = site.enginePort;
          const found = message('tls.no-connection', {
            address: subnet.serverAddress,
            port,
            said: saidBy(error),
          });
          return failure(about, found, message('remedy.see-engine-port', { port }));
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
  about: Words,
  shown: X509Certificate,
  pinned: X509Certificate | null,
  now: Date,
): Finding {
  const { validFromDate, validToDate } = shown;
  const until = validToDate.toISOString().slice(0, 10);
  if (pinned !== null && pinned.fingerprint256 !== shown.fingerprint256) {
    const found = message('tls.other-certificate');
    return failure(about, found, message('remedy.install-certificate'));
  }
  if (now < validFromDate) {
    const found = message('tls.not-yet-valid', { from: validFromDate.toISOString() });
    return failure(about, found, message('remedy.see-clock-of-server'));
  }
  if (validToDate.getTime() - now.getTime() < SOON_MS) {
    const remedy = message('remedy.renew-certificate');
    return now > validToDate
      ? failure(about, message('tls.expired', { until }), remedy)
      : warning(about, message('tls.expires-soon', { until }), remedy);
  }
  if (pinned === null) {
    return warning(about, message('tls.not-compared'), message('remedy.compare-as-root'));
  }
  return ok(about, message('tls.good', { until }));
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
