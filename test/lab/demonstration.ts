/** The main job, end to end, as `npm run lab` shows it. */

import { existsSync, mkdirSync, renameSync, rmSync, statSync, statfsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { formatBytes } from '../../lib/format.ts';
import { tellingLine } from '../../lib/exec/tool-words.ts';
import { Image } from '../../lib/model/image.ts';
import type { Bytes } from '../../lib/units.ts';
import { bootDisk } from './boot.ts';
import { explain, type HostOutcome, type LabOutcome, type Report } from './report.ts';
import { openRoom, type BlankDisk, type Room } from './room.ts';
import { makeGptDisk } from './source-disks/gpt.ts';
import type { BootProof } from './source-disks/linux.ts';
import { makeMbrDisk } from './source-disks/mbr.ts';
import { compareDisks, describeDisk, formatDifference, type DiskFacts } from './verify.ts';

export type LabOptions = {
  readonly hosts: number;
  readonly rate?: string;
  readonly source: 'mbr' | 'gpt';
  readonly disk?: string;
  readonly sectorSizeBytes: Bytes;
  readonly transport: string;
  readonly compression: string;
  readonly boot?: boolean;
  readonly bootMarker?: string;
  readonly keep?: string;
};

/** The host to capture from; it comes behind the others. */
const GOLDEN = 'golden';
const IMAGE_NAME = 'golden-image';
const GROUP_NAME = 'room';
const BOOT_TIMEOUT_MS = 240_000;
const SHOWN_DIFFERENCES = 10;

/** What is known of the disk that is captured. */
type Source = {
  readonly file: string;
  readonly device: string;
  readonly sizeBytes: Bytes;
  readonly proof: BootProof | null;
};

/** Never throws: whatever goes wrong is the outcome's reason. Removes everything but kept disks and a failure's logs. */
export async function runLab(
  options: LabOptions,
  report: Report,
  signal: AbortSignal,
): Promise<LabOutcome> {
  const result: Result = { hosts: [], notes: [], imageBytes: null, sentBytes: null, keptIn: null };
  const problems: string[] = [];
  let logDirectory: string | null = null;
  let room: Room | null = null;
  try {
    checkOptions(options);
    room = await report.step(
      `Making a room: a server, a host to capture from, ${count(options.hosts, 'host')} to deploy to`,
      () => openRoom({ ...options, hosts: options.hosts + 1, signal }),
      ({ swept }) => (swept.length > 0 ? `removed what was left of ${swept.join(', ')}` : ''),
    );
    await demonstrate(room, options, report, signal, result);
  } catch (error) {
    problems.push(explain(signal.aborted ? signal.reason : error));
    if (room !== null && !signal.aborted) {
      logDirectory = `/var/tmp/openclone-lab-failed-${process.pid}`;
      room.saveLogs(logDirectory);
    }
  }
  try {
    await room?.close();
  } catch (error) {
    problems.push(explain(error));
  }
  const bad = result.hosts.filter(({ verified }) => !verified).map(({ host }) => host);
  if (problems.length === 0 && bad.length > 0) {
    problems.push(`${bad.join(', ')} ${bad.length === 1 ? 'differs' : 'differ'} from the source`);
  }
  return {
    ...result,
    ok: problems.length === 0,
    reason: problems.length === 0 ? null : problems.join('; '),
    logDirectory,
    steps: report.steps,
    elapsedMs: Math.round(report.elapsedMs),
  };
}

/** Filled while the work goes on, so that a failure later keeps what was found before. */
type Result = {
  hosts: HostOutcome[];
  notes: string[];
  imageBytes: number | null;
  sentBytes: number | null;
  keptIn: string | null;
};

async function demonstrate(
  room: Room,
  options: LabOptions,
  report: Report,
  signal: AbortSignal,
  result: Result,
): Promise<void> {
  const source = await openSource(room, options, report, signal);
  checkSpace(room.directory, source, options);
  const [hashBefore, expected] = await report.step(
    'Reading the source disk: its hash, every file, every boot sector',
    async () =>
      Promise.all([
        hashOf(room, source.file),
        describeDisk(room.run, { ...source, directory: join(room.directory, 'read') }),
      ]),
    ([, { facts }]) => count(facts.size, 'fact'),
  );
  refuseUnreadable(expected);
  result.notes.push(...expected.notes);
  for (const note of expected.notes) report.note(note);
  const golden = options.hosts + 1;
  const targets = await startAll(room, source, options, report);
  await capture(room, golden, source, options, report, result);
  await checkUnchanged(room, source, hashBefore, report);
  await deploy(room, options, report, result);
  await report.step('Ending the engines and the server', () => endAll(room, options.hosts));
  try {
    await verifyAll(room, targets, expected, options, report, signal, result);
    if (source.proof !== null) await boot(room, targets, source.proof, report, signal);
  } finally {
    if (options.keep !== undefined && !signal.aborted) {
      await keep(room, targets, resolve(options.keep));
      result.keptIn = resolve(options.keep);
    }
  }
}

function checkOptions({ disk, boot, bootMarker, source, sectorSizeBytes, keep }: LabOptions): void {
  if (disk !== undefined && !existsSync(disk)) throw new Error(`there is no file ${disk}`);
  if (disk !== undefined && !statSync(disk).isFile()) throw new Error(`${disk} is not a file`);
  if (boot === true && disk !== undefined && bootMarker === undefined) {
    throw new Error(
      '--boot with --disk needs --boot-marker: what the disk prints when it has booted',
    );
  }
  if (boot === true && disk === undefined && (source === 'gpt' || sectorSizeBytes !== 512)) {
    throw new Error('--boot needs a disk that a BIOS starts: the mbr source with 512-byte sectors');
  }
  if (keep !== undefined && existsSync(keep) && !statSync(keep).isDirectory()) {
    throw new Error(`--keep needs a directory, and ${keep} is none`);
  }
}

async function openSource(
  room: Room,
  options: LabOptions,
  report: Report,
  signal: AbortSignal,
): Promise<Source> {
  const { sectorSizeBytes, disk } = options;
  if (disk !== undefined) {
    const device = await room.attachDisk(disk, { sectorSizeBytes, readOnly: true });
    const wanted = options.boot !== false && options.bootMarker !== undefined;
    const proof = wanted ? { marker: options.bootMarker } : null;
    return { file: disk, device, sizeBytes: await sizeOf(room, device), proof };
  }
  const file = join(room.directory, 'source.img');
  const make = { file, directory: join(room.directory, 'make'), sectorSizeBytes, signal };
  const what = {
    mbr: 'MBR with NTFS, FAT32, ext4 (a Linux that boots by GRUB) and swap',
    gpt: 'GPT with ESP, bios_boot, ext4, XFS, btrfs, swap and random bytes',
  };
  const proof = await report.step(
    `Making the source disk: ${what[options.source]}`,
    async () => {
      if (options.source === 'mbr') return makeMbrDisk(room.run, make);
      await makeGptDisk(room.run, make);
      return null;
    },
    () => `${formatBytes(statSync(file).size)}, ${formatBytes(usedBytes(file))} of it used`,
  );
  const device = await room.attachDisk(file, { sectorSizeBytes });
  const bootable = sectorSizeBytes === 512 && options.boot !== false;
  const sizeBytes = await sizeOf(room, device);
  return { file, device, sizeBytes, proof: bootable ? proof : null };
}

function checkSpace(directory: string, source: Source, { hosts, keep }: LabOptions): void {
  const { bavail, bsize } = statfsSync(directory);
  const needed = usedBytes(source.file) * (hosts + 1) + 512 * 1024 * 1024;
  if (bavail * bsize < needed) {
    throw new Error(
      `${count(hosts, 'deployed disk')} and the image need about ${formatBytes(needed)} in /var/tmp` +
        `${keep === undefined ? '' : ` and in ${keep}`}, and ${formatBytes(bavail * bsize)} are free`,
    );
  }
}

/** A source that the lab cannot read proves nothing, however equal the copies are. */
function refuseUnreadable(expected: DiskFacts): void {
  if (expected.unreadable.length === 0) return;
  throw new Error(`the source disk cannot be read as a whole: ${expected.unreadable.join('; ')}`);
}

async function startAll(
  room: Room,
  source: Source,
  options: LabOptions,
  report: Report,
): Promise<BlankDisk[]> {
  const { hosts, sectorSizeBytes } = options;
  return report.step(
    `Starting the server and ${count(hosts + 1, 'engine')}, each in its own network namespace`,
    async () => {
      await room.startServer();
      const targets: BlankDisk[] = [];
      for (let host = 1; host <= hosts; host += 1) {
        targets.push(await room.newBlankDisk(source.sizeBytes, { sectorSizeBytes }));
      }
      const engines = [...targets, source].map(({ device }, index) =>
        room.startEngine(index + 1, [device]),
      );
      await Promise.all(engines);
      const names = targets.map((_, index) => nameOf(index + 1));
      for (const [index, name] of [...names, GOLDEN].entries())
        await room.nameHost(index + 1, name);
      await expectSuccess(room, ['group', 'create', GROUP_NAME, ...names]);
      return targets;
    },
  );
}

async function capture(
  room: Room,
  golden: number,
  source: Source,
  options: LabOptions,
  report: Report,
  result: Result,
): Promise<void> {
  await report.step(
    `Capturing ${source.device} of host "${GOLDEN}"`,
    async () => {
      await watchCommand(room, report, [
        'capture',
        GOLDEN,
        '--disk',
        source.device,
        '--name',
        IMAGE_NAME,
        '--compression',
        options.compression,
      ]);
      const image = ImageShown.parse(await expectSuccess(room, ['image', 'show', IMAGE_NAME]));
      result.imageBytes = image.image.versions[0]?.storedBytes ?? null;
      // The source host is done: what it would use of the machine goes to the others.
      await room.stopEngine(golden);
    },
    () => `the image has ${formatBytes(result.imageBytes ?? 0)}`,
  );
}

const ImageShown = z.object({ image: Image });

async function checkUnchanged(
  room: Room,
  source: Source,
  hashBefore: string,
  report: Report,
): Promise<void> {
  await report.step('Comparing the source disk with itself before the capture', async () => {
    // What was written through the device must be in the file before the file is read.
    await room.run('blockdev', ['--flushbufs', source.device]);
    if ((await hashOf(room, source.file)) !== hashBefore) {
      throw new Error('the capture changed the source disk');
    }
  });
}

async function deploy(
  room: Room,
  options: LabOptions,
  report: Report,
  result: Result,
): Promise<void> {
  await report.step(
    `Deploying it to ${count(options.hosts, 'host')} at once`,
    async () => {
      const before = await room.sentBytes();
      await watchCommand(room, report, [
        'deploy',
        IMAGE_NAME,
        '--to',
        GROUP_NAME,
        '--transport',
        options.transport,
        '--yes',
      ]);
      result.sentBytes = (await room.sentBytes()) - before;
    },
    () =>
      `the server sent ${formatBytes(result.sentBytes ?? 0)} for an image of ` +
      `${formatBytes(result.imageBytes ?? 0)} to ${count(options.hosts, 'host')}`,
  );
}

async function endAll(room: Room, hosts: number): Promise<void> {
  for (let host = 1; host <= hosts; host += 1) {
    const end = await room.stopEngine(host);
    if (end.status !== 0) throw new Error(`the engine of ${nameOf(host)} did not end cleanly`);
  }
  const end = await room.stopServer();
  if (end.status !== 0) throw new Error('the server did not end cleanly');
}

async function verifyAll(
  room: Room,
  targets: readonly BlankDisk[],
  expected: DiskFacts,
  { sectorSizeBytes }: LabOptions,
  report: Report,
  signal: AbortSignal,
  result: Result,
): Promise<void> {
  for (const [index, target] of targets.entries()) {
    const host = nameOf(index + 1);
    await report.step(
      `Verifying ${host} with tools that are not ours`,
      async () => {
        await room.detachDisk(target.device);
        const device = await room.attachDisk(target.file, { sectorSizeBytes, readOnly: true });
        const directory = join(room.directory, `read-${host}`);
        const found = await describeDisk(
          room.run,
          { file: target.file, device, directory },
          signal,
        );
        await room.detachDisk(device);
        const differences = compareDisks(expected, found);
        result.hosts.push({
          host,
          verified: differences.length === 0,
          differences: differences.slice(0, SHOWN_DIFFERENCES).map(formatDifference),
          differenceCount: differences.length,
        });
        return differences.length;
      },
      (differences) => (differences === 0 ? 'identical' : count(differences, 'difference')),
    );
  }
  if (result.hosts.some(({ verified }) => !verified)) {
    throw new Error(
      `${result.hosts.filter(({ verified }) => verified).length} of ${targets.length} hosts verified`,
    );
  }
}

async function boot(
  room: Room,
  targets: readonly BlankDisk[],
  proof: BootProof,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const [first] = targets;
  if (first === undefined) return;
  await report.step(
    `Booting the disk of ${nameOf(1)} in a virtual machine (QEMU, emulated)`,
    async () => {
      const outcome = await bootDisk({
        file: first.file,
        proof,
        logFile: join(room.logDirectory, 'console.log'),
        timeoutMs: BOOT_TIMEOUT_MS,
        signal,
      });
      if (!outcome.booted) throw new Error(`the deployed disk did not boot: ${outcome.reason}`);
    },
    () => `it said "${proof.marker}"`,
  );
}

/** Moves the disks and the images to `directory`; replaces what an earlier lab left there. */
async function keep(room: Room, targets: readonly BlankDisk[], directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const moves = [
    ...targets.map(({ file }, index) => ({ from: file, to: `${nameOf(index + 1)}.img` })),
    { from: room.imageDirectory, to: 'images' },
  ];
  for (const { from, to } of moves) {
    const target = join(directory, to);
    rmSync(target, { recursive: true, force: true });
    try {
      renameSync(from, target);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
      await room.run('cp', ['--recursive', '--sparse=always', from, target]);
    }
  }
}

/** Shows what the command prints; throws with the last lines of it when it fails. */
async function watchCommand(room: Room, report: Report, args: readonly string[]): Promise<void> {
  let said = '';
  const status = await room.cliForPeople(args, (text) => {
    said = (said + text).slice(-2000);
    report.passOn(text);
  });
  if (status !== 0) {
    const command = `openclone ${args.join(' ')}`;
    throw new Error(`\`${command}\` ended with status ${status}: ${tellingLine(said)}`);
  }
}

async function expectSuccess(room: Room, args: readonly string[]): Promise<unknown> {
  const { exitStatus, document, stderr } = await room.cli(args);
  if (exitStatus === 0) return document;
  const said = document === null ? stderr : JSON.stringify(document);
  throw new Error(`\`openclone ${args.join(' ')}\` ended with status ${exitStatus}: ${said}`);
}

/** SHA-256 of a whole file, by a process of its own. */
async function hashOf(room: Room, file: string): Promise<string> {
  // Should the lab be killed, nobody else would end this.
  const { stdout } = await room.run('setpriv', [
    '--pdeathsig',
    'KILL',
    '--',
    'openssl',
    'dgst',
    '-sha256',
    '-r',
    file,
  ]);
  return stdout.split(' ')[0] ?? '';
}

async function sizeOf(room: Room, device: string): Promise<Bytes> {
  const { stdout } = await room.run('blockdev', ['--getsize64', device]);
  return Number(stdout);
}

function usedBytes(file: string): Bytes {
  return statSync(file).blocks * 512;
}

function nameOf(host: number): string {
  return `host-${host}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
