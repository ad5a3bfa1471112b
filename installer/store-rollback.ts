/** The store in an update that fails: the program before cannot read what the new one has migrated. */

import { chown, copyFile, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { z } from 'zod';
import { describeError, toReport } from '../lib/errors.ts';
import { STORE_DIRECTORY } from './planned-directories.ts';
import type { Obstacle } from './preflight.ts';
import { realPath, type System } from './system.ts';
import { DAEMON_UNIT } from './templates/units.ts';

const STORE = `${STORE_DIRECTORY}/store.json`;
/** The daemon's own copy of the store before its newest write. */
const PREVIOUS = `${STORE}.previous`;

/** What the server of this program makes of a store (server/store/schema.ts). */
export const KNOWN_STORE_VERSION = 3;

const AnyStore = z.object({ schemaVersion: z.int() });

/** Which version the store's file has; null when there is none, or none that can be read. */
export async function readStoreVersion(system: System): Promise<number | null> {
  const text = await readFile(realPath(system, STORE), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return AnyStore.parse(JSON.parse(text)).schemaVersion;
  } catch {
    // The daemon says what is wrong with it.
    return null;
  }
}

/** `by-hand`: the daemon was stopped, since the program before refuses this store; `remedy` says what to do. */
export type StoreTakenBack =
  | { readonly type: 'as-before' }
  | { readonly type: 'taken-back' }
  | { readonly type: 'by-hand'; readonly remedy: string };

/**
 * Takes the daemon's migration of the store back, when it was the only change since `versionBefore`: the copy that the
 * migration kept comes back. What was changed since then is for a person to give up. To be called when the program
 * before is in place again; never throws.
 */
export async function takeBackMigration(
  system: System,
  versionBefore: number | null,
): Promise<StoreTakenBack> {
  const version = await readStoreVersion(system);
  if (version === null || versionBefore === null || version <= versionBefore) {
    return { type: 'as-before' };
  }
  const kept = `${STORE}.version-${versionBefore}`;
  const byHand = (reason: string): StoreTakenBack => ({
    type: 'by-hand',
    remedy: `The store has become version ${version}, which the version of OpenClone before cannot read, and ${reason}: the server is stopped. Install the new version again, which goes on with this store; or go back to the store before this update, and lose what was changed since: mv ${STORE} ${STORE}.version-${version} && cp -p ${kept} ${STORE} && systemctl restart ${DAEMON_UNIT}.`,
  });
  try {
    await system.run('systemctl', ['stop', DAEMON_UNIT], { allowedStatuses: [0, 5] });
    const [before, previous] = await Promise.all(
      [kept, PREVIOUS].map((path) => readFile(realPath(system, path))),
    );
    // Only the migration itself was written since: the store before it is what came before the newest write.
    if (before === undefined || previous?.equals(before) !== true) {
      return byHand('it was changed since');
    }
    await replaceStore(system, kept);
    return { type: 'taken-back' };
  } catch (error) {
    return byHand(`putting ${kept} back failed (${describeError(toReport(error))})`);
  }
}

/** At every moment there is a whole store. */
async function replaceStore(system: System, kept: string): Promise<void> {
  const store = realPath(system, STORE);
  const unfinished = `${store}.put-back`;
  const { uid, gid } = await stat(store);
  await rm(unfinished, { force: true });
  await copyFile(realPath(system, kept), unfinished);
  await chown(unfinished, uid, gid);
  const copy = await open(unfinished, 'r+');
  await copy.sync().finally(() => copy.close());
  await rename(unfinished, store);
}

/** A server of this program would refuse the store of a newer one: said before anything is changed, with the way back. */
export async function newerStoreObstacles(
  system: System,
  known: number = KNOWN_STORE_VERSION,
): Promise<Obstacle[]> {
  const version = await readStoreVersion(system);
  if (version === null || version <= known) return [];
  const kept = `${STORE}.version-${known}`;
  const isKept = (await stat(realPath(system, kept)).catch(() => null)) !== null;
  return [
    {
      what: `a newer OpenClone has made the store version ${version}; this one knows version ${known}`,
      remedy: isKept
        ? `Use the newer one; or go back to the store before its update, and lose what was changed since: systemctl stop ${DAEMON_UNIT} && cp -a ${STORE_DIRECTORY} ${STORE_DIRECTORY}.newer && cp -p ${kept} ${STORE}, and start this installer again.`
        : `Use the newer one: there is no ${kept} to go back to.`,
      canBeForced: false,
    },
  ];
}
