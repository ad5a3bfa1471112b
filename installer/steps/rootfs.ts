/** The root file system that hosts boot, made by netboot-rootfs/main.ts. */

import { lstat, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../../lib/errors.ts';
import { ServerBuildFile } from '../../lib/model/build-file.ts';
import { SITE_FILE } from '../../lib/model/site-file.ts';
import { buildsInUse } from '../running-server/builds-in-use.ts';
import { ENGINE_FILE, NODE_LINK } from '../bundle/program-files.ts';
import { realPath, type System } from '../machine/system.ts';
import type { Plan } from '../plan.ts';
import type { InstallStep } from '../step.ts';
import { COMMAND, CURRENT, STORE_DIRECTORY } from '../machine/names.ts';

const CERTIFICATE = `${STORE_DIRECTORY}/tls/server.crt`;
const NODE = `${CURRENT}/${NODE_LINK.path}`;
const BUILDER = `${CURRENT}/netboot-rootfs/main.ts`;

export const rootfs: InstallStep = {
  name: 'rootfs',
  title: 'building the root file system of the hosts',
  describe: ({ answers, site }) =>
    answers.rootfs === 'later'
      ? []
      : [
          `root file system in ${site.netbootDirectory}: built from this machine's Debian sources (some minutes, about 1 GB)`,
        ],
  check: async ({ system, plan }) =>
    plan.answers.rootfs === 'later' || (!plan.refresh && (await isUpToDate(system, plan))),
  apply: async ({ system, plan, journal, buildsInUse: before, show, say }) => {
    // What else it makes lies in directories that the record has.
    for (const name of ['current', 'previous']) {
      const path = `${plan.site.netbootDirectory}/${name}`;
      const isThere = (await lstat(realPath(system, path)).catch(() => null)) !== null;
      if (isThere || journal.isInOurTree(path)) continue;
      await journal.note({ type: 'file', path, previous: null });
    }
    const site = ['--site', realPath(system, SITE_FILE)];
    await runBuilder(show, [
      'build',
      ...site,
      ...(plan.refresh ? ['--refresh'] : []),
      '--certificate',
      realPath(system, CERTIFICATE),
      '--engine',
      realPath(system, `${CURRENT}/${ENGINE_FILE}`),
      ...hardwareOptions(plan),
      ...(plan.answers.rootfsPacking === 'quick' ? ['--quick-packing'] : []),
    ]);
    await runBuilder(show, ['activate', ...site]);
    const used = await buildsInUse(system);
    if (used === null) {
      say('Old builds stay, because the server does not say which of them hosts run from.');
    } else {
      await runBuilder(show, [
        'prune',
        ...site,
        ...[...before, ...used].flatMap((id) => ['--keep', id]),
      ]);
    }
    // The server would notice by itself, but doctor looks at once.
    await system.run(realPath(system, COMMAND), ['boot', 'refresh']);
  },
};

function hardwareOptions({ answers }: Plan): string[] {
  const option = (name: string, isWanted: boolean | null): string[] =>
    isWanted === null ? [] : [isWanted ? `--${name}` : `--no-${name}`];
  return [
    ...option('server-hardware', answers.serverHardware),
    ...option('firmware', answers.networkFirmware),
  ];
}

async function runBuilder(
  show: (tool: string, args: readonly string[]) => Promise<number>,
  args: readonly string[],
): Promise<void> {
  const status = await show(NODE, [BUILDER, ...args]);
  if (status === 0) return;
  throw new OperatorError({
    code: 'tool-failed',
    message: `running ${[NODE, BUILDER, ...args].join(' ')} (exit status ${status})`,
    hint: 'See what it said above. With "rootfs": "later" in a file of answers this step is left out.',
  });
}

/** The current build has the engine and the certificate of this server, and the form that hosts fetch. */
async function isUpToDate(system: System, { site, answers }: Plan): Promise<boolean> {
  const build = realPath(system, join(site.netbootDirectory, 'current'));
  const inside = join(build, 'rootfs');
  const pairs = [
    [`${CURRENT}/${ENGINE_FILE}`, 'usr/lib/openclone/engine.js'],
    [CERTIFICATE, 'etc/openclone/server.crt'],
  ] as const;
  for (const [ours, theirs] of pairs) {
    const wanted = await readFile(realPath(system, ours)).catch(() => null);
    const found = await readFile(join(inside, theirs)).catch(() => null);
    if (wanted === null || found === null || !wanted.equals(found)) return false;
  }
  const file = await readBuildFile(join(build, 'build.json'));
  const { serverHardware, networkFirmware } = answers;
  if (serverHardware !== null && serverHardware !== file?.serverHardware) return false;
  if (networkFirmware !== null && networkFirmware !== file?.firmware) return false;
  return (await stat(join(build, 'rootfs.squashfs')).catch(() => null)) !== null;
}

async function readBuildFile(path: string): Promise<ServerBuildFile | null> {
  try {
    return ServerBuildFile.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // Whatever it is, a new one takes its place.
    return null;
  }
}
