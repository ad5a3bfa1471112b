/** Takes changes back: one function for each type of change. */

import { chmod, chown, lstat, readdir, rm, rmdir, symlink, writeFile } from 'node:fs/promises';
import { IMAGE_LOCK_NAME } from '../../lib/model/image.ts';
import { mountPointsIn } from '../../lib/mount-points.ts';
import { unreachable } from '../../lib/unreachable.ts';
import { realPath, type System } from '../system.ts';
import { finishInterrupted } from '../tools/apt.ts';
import { NFS_UNIT, otherExports, readExportsAgain } from '../tools/exportfs.ts';
import { removeZoneRules } from '../tools/firewalld.ts';
import { ufwRules } from '../tools/ufw.ts';
import { unfinishedOf } from '../write-durably.ts';
import type { Change } from './change.ts';
import { removePackages } from './remove-packages.ts';

export type Reverting = {
  /** After a failed step everything of the run goes, uninstalling asks before data and packages. */
  readonly reason: 'rollback' | 'uninstall';
  readonly purgeData: boolean;
  readonly removePackages: boolean;
};

/** "kept": it is still there, and why; the record goes on naming it. */
export type Reverted =
  { readonly type: 'reverted' } | { readonly type: 'kept'; readonly reason: string };

const REVERTED: Reverted = { type: 'reverted' };

/** Takes one change back. What is gone already is no error. */
export async function revertChange(
  system: System,
  change: Change,
  how: Reverting,
): Promise<Reverted> {
  switch (change.type) {
    case 'file':
      return revertFile(system, change);
    case 'link':
      return revertLink(system, change);
    case 'directory':
      return revertDirectory(system, change, how);
    case 'owner':
      return revertOwner(system, change, how);
    case 'group':
    case 'user':
      return removeAccount(system, change);
    case 'packages':
      if (how.removePackages) return revertPackages(system, change);
      return kept(`the Debian packages ${change.asked.join(' ')} (others may use them by now)`);
    case 'unit':
      return revertUnit(system, change);
    case 'reload':
      return reload(system, change.what);
    case 'firewall-rules':
      return closeFirewall(system, change);
    case 'firewalld-rules':
      await removeZoneRules(system.run, change.rules);
      return REVERTED;
    default:
      return unreachable(change);
  }
}

function kept(reason: string): Reverted {
  return { type: 'kept', reason };
}

async function revertFile(
  system: System,
  { path, previous }: Extract<Change, { type: 'file' }>,
): Promise<Reverted> {
  const file = realPath(system, path);
  await rm(unfinishedOf(file), { force: true });
  await rm(file, { force: true });
  // A new file, so that nothing is written through a link.
  if (previous !== null) {
    await writeFile(file, previous.text, { mode: previous.mode, flag: 'wx' });
  }
  return REVERTED;
}

async function revertLink(
  system: System,
  { path, previousTarget }: Extract<Change, { type: 'link' }>,
): Promise<Reverted> {
  const link = realPath(system, path);
  const found = await lstat(link).catch(() => null);
  if (found !== null && !found.isSymbolicLink()) {
    return kept(`${path}: it is no link of ours any more`);
  }
  await rm(`${link}.new`, { force: true });
  await rm(link, { force: true });
  if (previousTarget !== null) await symlink(previousTarget, link);
  return REVERTED;
}

async function revertDirectory(
  system: System,
  { path, tree, data }: Extract<Change, { type: 'directory' }>,
  { reason, purgeData }: Reverting,
): Promise<Reverted> {
  const directory = realPath(system, path);
  if (data !== null && !purgeData && reason === 'uninstall') {
    return kept(`${path}: ${data === 'images' ? 'the images' : 'hosts, groups, tasks and keys'}`);
  }
  // A first installation that fails has no images yet; should there be any, they are not for us to delete.
  if (tree && !(data === 'images' && reason === 'rollback' && (await hasFiles(directory)))) {
    const [mounted] = await mountPointsIn(directory);
    if (mounted !== undefined) return kept(`${path}: something is mounted at ${mounted}`);
    await rm(directory, { recursive: true, force: true });
    return REVERTED;
  }
  try {
    await rmdir(directory);
    return REVERTED;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return REVERTED;
    if (code === 'ENOTEMPTY' || code === 'EBUSY') {
      return kept(`${path}: something in it is not OpenClone's`);
    }
    throw error;
  }
}

/** What others have put in there is theirs, and images stay with the account that may read them. */
async function revertOwner(
  system: System,
  { path, previous, data }: Extract<Change, { type: 'owner' }>,
  { reason }: Reverting,
): Promise<Reverted> {
  const directory = realPath(system, path);
  if ((await lstat(directory).catch(() => null)) === null) return REVERTED;
  if (data !== null && reason === 'uninstall' && (await hasFiles(directory))) {
    return kept(`${path}: it was there before OpenClone; delete what is in it by hand`);
  }
  await chown(directory, previous.user, previous.group);
  await chmod(directory, previous.mode);
  return REVERTED;
}

/** Empty directories do not count, nor the lock of an image directory: the server makes them. */
async function hasFiles(directory: string): Promise<boolean> {
  const found = await lstat(directory).catch(() => null);
  if (found === null) return false;
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const isLock = (entry: { name: string; parentPath: string }): boolean =>
    entry.name === IMAGE_LOCK_NAME && entry.parentPath === directory;
  return entries.some((entry) => !entry.isDirectory() && !isLock(entry));
}

async function removeAccount(
  system: System,
  { type, name }: Extract<Change, { type: 'group' | 'user' }>,
): Promise<Reverted> {
  // 6: there is none; 8: groupdel(8) for the group of a user that is there.
  const [tool, missing] = type === 'user' ? ['userdel', 6] : ['groupdel', 6];
  await system.run(tool, [name], { allowedStatuses: [0, missing] });
  return REVERTED;
}

async function revertPackages(
  system: System,
  change: Extract<Change, { type: 'packages' }>,
): Promise<Reverted> {
  await finishInterrupted(system, () => undefined);
  return removePackages(system.run, change);
}

async function revertUnit(
  system: System,
  { unit, wasEnabled, wasActive }: Extract<Change, { type: 'unit' }>,
): Promise<Reverted> {
  const { run } = system;
  const [theirs] = unit === NFS_UNIT ? await otherExports(system) : [];
  if (theirs !== undefined) return kept(`the service ${unit}: it serves ${theirs} as well`);
  if (!wasActive) await run('systemctl', ['stop', unit], { allowedStatuses: [0, 5] });
  if (!wasEnabled) await run('systemctl', ['disable', unit], { allowedStatuses: [0, 1] });
  await run('systemctl', ['reset-failed', unit], { allowedStatuses: [0, 1] });
  return REVERTED;
}

async function reload({ run }: System, what: 'systemd' | 'exports'): Promise<Reverted> {
  if (what === 'systemd') await run('systemctl', ['daemon-reload']);
  else await readExportsAgain(run);
  return REVERTED;
}

async function closeFirewall(
  { run }: System,
  { networks, dhcpInterfaces }: Extract<Change, { type: 'firewall-rules' }>,
): Promise<Reverted> {
  for (const rule of ufwRules(networks, dhcpInterfaces)) await run('ufw', ['delete', ...rule]);
  return REVERTED;
}
