/** The server's own certificate, made at first start; engines accept no other (they carry a copy of it). */

import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../../lib/exec/run.ts';
import { writeDurably } from '../store/durable-write.ts';

export type Certificate = {
  /** PEM; public. */
  readonly certificate: string;
  /** PEM; secret. */
  readonly key: string;
  /** Where the public part lies, for the root file system of the hosts. */
  readonly path: string;
};

/** Reads `DIRECTORY/tls/server.{crt,key}`, or makes a P-256 pair that is valid in this whole century. */
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
  // Readable for us alone: openssl's key is in it.
  const scratch = await mkdtemp(join(folder, '.new-'));
  try {
    const file = (name: string): string => join(scratch, name);
    await writeFile(file('ca.cnf'), authorityConfig(scratch));
    await writeFile(file('index.txt'), '');
    await run('openssl', [
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      SUBJECT,
      '-keyout',
      file('key'),
      '-out',
      file('request'),
    ]);
    // Of OpenSSL 3.0, only openssl-ca(1) lets a certificate be valid from a day in the past on.
    await run('openssl', [
      'ca',
      '-batch',
      '-notext',
      '-selfsign',
      '-config',
      file('ca.cnf'),
      '-keyfile',
      file('key'),
      '-in',
      file('request'),
      '-out',
      file('certificate'),
      '-startdate',
      VALID_FROM,
      '-enddate',
      VALID_UNTIL,
      '-outdir',
      scratch,
    ]);
    // The certificate last: without it, both are made again.
    await writeDurably(keyPath, await readFile(file('key')), { mode: 0o600 });
    await writeDurably(path, await readFile(file('certificate')), { mode: 0o644 });
    await chmod(path, 0o644);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const SUBJECT = '/CN=OpenClone server';
/** A host whose clock has lost its battery is in some year after 2000: it must find the server all the same. */
const VALID_FROM = '20000101000000Z';
const VALID_UNTIL = '20991231235959Z';

function authorityConfig(scratch: string): string {
  // What openssl would take for a variable (config(5ssl)).
  const directory = scratch.replaceAll(/[\\$"'#]/g, '\\$&');
  return [
    '[ca]',
    'default_ca = own',
    '[own]',
    `database = ${directory}/index.txt`,
    'rand_serial = yes',
    'default_md = sha256',
    'policy = any',
    'x509_extensions = server',
    '[any]',
    'commonName = supplied',
    '[server]',
    'basicConstraints = critical,CA:TRUE',
    'subjectKeyIdentifier = hash',
    'authorityKeyIdentifier = keyid',
    'subjectAltName = DNS:openclone',
    '',
  ].join('\n');
}
