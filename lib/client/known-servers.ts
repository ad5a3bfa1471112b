/** Which certificate each server had when this user first met it: ~/.config/openclone/known-servers.json. */

import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { OperatorError } from '../errors.ts';
import type { Fingerprint, NetworkServer } from './known-server-agent.ts';

const KnownServers = z.strictObject({
  formatVersion: z.literal(1),
  /** By "HOST:PORT". */
  servers: z.record(
    z.string(),
    z.strictObject({
      fingerprint: z.string().regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
      knownSince: z.iso.datetime(),
    }),
  ),
});
type KnownServers = z.infer<typeof KnownServers>;

/** The fingerprint that `server` is known by; null when it is not. Throws `bad-argument` for a file that is none. */
export async function knownFingerprint(
  path: string,
  server: NetworkServer,
): Promise<Fingerprint | null> {
  const { servers } = await read(path);
  return servers[keyOf(server)]?.fingerprint ?? null;
}

/** From now on `server` is known by `fingerprint`. */
export async function rememberServer(
  path: string,
  server: NetworkServer,
  fingerprint: Fingerprint,
): Promise<void> {
  const { servers, ...rest } = await read(path);
  const known = { fingerprint, knownSince: new Date().toISOString() };
  const next: KnownServers = { ...rest, servers: { ...servers, [keyOf(server)]: known } };
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}`;
  try {
    await writeFile(temporary, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** "HOST", "HOST:PORT", "[IPv6]:PORT". Throws `bad-argument`. */
export function parseServer(text: string, defaultPort: number): NetworkServer {
  const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([^:\s[\]]+))(?::(\d{1,5}))?$/.exec(text);
  const host = parts?.[1] ?? parts?.[2];
  const port = parts?.[3] === undefined ? defaultPort : Number(parts[3]);
  if (host === undefined || port < 1 || port > 65_535) {
    throw new OperatorError({
      code: 'bad-argument',
      message: `reading the server "${text}"`,
      hint: 'Write HOST, HOST:PORT or [IPv6 ADDRESS]:PORT.',
    });
  }
  return { host: host.toLowerCase(), port };
}

async function read(path: string): Promise<KnownServers> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { formatVersion: 1, servers: {} };
    throw unreadable(path, error);
  }
  try {
    return KnownServers.parse(JSON.parse(text));
  } catch (error) {
    // Taking it for empty would take any server for a new one.
    throw unreadable(path, error);
  }
}

function unreadable(path: string, cause: unknown): OperatorError {
  return new OperatorError({
    code: 'bad-argument',
    message: `reading the known servers in ${path}`,
    hint: 'Repair the file, or remove it: then every server is asked about again.',
    cause,
  });
}

function keyOf({ host, port }: NetworkServer): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
