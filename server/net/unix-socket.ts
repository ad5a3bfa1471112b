/** The operators' unix socket: mode 0660 from the first moment, for one group. */

import { chown, lstat, mkdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Server } from 'node:http';
import { dirname } from 'node:path';
import { OperatorError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';

/**
 * Listens at `path`. A socket file that nobody listens on any more is replaced; one that is in use is not. Throws
 * `bad-argument` then. Without the group on this system only root may connect, and the log says so.
 */
export async function listenOnSocket(
  server: Server,
  path: string,
  group: string,
  log: Log,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  if (await isInUse(path)) {
    throw new OperatorError({
      code: 'bad-argument',
      message: `listening for operators at ${path}: another program does already`,
      hint: 'Stop the other server, or give this one another --socket.',
    });
  }
  await removeStale(path);
  const groupId = await groupIdOf(group);
  const before = process.umask(0o117);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } finally {
    process.umask(before);
  }
  if (groupId === null) {
    log.warn({ event: 'no-group', group }, 'there is no such group: only root can connect');
  } else {
    await chown(path, -1, groupId);
  }
}

/** A socket that nobody listens on goes; anything else at that path is not ours. */
async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found === null) return;
  if (!found.isSocket()) {
    throw new OperatorError({
      code: 'bad-argument',
      message: `listening for operators at ${path}: there is something that is no socket`,
      hint: 'Give the server another --socket.',
    });
  }
  await rm(path);
}

async function isInUse(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}

/** The number of a group by /etc/group (group(5)), null when there is none. */
async function groupIdOf(name: string): Promise<number | null> {
  const lines = (await readFile('/etc/group', 'utf8')).split('\n');
  const id = lines.map((line) => line.split(':')).find(([group]) => group === name)?.[2];
  return id === undefined ? null : Number(id);
}
