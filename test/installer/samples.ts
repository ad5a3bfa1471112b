/** A machine, answers and a plan for tests of the installer. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run as runReally, type Run } from '../../lib/exec/run.ts';
import type { Answers } from '../../installer/answers.ts';
import { Journal } from '../../installer/changes/journal.ts';
import { makePlan, type Plan } from '../../installer/plan.ts';
import { siteFromAnswers } from '../../installer/site-from-answers.ts';
import type { StepContext } from '../../installer/step.ts';
import type { System } from '../../installer/machine/system.ts';
import type { Environment } from '../../installer/facts/environment.ts';

/** Where the installer's own files lie: those of this project. */
const PROJECT = join(import.meta.dirname, '../..');

export const SAMPLE_ANSWERS: Answers = {
  interfaceName: 'eth1',
  serverAddress: '10.77.0.1',
  dhcp: { type: 'proxy' },
  otherSubnets: [],
  onlyNetboot: true,
  tftpDirectory: '/srv/openclone/tftp',
  netbootDirectory: '/srv/openclone/netboot',
  imageDirectory: '/srv/openclone/images',
  rootTransport: 'nfs',
  nfsServer: 'kernel',
  httpPort: 80,
  enginePort: 7077,
  biosLocalBoot: 'first-disk',
  uefiLocalBoot: 'search',
  kernelOptions: '',
  automaticRegistration: true,
  operator: null,
  rootfs: 'build',
  serverHardware: null,
  networkFirmware: null,
  rootfsPacking: 'thorough',
  firewall: 'open',
};

export function samplePlan(
  more: Partial<Answers> = {},
  rest: Partial<Pick<Plan, 'firewall' | 'isUpdate' | 'sourceDirectory'>> = {},
): Plan {
  const answers = { ...SAMPLE_ANSWERS, ...more };
  return makePlan({
    answers,
    site: siteFromAnswers(answers, 24, null),
    sourceDirectory: PROJECT,
    isUpdate: false,
    firewall: 'none',
    refresh: false,
    packageList: [
      { set: 'server', name: 'udpcast', reason: 'multicast' },
      { set: 'server', name: 'openssl', reason: 'certificate' },
      { set: 'server-nfs', name: 'nfs-kernel-server', reason: 'NFS' },
      { set: 'lab', name: 'busybox-static', reason: 'the lab' },
    ],
    installedPackages: new Set(['openssl']),
    ...rest,
  });
}

export function sampleEnvironment(more: Partial<Environment> = {}): Environment {
  return {
    isUpdate: false,
    interfaces: [
      { name: 'eth0', isUp: true, addresses: [{ address: '192.168.1.5', prefixLength: 24 }] },
      { name: 'eth1', isUp: true, addresses: [{ address: '10.77.0.1', prefixLength: 24 }] },
    ],
    defaultRoute: { interfaceName: 'eth1', gateway: '10.77.0.254' },
    nameServers: ['10.77.0.253'],
    portHolders: [],
    canServeNfs: true,
    firewall: 'none',
    freeSpaceOf: () => Promise.resolve(5_000_000_000),
    findDhcpServers: () => Promise.resolve({ type: 'known', offering: [], proxies: [] }),
    ...more,
  };
}

/** What a program that was started was given, and what it answers. */
export type Call = readonly [string, ...string[]];

/**
 * A machine in a directory: `answer` says what each program prints, or throws; by default they print nothing. `calls`
 * keeps what was started.
 */
export async function withMachine(
  use: (system: System, calls: Call[]) => Promise<void>,
  answer: (call: Call) => string | { stdout: string; stderr?: string; exitStatus: number } = () =>
    '',
): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'openclone-machine-'));
  const calls: Call[] = [];
  const run: Run = (tool, args, options) => {
    // The server's own program says what the store of this machine is.
    if (tool === process.execPath) return runReally(tool, args, options);
    const call: Call = [tool, ...args];
    calls.push(call);
    try {
      const said = answer(call);
      return Promise.resolve({
        stderr: '',
        ...(typeof said === 'string' ? { stdout: said, exitStatus: 0 } : said),
      });
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error('no error'));
    }
  };
  try {
    await mkdir(join(root, 'etc'));
    await writeFile(join(root, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\ndnsmasq:x:105:65534::/:/\n');
    await writeFile(join(root, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
    await use({ run, root, operatorSocket: join(root, 'server.sock') }, calls);
  } finally {
    await rm(root, { recursive: true });
  }
}

export async function sampleContext(
  system: System,
  plan: Plan,
  said: string[] = [],
): Promise<StepContext> {
  return {
    system,
    plan,
    journal: await Journal.open(system, '9.9.9'),
    say: (text) => void said.push(text),
    show: () => Promise.resolve(0),
    buildsInUse: [],
  };
}
