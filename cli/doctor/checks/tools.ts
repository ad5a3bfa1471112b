/** The programs that do the work, and what is known to be wrong with their versions. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../../../lib/exec/run.ts';
import type { Check, Patient } from '../check.ts';
import { failure, ok, skipped, warning, type Finding } from '../finding.ts';
import { KNOWN_FAULTS, type KnownFault } from '../known-faults.ts';

/** Debian packages with programs that the server itself runs. */
const SERVER_PACKAGES = ['udpcast', 'dnsmasq-base', 'openssl', 'iproute2'];
/** Of what the hosts run, what has known faults. */
const HOST_PACKAGES = ['partclone', 'udpcast'];
/** dpkg-query(1): not a package of which only the configuration is left. */
const INSTALLED = 'installed ';

export const tools: Check = {
  name: 'tools',
  title: 'versions of tools',
  rootBecause: null,
  examine: async (patient) => [...(await onServer(patient.run)), ...(await onHosts(patient))],
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
    SERVER_PACKAGES.map((name) => judgePackage(run, 'this server', name, installed.get(name))),
  );
}

async function onHosts({ build, run }: Patient): Promise<Finding[]> {
  if (build === null) return [];
  const path = join(build.directory, 'packages.txt');
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return [skipped('hosts', `the list of packages cannot be read: ${path}`)];
  const installed = parsePackages(text);
  return Promise.all(
    HOST_PACKAGES.map((name) => judgePackage(run, 'hosts', name, installed.get(name))),
  );
}

/** Versions by name, from lines of "NAME VERSION". */
export function parsePackages(text: string): Map<string, string> {
  const lines = text.matchAll(/^(\S+) (\S+)$/gm);
  return new Map([...lines].map(([, name = '', version = '']) => [name, version]));
}

async function judgePackage(
  run: Run,
  where: string,
  name: string,
  version: string | undefined,
): Promise<Finding> {
  const about = `${name} (${where})`;
  if (version === undefined) {
    const found = 'the Debian package is not installed';
    return failure(about, found, `Run \`sudo ./install.sh\` again, or: apt-get install ${name}`);
  }
  const faults: KnownFault[] = [];
  for (const fault of KNOWN_FAULTS) {
    if (fault.package === name && (await isAffected(run, version, fault))) faults.push(fault);
  }
  return judgeFaults(about, version, faults);
}

export function judgeFaults(
  about: string,
  version: string,
  faults: readonly KnownFault[],
): Finding {
  const texts = faults.map(({ fault }) => fault).join('; ');
  const remedies = faults.flatMap(({ remedy }) => (remedy === null ? [] : [remedy]));
  if (remedies.length > 0) return warning(about, `${version}: ${texts}`, remedies.join('\n'));
  return ok(about, texts === '' ? version : `${version}: ${texts}`);
}

/** Debian's own comparison of versions (dpkg(1)). */
async function isAffected(run: Run, version: string, { before }: KnownFault): Promise<boolean> {
  if (before === null) return true;
  const { exitStatus } = await run('dpkg', ['--compare-versions', version, 'lt', before], {
    allowedStatuses: [0, 1],
  });
  return exitStatus === 0;
}
