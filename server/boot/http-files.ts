/** Kernels, initramfs and root file systems by HTTP, for boot loaders and hosts: read-only, and nothing else. */

import { constants } from 'node:fs';
import { open, readlink, realpath, type FileHandle } from 'node:fs/promises';
import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Site } from '../../lib/model/site.ts';
import type { Log } from '../../lib/log.ts';
import { Connections, type ConnectionLimits } from '../net/connections.ts';
import type { Refusals } from '../net/refusals.ts';
import { countConnections, keyOf, plainAddress, type ConnectionKey } from '../net/web-sockets.ts';
import { systemCodeOf } from '../store/durable-write.ts';
import { BUILD_ID } from './current-build.ts';
import { parseRange, type ByteRange } from './http-range.ts';

/** Enough for rooms that boot at once: a boot loader has one or two connections. Idle ones make room for new ones. */
const HTTP_LIMITS: ConnectionLimits = {
  strangersPerAddress: 32,
  perAddress: 32,
  strangers: 1000,
  inAll: 1000,
};
/** How long a request may take to come, and how often that is looked at. */
const REQUEST_MS = 10_000;
const LOOK_MS = 2000;
/** A host that takes no bytes for STALLED_MS is gone. */
const STALLED_MS = 120_000;
const PIECE_BYTES = 256 * 1024;

type Directories = Pick<Site, 'tftpDirectory' | 'netbootDirectory'>;

/** A server that is not listening yet. */
export function httpFileServer(directories: Directories, log: Log, refusals: Refusals): Server {
  const connections = new Connections<ConnectionKey>(HTTP_LIMITS, (address, reason) =>
    refusals.note('http-connection-refused', address, { reason }),
  );
  const options = {
    headersTimeout: REQUEST_MS,
    requestTimeout: REQUEST_MS,
    connectionsCheckingInterval: LOOK_MS,
  };
  const server = createServer(options, (request, response) => {
    // Who is being sent something is not disturbed by newcomers.
    connections.settle(keyOf(request.socket));
    response.on('close', () => {
      connections.unsettle(keyOf(request.socket));
      const { method, url } = request;
      const { remoteAddress: address } = request.socket;
      const status = response.statusCode;
      log.debug({ event: 'http-file', method, url, address, status }, 'boot file by HTTP');
    });
    answer(request, response, directories).catch((error: unknown) => {
      // A host that was switched off is no fault of ours.
      if (!response.destroyed && !response.writableEnded) {
        const address = plainAddress(request.socket.remoteAddress ?? '');
        refusals.note('http-file-failed', address, { url: request.url, error });
      }
      response.destroy();
    });
  });
  countConnections(server, connections);
  server.setTimeout(STALLED_MS);
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  directories: Directories,
): Promise<void> {
  // What a client sends with it is not looked at.
  request.resume();
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    refuse(response, 405, { Allow: 'GET, HEAD' });
    return;
  }
  const wanted = fileOf(request.url ?? '', directories);
  const file = wanted === null ? null : await openInside(wanted);
  if (file === null) {
    refuse(response, 404);
    return;
  }
  try {
    await sendFile(request, response, file);
  } finally {
    await file.close();
  }
}

async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: FileHandle,
): Promise<void> {
  const { size, mtime } = await file.stat();
  const range = parseRange(request.headers.range, size);
  if (range === 'unsatisfiable') {
    refuse(response, 416, { 'Content-Range': `bytes */${size}` });
    return;
  }
  const { firstByte, byteCount }: ByteRange = range ?? { firstByte: 0, byteCount: size };
  // Capitals matter: GRUB 2.06 does not know the length else, and then refuses the file under Secure Boot.
  response.writeHead(range === null ? 200 : 206, {
    'Content-Type': 'application/octet-stream',
    'Content-Length': byteCount,
    'Accept-Ranges': 'bytes',
    'Last-Modified': mtime.toUTCString(),
    ...(range === null
      ? {}
      : { 'Content-Range': `bytes ${firstByte}-${firstByte + byteCount - 1}/${size}` }),
  });
  if (request.method === 'HEAD' || byteCount === 0) {
    response.end();
    return;
  }
  const bytes = file.createReadStream({
    start: firstByte,
    end: firstByte + byteCount - 1,
    highWaterMark: PIECE_BYTES,
    autoClose: false,
  });
  await pipeline(bytes, response);
}

type WantedFile = { readonly root: string; readonly path: string };

/** Which file a request means: one of TFTP, or a build's squashfs. Null: certainly none. */
function fileOf(url: string, { tftpDirectory, netbootDirectory }: Directories): WantedFile | null {
  const parts = pathParts(url);
  if (parts === null) return null;
  const [first, name] = parts;
  if (first !== 'rootfs') return { root: tftpDirectory, path: join(tftpDirectory, ...parts) };
  const build = name?.endsWith('.squashfs') === true ? name.slice(0, -'.squashfs'.length) : '';
  if (parts.length !== 2 || !BUILD_ID.test(build)) return null;
  const root = join(netbootDirectory, 'builds');
  return { root, path: join(root, build, 'rootfs.squashfs') };
}

/**
 * The names in the path of a request, decoded; null when one of them is no plain name. Slashes in a row are one: shim 16.1
 * asks for "/http//grubx64.efi".
 */
function pathParts(url: string): string[] | null {
  const [path = ''] = url.split(/[?#]/, 1);
  if (!path.startsWith('/') || path.length > 2000) return null;
  try {
    const parts = path.replace(/\/+/g, '/').slice(1).split('/').map(decodeURIComponent);
    const isPlain = (part: string): boolean =>
      part !== '' && part !== '.' && part !== '..' && !/[/\\\0]/.test(part);
    return parts.every(isPlain) ? parts : null;
  } catch {
    return null;
  }
}

/** Opens a regular file that really lies below the root, wherever symbolic links lead; null when there is none. */
async function openInside({ root, path }: WantedFile): Promise<FileHandle | null> {
  let file: FileHandle | undefined;
  try {
    // A FIFO would not let go of us else.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const realRoot = await realpath(root);
    const realFile = await readlink(`/proc/self/fd/${file.fd}`);
    if (realFile.startsWith(`${realRoot}/`) && (await file.stat()).isFile()) return file;
  } catch (error) {
    await file?.close();
    if (MISSING.has(systemCodeOf(error) ?? '')) return null;
    throw error;
  }
  await file.close();
  return null;
}

/** What the system says of a path at which there is nothing for us. */
const MISSING = new Set([
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'EACCES',
  'ELOOP',
  'ENAMETOOLONG',
  'ENXIO',
]);

function refuse(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  // UEFI's HTTP client waits for a body until the connection is closed, whatever Content-Length: 0 says (OVMF 2022.11).
  const body = `${STATUS_CODES[status] ?? status}\n`;
  response.writeHead(status, {
    ...headers,
    'Content-Type': 'text/plain',
    'Content-Length': body.length,
  });
  response.end(body);
}
