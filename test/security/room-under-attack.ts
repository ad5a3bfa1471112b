/** The real server with a site, as an installed one runs: what the tests of docs/design/security.md try to get into. */

import assert from 'node:assert/strict';
import { chmod, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { request as httpRequest } from 'node:http';
import type { Site } from '../../lib/model/site.ts';
import { makeSiteDirectories, sampleSite } from '../server/boot/sample-site.ts';
import { freePort } from '../support/ports.ts';
import { RunningServer } from '../server/running-server.ts';
import { withDirectory } from '../support/directories.ts';

export const BUILD = '20261121-113000-1a2b';

export type Attacked = { readonly server: RunningServer; readonly site: Site };

/** Gives `use` a server whose directory everybody may enter, as /var/lib and /srv are; `mask` is its umask. */
export async function withSite(
  use: (attacked: Attacked) => Promise<void>,
  mask = 0o022,
): Promise<void> {
  await withDirectory(async (directory) => {
    await chmod(directory, 0o755);
    const site = sampleSite(directory, { httpPort: await freePort() });
    await makeSiteDirectories(site, BUILD);
    const server = new RunningServer(directory, await freePort());
    server.site = { ...site, enginePort: server.port };
    const before = process.umask(mask);
    try {
      await server.start();
      await use({ server, site });
    } finally {
      process.umask(before);
      await server.stop();
    }
  });
}

export type FoundFile = { readonly path: string; readonly mode: number; readonly content: string };

/** Every file below a directory; bytes as latin1, so that any of them can be searched for. */
export async function filesBelow(directory: string): Promise<FoundFile[]> {
  const names = await readdir(directory, { recursive: true, withFileTypes: true });
  const found: FoundFile[] = [];
  for (const entry of names.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const { mode } = await stat(path);
    found.push({ path, mode: mode & 0o777, content: await readFile(path, 'latin1') });
  }
  return found;
}

/** Secrets that the server has now, by what they are: none may be where everybody can look. */
export async function secretsOf(
  server: RunningServer,
  more: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const data = join(server.directory, 'data');
  const key = await readFile(join(data, 'run-token.key'));
  const tls = await readFile(join(data, 'tls/server.key'), 'latin1');
  const body = tls.split('\n')[1] ?? '';
  assert.ok(key.length === 32 && body.length > 40);
  return {
    'the key of the run tokens': key.toString('latin1'),
    'the key of the run tokens in hex': key.toString('hex'),
    'the private key of the certificate': body,
    ...more,
  };
}

export function assertNoSecret(
  place: string,
  content: string,
  secrets: Readonly<Record<string, string>>,
): void {
  for (const [what, secret] of Object.entries(secrets)) {
    assert.ok(!content.includes(secret), `${place} has ${what}`);
  }
}

/** One request to the server of boot files, the path as it is. */
export async function getByHttp(
  port: number,
  path: string,
): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }),
      );
    });
    request.on('error', reject);
    request.end();
  });
}
