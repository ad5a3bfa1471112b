/** The store in an update that fails: the program before cannot read what the new one has migrated. */

import { describeError, toReport } from '../../lib/errors.ts';
import type { StoreState } from '../../lib/model/store-state.ts';
import { CURRENT, DAEMON_UNIT } from '../machine/names.ts';
import type { AfterRollBack, RollBackRest, StepContext } from '../step.ts';
import type { System } from '../machine/system.ts';
import { copyOf, readStoreState, restoreStore } from '../tools/server-store.ts';

const NOTHING_LEFT: RollBackRest = { restart: [], leaveStopped: [], exception: null };

/**
 * Remembers which version the store has. When the program before is in place again after that, the daemon's migration
 * of the store is taken back as well, if it was the only change: what was changed since is for a person to give up.
 */
export async function prepareStoreRollBack({ system, plan }: StepContext): Promise<AfterRollBack> {
  const { sourceDirectory } = plan;
  const before = (await readStoreState(system, sourceDirectory))?.version ?? null;
  return async (undone) => {
    const isProgramBack = undone.some(
      (change) =>
        change.type === 'link' && change.path === CURRENT && change.previousTarget !== null,
    );
    if (!isProgramBack || before === null) return NOTHING_LEFT;
    return rollBackStore(system, sourceDirectory, before);
  };
}

async function rollBackStore(
  system: System,
  sourceDirectory: string,
  versionBefore: number,
): Promise<RollBackRest> {
  let state: StoreState | null = null;
  try {
    state = await readStoreState(system, sourceDirectory);
    if (state === null || (state.version ?? 0) <= versionBefore) return NOTHING_LEFT;
    await system.run('systemctl', ['stop', DAEMON_UNIT], { allowedStatuses: [0, 5] });
    const { type } = await restoreStore(system, sourceDirectory, versionBefore);
    if (type === 'restored') return { ...NOTHING_LEFT, restart: [DAEMON_UNIT] };
    return byHand(state, versionBefore, 'it was changed since');
  } catch (error) {
    const reason = `putting back what it was failed (${describeError(toReport(error))})`;
    return state === null ? NOTHING_LEFT : byHand(state, versionBefore, reason);
  }
}

/** The daemon stays stopped: the one before would only refuse this store, again and again. */
function byHand(
  { path, version, copies }: StoreState,
  versionBefore: number,
  reason: string,
): RollBackRest {
  const kept = copyOf(copies, versionBefore);
  const remedy = [
    `The store has become version ${version}, which the version of OpenClone before cannot read, and ${reason}: the server is stopped.`,
    'Install the new version again, which goes on with this store;',
    kept === null
      ? 'or restore the store from a backup.'
      : `or go back to the store before this update, and lose what was changed since: mv ${path} ${path}.newer && cp -p ${kept} ${path} && systemctl restart ${DAEMON_UNIT}.`,
  ].join(' ');
  return { restart: [], leaveStopped: [DAEMON_UNIT], exception: { what: 'the store', remedy } };
}
