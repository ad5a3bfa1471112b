/** The NFS export of the root file systems (exports(5), exportfs(8)). */

import { stat } from 'node:fs/promises';
import { type Plan } from '../plan.ts';
import { realPath, type System } from '../system.ts';
import { NFS_UNIT, readExportsAgain } from '../tools/exportfs.ts';
import { isUnitActive, isUnitEnabled } from '../tools/systemctl.ts';
import type { Journal } from '../changes/journal.ts';
import { filesAreWritten, writeOwnFiles } from './own-file.ts';
import type { InstallStep } from '../step.ts';
import { EXPORTS_FILE } from '../names.ts';

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
    if (!(await filesAreWritten(system, plan.files.exports))) return false;
    if (plan.files.exports.length === 0) return !(await isExported(system));
    return !startsServer(plan) || runs(system);
  },
  apply: async ({ system, plan, journal }) => {
    await journal.note({ type: 'reload', what: 'exports' });
    if (plan.files.exports.length > 0) await writeOwnFiles(system, journal, plan.files.exports);
    else await withdraw(system, journal);
    if (!startsServer(plan)) return;
    const wasEnabled = await isUnitEnabled(system.run, NFS_UNIT);
    const wasActive = await isUnitActive(system.run, NFS_UNIT);
    await journal.note({ type: 'unit', unit: NFS_UNIT, wasEnabled, wasActive });
    await system.run('systemctl', ['enable', '--now', NFS_UNIT]);
    await system.run('exportfs', ['-ra']);
  },
};

function startsServer({ files, answers }: Plan): boolean {
  return files.exports.length > 0 && answers.nfsServer === 'kernel';
}

async function runs({ run }: System): Promise<boolean> {
  return (await isUnitEnabled(run, NFS_UNIT)) && (await isUnitActive(run, NFS_UNIT));
}

async function isExported(system: System): Promise<boolean> {
  return (await stat(realPath(system, EXPORTS_FILE)).catch(() => null)) !== null;
}

/** The site no longer serves by NFS: an export without entries, which the record goes on knowing. */
async function withdraw(system: System, journal: Journal): Promise<void> {
  const text = '# Root file systems go by HTTP.\n';
  await writeOwnFiles(system, journal, [{ path: EXPORTS_FILE, text, purpose: '' }]);
  await readExportsAgain(system.run);
}
