/** The programs that do the work, and what is known to be wrong with their versions. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../../../lib/exec/run.ts';
import { message } from '../../../lib/model/messages/table.ts';
import type { Check, CheckedServer } from '../check.ts';
import { failure, ok, skipped, warning, type Finding, type Words } from '../finding.ts';
import { KNOWN_FAULTS, type KnownFault } from '../known-faults.ts';

/** Debian packages with programs that the server itself runs. */
const SERVER_PACKAGES = ['udpcast', 'dnsmasq-base', 'openssl', 'iproute2'];
/** Of what the hosts run, what has known faults. */
const HOST_PACKAGES = ['partclone', 'udpcast'];
/** dpkg-query(1): not a package of which only the configuration is left. */
const INSTALLED = 'installed ';

export const tools: Check = {
  name: 'tools',
  title: message('check.tools'),
  rootBecause: null,
  perform: async (server) => [...(await onServer(server.run)), ...(await onHosts(server))],
};

async function onServer(run: Run): Promise<Finding[]> {
  const { stdout } = await run(
    'dpkg-query',
    ['--show', '--showformat=${db:Status-Status} ${Package} ${Version}\n', ...SERVER_PACKAGES],
    // 1: one of them is not known.
    { allowedStatuses: [0, 1] },
  );
  const known = stdout.split('\n').filter((line) => line.startsWith(INSTALLED));
  const installed = parsePackages(known.map((line) => line.slice(INSTALLED.length)).join('\n'));
  return Promise.all(
    SERVER_PACKAGES.map((name) => {
      const about = message('about.package-on-server', { name });
      return judgePackage(run, about, name, installed.get(name));
    }),
  );
}

async function onHosts({ build, run }: CheckedServer): Promise<Finding[]> {
  if (build === null) return [];
  const path = join(build.directory, 'packages.txt');
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return [skipped(message('about.hosts'), message('tools.no-list', { path }))];
  const installed = parsePackages(text);
  return Promise.all(
    HOST_PACKAGES.map((name) => {
      const about = message('about.package-on-hosts', { name });
      return judgePackage(run, about, name, installed.get(name));
    }),
  );
}

/** Versions by name, from lines of "NAME VERSION". */
export function parsePackages(text: string): Map<string, string> {
  const lines = text.matchAll(/^(\S+) (\S+)$/gm);
  return new Map([...lines].map(([, name = '', version = '']) => [name, version]));
}

async function judgePackage(
  run: Run,
  about: Words,
  name: string,
  version: string | undefined,
): Promise<Finding> {
  if (version === undefined) {
    const remedy = message('remedy.install-package', { name });
    return failure(about, message('tools.not-installed'), remedy);
  }
  const faults: KnownFault[] = [];
  for (const fault of KNOWN_FAULTS) {
    if (fault.package === name && (await isAffected(run, version, fault))) faults.push(fault);
  }
  return judgeFaults(about, version, faults);
}

export function judgeFaults(about: Words, version: string, faults: readonly KnownFault[]): Finding {
  if (faults.length === 0) return ok(about, message('tools.version', { version }));
  const found = message('tools.faults', { version, faults: faults.map(({ fault }) => fault) });
  // The oldest version has all of them: its remedy is one for the others too.
  const remedy = faults.map((each) => each.remedy).find((each) => each !== null);
  return remedy === undefined ? ok(about, found) : warning(about, found, remedy);
}

/** Debian's own comparison of versions (dpkg(1)). */
async function isAffected(run: Run, version: string, { before }: KnownFault): Promise<boolean> {
  if (before === null) return true;
  const { exitStatus } = await run('dpkg', ['--compare-versions', version, 'lt', before], {
    allowedStatuses: [0, 1],
  });
  return exitStatus === 0;
}
