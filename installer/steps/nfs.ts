/** The NFS export of the root file systems (exports(5), exportfs(8)). */

import { stat } from 'node:fs/promises';
import type { Plan, PlannedFile } from '../plan.ts';
import { realPath, type System } from '../machine/system.ts';
import { NFS_UNIT } from '../tools/exportfs.ts';
import { isUnitActive, isUnitEnabled } from '../tools/systemctl.ts';
import { makeReload } from '../changes/reload.ts';
import { makeUnitRun } from '../changes/unit.ts';
import { filesAreWritten, writeManagedFiles } from './managed-file.ts';
import type { InstallStep } from '../step.ts';
import { EXPORTS_FILE } from '../machine/names.ts';

export const nfs: InstallStep = {
  name: 'nfs',
  title: 'exporting the root file systems by NFS',
  describe: ({ files, answers }) => [
    ...files.exports.map(({ path, purpose }) => `file ${path}: ${purpose}`),
    ...(files.exports.length > 0 && answers.nfsServer === 'kernel'
      ? [`service ${NFS_UNIT}: enabled and started`]
      : []),
  ],
  check: async ({ system, plan }) => {
    if (!(await filesAreWritten(system, await wantedFiles(system, plan)))) return false;
    return !startsServer(plan) || runs(system);
  },
  apply: async ({ system, plan, journal }) => {
    const files = await wantedFiles(system, plan);
    await makeReload({ system, journal }, 'exports', () =>
      writeManagedFiles({ system, journal }, files),
    );
    if (!startsServer(plan)) return;
    await makeUnitRun({ system, journal }, NFS_UNIT, { isStale: false });
    await system.run('exportfs', ['-ra']);
  },
};

/** The site no longer serves by NFS: an export without entries, which the record goes on knowing. */
const NO_EXPORT: PlannedFile = {
  path: EXPORTS_FILE,
  text: '# Root file systems go by HTTP.\n',
  purpose: '',
};

/** A site that has never served by NFS has none. */
async function wantedFiles(system: System, plan: Plan): Promise<readonly PlannedFile[]> {
  const { exports } = plan.files;
  if (exports.length > 0) return exports;
  return (await isExported(system)) ? [NO_EXPORT] : [];
}

function startsServer({ files, answers }: Plan): boolean {
  return files.exports.length > 0 && answers.nfsServer === 'kernel';
}

async function runs({ run }: System): Promise<boolean> {
  return (await isUnitEnabled(run, NFS_UNIT)) && (await isUnitActive(run, NFS_UNIT));
}

async function isExported(system: System): Promise<boolean> {
  return (await stat(realPath(system, EXPORTS_FILE)).catch(() => null)) !== null;
}
