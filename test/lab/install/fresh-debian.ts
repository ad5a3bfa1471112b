/** A Debian with systemd that has an unpacked release, a package repository and answers, and nothing of OpenClone yet. */

import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { packRelease } from '../../../installer/bundle/pack-release.ts';
import { parsePackageList } from '../../../installer/packages.ts';
import { run } from '../../../lib/exec/run.ts';
import { PROGRAM_VERSION } from '../../../lib/protocol/version.ts';
import { sweepLeftovers } from '../registry.ts';
import { Container } from './container.ts';
import { debianBase, packageRepository } from './debian-base.ts';
import { provideRootfsBase } from './rootfs-base.ts';
import type { Suite } from './suite.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');
export const RELEASE = `/lab/release/openclone-${PROGRAM_VERSION}`;
export const PASSWORD = 'korrekt-pferd-batterie';

/** Beside ours: what servers have, and what may be in our way. */
const OTHERS = ['dnsmasq', 'firewalld', 'ufw'];

/** Changed by the system itself at any time, or by apt and dpkg whatever they do. */
const RESTLESS = [
  '/dev',
  '/lab',
  '/proc',
  '/repository',
  '/run',
  '/sys',
  '/tmp',
  '/var/tmp',
  '/var/log',
  '/srv/openclone/netboot',
  '/var/cache/apt',
  '/var/cache/ldconfig',
  '/var/lib/apt',
  '/var/lib/systemd',
  '/var/cache/debconf',
  '/var/lib/dpkg',
];

/** `others`: packages that its repository has beside those. */
export async function freshDebian(
  suite: Suite,
  others: readonly string[] = [],
): Promise<Container> {
  await sweepLeftovers(run);
  const list = parsePackageList(readFileSync(join(PROJECT, 'installer/packages.txt'), 'utf8'));
  const packages = list.filter(({ set }) => set.startsWith('server')).map(({ name }) => name);
  const base = await debianBase(run, suite);
  const repository = await packageRepository(run, base, [...packages, ...OTHERS, ...others]);
  await run(process.execPath, [join(PROJECT, 'installer/build-engine.ts')]);
  const container = await Container.boot({
    base,
    address: '10.79.0.1/24',
    binds: { '/repository': repository },
  });
  const { file } = await packRelease(run, PROJECT, join(container.directory, 'release'));
  // A base is hours old at most and costs a minute to make: the VM lab makes it, or this does.
  await provideRootfsBase(run, container.netbootDirectory, suite);
  // A minimal Debian lacks the xz that every installed one has.
  await run('tar', ['-C', dirname(file), '-xf', file]);
  writeFileSync(join(container.directory, 'password'), `${PASSWORD}\n`);
  chmodSync(join(container.directory, 'password'), 0o600);
  return container;
}

/** Writes /lab/answers.json. */
export function answers(container: Container, more: Readonly<Record<string, unknown>>): void {
  const text = JSON.stringify({
    formatVersion: 1,
    operator: { name: 'anna', passwordFile: '/lab/password' },
    rootTransport: 'ram',
    nfsServer: 'none',
    rootfsPacking: 'quick',
    dhcp: {
      type: 'full',
      firstAddress: '10.79.0.100',
      lastAddress: '10.79.0.200',
      router: null,
      nameServers: [],
      leaseSeconds: 600,
    },
    ...more,
  });
  writeFileSync(join(container.directory, 'answers.json'), text);
}

export async function expectDone(
  container: Container,
  tool: string,
  ...args: string[]
): Promise<string> {
  const { stdout, stderr, exitStatus } = await container.run(tool, ...args);
  assert.equal(exitStatus, 0, `${tool} ${args.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

/** Sorted; without what changes by itself. */
export async function listFiles(container: Container): Promise<string[]> {
  const { stdout } = await container.run('find', '/', '-xdev', '-print');
  return stdout
    .split('\n')
    .filter((path) => path !== '' && !RESTLESS.some((each) => `${path}/`.startsWith(`${each}/`)))
    .filter((path) => !path.includes('/__pycache__'))
    .sort();
}

export async function listPackages(container: Container): Promise<string> {
  return (await container.run('dpkg-query', '--show', '--showformat=${Package}\n')).stdout;
}
