/** A small installed server in a namespace: its site, its boot files, dnsmasq as installed, and the real daemon. */

import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { allBootFiles } from '../../../cli/doctor/boot-files.ts';
import { dnsmasqConfig, LEASE_FILE } from '../../../installer/templates/dnsmasq.ts';
import { run, type RunResult } from '../../../lib/exec/run.ts';
import { ServerBuildFile } from '../../../lib/model/build-file.ts';
import { Message } from '../../../lib/model/message.ts';
import { Site, type DhcpMode } from '../../../lib/model/site.ts';
import { PROGRAM_VERSION } from '../../../lib/protocol/version.ts';
import { loadCertificate } from '../../../server/net/certificate.ts';
import { Program } from '../../lab/program.ts';
import { withDhcpRoom, type DhcpRoom } from '../../lib/dhcp/dhcp-room.ts';
import { CLI_PROGRAM } from '../small-server.ts';

const SERVER_PROGRAM = fileURLToPath(new URL('../../../server/main.ts', import.meta.url));
const BUILD_ID = '20261121-113000-1a2b';

export type InstalledServer = {
  readonly room: DhcpRoom;
  readonly namespace: string;
  readonly site: Site;
  /** NETBOOT/builds/ID */
  readonly buildDirectory: string;
  /** Runs `openclone doctor --json` on it. */
  readonly doctor: () => Promise<Report>;
  /** What it says in German. */
  readonly doctorInGerman: () => Promise<string>;
};

export type Report = {
  readonly exitStatus: number;
  /** All findings of a check. */
  readonly findings: (check: string) => readonly SaidFinding[];
};

const SaidFinding = z.object({
  type: z.enum(['ok', 'warning', 'failure', 'skipped']),
  about: z.string(),
  found: z.string(),
  /** Of an unfinished check there is none. */
  foundMessage: Message.optional(),
  remedy: z.string().nullable(),
});
export type SaidFinding = z.infer<typeof SaidFinding>;

const Output = z.object({
  exitStatus: z.number(),
  checks: z.array(z.object({ name: z.string(), findings: z.array(SaidFinding) })),
});

/** Gives addresses itself. */
export const FULL_DHCP: DhcpMode = {
  type: 'full',
  firstAddress: '10.91.7.100',
  lastAddress: '10.91.7.150',
  router: null,
  nameServers: [],
  leaseSeconds: 600,
};

/** Gives `work` a server that is in good order, and removes all of it. */
export async function withInstalledServer(
  dhcp: DhcpMode,
  work: (server: InstalledServer) => Promise<void>,
): Promise<void> {
  await withDhcpRoom(async (room) => {
    // dnsmasq reads the boot files as a user of its own.
    chmodSync(room.directory, 0o755);
    const site = siteIn(room.directory, dhcp);
    const siteFile = join(room.directory, 'site.json');
    writeFileSync(siteFile, JSON.stringify(site), { mode: 0o644 });
    const data = join(room.directory, 'data');
    const buildDirectory = await makeBuild(site, data);
    const namespace = await room.addMachine('srv', 1);
    const configFile = join(room.directory, 'dnsmasq.conf');
    const leases = join(room.directory, 'leases');
    writeFileSync(leases, '', { mode: 0o666 });
    chmodSync(leases, 0o666);
    writeFileSync(configFile, dnsmasqConfig(site).replace(LEASE_FILE, leases));
    await room.startConfigured(namespace, configFile);
    const socket = join(room.directory, 'server.sock');
    const server = new Program({
      name: 'server',
      namespace,
      file: SERVER_PROGRAM,
      args: ['--site', siteFile, '--data', data, '--socket', socket, '--socket-group', 'root'],
      logFile: join(room.directory, 'server.log'),
    });
    await server.waitForEvent('ready', 30_000);
    const args = ['--site', siteFile, '--data', data, '--socket', socket];
    const runDoctor = async (...more: string[]): Promise<RunResult> =>
      run(
        'ip',
        ['netns', 'exec', namespace, process.execPath, CLI_PROGRAM, 'doctor', ...args, ...more],
        { allowedStatuses: [0, 18, 19], timeoutMs: 60_000 },
      );
    const doctor = async (): Promise<Report> => {
      const { stdout, exitStatus } = await runDoctor('--json');
      const { checks } = Output.parse(JSON.parse(stdout));
      return {
        exitStatus,
        findings: (check) => checks.find(({ name }) => name === check)?.findings ?? [],
      };
    };
    const doctorInGerman = async (): Promise<string> =>
      (await runDoctor('--language', 'de')).stdout;
    await work({ room, namespace, site, buildDirectory, doctor, doctorInGerman });
  });
}

function siteIn(directory: string, dhcp: DhcpMode): Site {
  return Site.parse({
    formatVersion: 1,
    subnets: [
      {
        name: 'main',
        interfaceName: 'eth0',
        serverAddress: '10.91.7.1',
        networkAddress: '10.91.7.0',
        prefixLength: 24,
        relayed: false,
        dhcp,
      },
    ],
    onlyNetboot: true,
    tftpDirectory: join(directory, 'tftp'),
    netbootDirectory: join(directory, 'netboot'),
    imageDirectory: join(directory, 'images'),
    rootTransport: 'ram',
    httpPort: 80,
    enginePort: 7077,
    biosLocalBoot: 'first-disk',
    uefiLocalBoot: 'next-entry',
    kernelOptions: '',
  });
}

/** A build in the form of netboot-rootfs, tiny, and its kernel and loaders for TFTP; the daemon adds its files. */
async function makeBuild(site: Site, data: string): Promise<string> {
  mkdirSync(data, { recursive: true });
  mkdirSync(site.imageDirectory, { recursive: true });
  const certificate = await loadCertificate(run, data);
  const file = ServerBuildFile.parse({
    formatVersion: 1,
    id: BUILD_ID,
    builtAt: '2026-11-21T11:30:00.000Z',
    programVersion: PROGRAM_VERSION,
    kernel: '6.1.0-1-amd64',
    suite: 'bookworm',
    base: '0123456789abcdef',
    squashfs: { sizeBytes: 5000, sha256: '0'.repeat(64) },
  });
  const directory = join(site.netbootDirectory, 'builds', BUILD_ID);
  const put = (path: string, content: string | Buffer): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  };
  put(join(directory, 'build.json'), JSON.stringify(file));
  put(join(directory, 'vmlinuz'), Buffer.alloc(70_000, 'kernel'));
  put(join(directory, 'initrd.img'), Buffer.alloc(90_000, 'initramfs'));
  put(join(directory, 'rootfs.squashfs'), Buffer.alloc(5000, 'squashfs'));
  put(join(directory, 'rootfs/usr/lib/openclone/init'), '#!/bin/sh\n');
  put(join(directory, 'rootfs/usr/lib/openclone/engine.js'), '// engine\n');
  put(join(directory, 'rootfs/etc/openclone/server.crt'), certificate.certificate);
  put(join(directory, 'packages.txt'), 'partclone 0.3.47-1\nudpcast 0.3.47-1\n');
  symlinkSync(`builds/${BUILD_ID}`, join(site.netbootDirectory, 'current'));
  for (const name of allBootFiles(site, null)) {
    const path = join(site.tftpDirectory, name);
    mkdirSync(dirname(path), { recursive: true });
    if (!/\.cfg|pxelinux\.cfg/.test(name)) put(path, Buffer.alloc(3000, name));
  }
  for (const name of ['vmlinuz', 'initrd.img']) {
    const path = join(site.tftpDirectory, 'boot', BUILD_ID, name);
    mkdirSync(dirname(path), { recursive: true });
    cpSync(join(directory, name), path);
  }
  return directory;
}
