/** The server's own certificate, made at first start; engines accept no other (they carry a copy of it). */

import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../lib/exec/run.ts';

export type Certificate = {
  /** PEM; public. */
  readonly certificate: string;
  /** PEM; secret. */
  readonly key: string;
  /** Where the public part lies, for the root file system of the hosts. */
  readonly path: string;
};

/** Reads `DIRECTORY/tls/server.{crt,key}`, or makes a P-256 pair that is valid for 20 years (openssl-req(1)). */
export async function loadCertificate(run: Run, directory: string): Promise<Certificate> {
  const folder = join(directory, 'tls');
  const path = join(folder, 'server.crt');
  const keyPath = join(folder, 'server.key');
  if (!existsSync(path) || !existsSync(keyPath)) await makeCertificate(run, folder, path, keyPath);
  return {
    certificate: await readFile(path, 'utf8'),
    key: await readFile(keyPath, 'utf8'),
    path,
  };
}

async function makeCertificate(
  run: Run,
  folder: string,
  path: string,
  keyPath: string,
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  // The key is born unreadable for others: openssl makes it with mode 0600.
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
    ...[
      '-days',
      '7300',
      '-subj',
      '/CN=OpenClone server',
      '-addext',
      'subjectAltName=DNS:openclone',
    ],
    ...['-keyout', `${keyPath}.new`, '-out', `${path}.new`],
  ]);
  await chmod(`${keyPath}.new`, 0o600);
  await chmod(`${path}.new`, 0o644);
  await rename(`${keyPath}.new`, keyPath);
  await rename(`${path}.new`, path);
}
