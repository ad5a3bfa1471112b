/** A room of the lab in which commands are timed: a host that is captured from, hosts with blank disks, the server. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Manifest, streamsOf } from '../../lib/model/image.ts';
import { isSuccess, Task } from '../../lib/model/task.ts';
import { describeError } from '../../lib/errors.ts';
import { ErrorReport } from '../../lib/model/error-report.ts';
import type { Bytes } from '../../lib/units.ts';
import { addPartitions } from '../lab/loop-device.ts';
import { writeTable } from '../lab/sfdisk.ts';
import { MEBIBYTE, type SourceOptions } from '../lab/source-disks/layout.ts';
import { openRoom, type BlankDisk, type Room } from '../lab/room.ts';
import { ProcessorSampler } from './processor-use.ts';

/** Sparse, and large enough for every image that is made here. */
const TARGET_BYTES = 4096 * MEBIBYTE;
const SECTOR_BYTES = 512;

export type SourceDisk = { readonly file: string; readonly device: string };

/** A command of `openclone` that ended well. Times are Date.now(). */
export type TimedTask = {
  readonly task: Task;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
};

export type StoredImage = {
  readonly name: string;
  readonly manifest: Manifest;
  /** The files of its streams, in the order in which a session sends them. */
  readonly files: readonly string[];
  /** Bytes of these files. */
  readonly sizeBytes: Bytes;
  /** Before compression. */
  readonly rawBytes: Bytes;
};

const ImageShown = z.object({ manifest: Manifest, directory: z.string() });
const FailureShown = z.looseObject({ error: ErrorReport });
const SessionStarted = z.object({ event: z.literal('session-started'), time: z.iso.datetime() });

export class BenchRoom {
  readonly room: Room;
  /** Hosts are numbered from 1; the one after the last is captured from. */
  readonly hosts: number;
  readonly sampler = new ProcessorSampler();
  readonly #signal: AbortSignal;
  readonly #targets: BlankDisk[] = [];

  private constructor(room: Room, hosts: number, signal: AbortSignal) {
    this.room = room;
    this.hosts = hosts;
    this.#signal = signal;
  }

  /** Opens a room with `hosts` hosts besides the one that is captured from, does `work`, removes everything. */
  static async with<T>(
    options: { readonly hosts: number; readonly signal: AbortSignal },
    work: (room: BenchRoom) => Promise<T>,
  ): Promise<T> {
    const { hosts, signal } = options;
    const room = new BenchRoom(await openRoom({ hosts: hosts + 1, signal }), hosts, signal);
    try {
      await room.room.startServer();
      return await work(room);
    } finally {
      room.sampler.stop();
      await room.room.close();
    }
  }

  /** Makes a source disk by `make` and attaches it. */
  async addSource(
    name: string,
    make: (options: SourceOptions) => Promise<unknown>,
  ): Promise<SourceDisk> {
    const file = join(this.room.directory, `${name}.img`);
    const directory = join(this.room.directory, `make-${name}`);
    mkdirSync(directory, { recursive: true });
    await make({ file, directory, sectorSizeBytes: SECTOR_BYTES, signal: this.#signal });
    return { file, device: await this.room.attachDisk(file) };
  }

  async startSourceEngine(sources: readonly SourceDisk[]): Promise<void> {
    await this.room.startEngine(
      this.hosts + 1,
      sources.map(({ device }) => device),
    );
  }

  /** What it uses of the machine goes to the others. */
  async stopSourceEngine(): Promise<void> {
    await this.room.stopEngine(this.hosts + 1);
  }

  get sourceEnginePid(): number {
    return this.room.engine(this.hosts + 1).pid;
  }

  get serverPid(): number {
    return this.room.server.pid;
  }

  /** Gives every other host a blank disk and starts its engine. */
  async startTargetEngines(): Promise<void> {
    for (let host = 1; host <= this.hosts; host += 1) {
      const disk = await this.room.newBlankDisk(TARGET_BYTES);
      this.#targets.push(disk);
      await this.room.startEngine(host, [disk.device]);
    }
  }

  enginePids(hosts: number): number[] {
    return Array.from({ length: hosts }, (_, index) => this.room.engine(index + 1).pid);
  }

  /** The disk of a host, which begins with 1. */
  target(host: number): string {
    const disk = this.#targets[host - 1];
    if (disk === undefined) throw new RangeError(`host ${host} has no disk`);
    return disk.device;
  }

  /** Gives a host's disk the image's partition table, and its partitions their device files, by sfdisk and partx. */
  async writeTable(image: StoredImage, host: number): Promise<void> {
    const device = this.target(host);
    await writeTable(this.room.run, device, image.manifest.sfdiskDump.trim().split('\n'));
    await addPartitions(this.room.run, device);
  }

  /** Empties all targets, so that every deployment finds the same, and lets the disk below finish what it has to do. */
  async settle(): Promise<void> {
    for (const { device } of this.#targets) {
      await this.room.run('partx', ['--delete', device], { allowedStatuses: [0, 1] });
      await this.room.run('blkdiscard', ['--force', device]);
    }
    await this.room.run('sync', ['--file-system', this.room.directory]);
  }

  async capture(source: SourceDisk, name: string): Promise<TimedTask> {
    return this.#timed([
      'capture',
      this.room.hostMac(this.hosts + 1),
      '--disk',
      source.device,
      '--name',
      name,
    ]);
  }

  /** Deploys to the first `hosts` hosts. */
  async deploy(
    image: string,
    hosts: number,
    transport: 'auto' | 'multicast' | 'unicast',
  ): Promise<TimedTask> {
    const macs = Array.from({ length: hosts }, (_, index) => this.room.hostMac(index + 1));
    return this.#timed(['deploy', image, '--to', ...macs, '--transport', transport, '--yes']);
  }

  async image(name: string): Promise<StoredImage> {
    const { document } = await this.room.cli(['image', 'show', name]);
    const { manifest, directory } = ImageShown.parse(document);
    const streams = streamsOf(manifest);
    const sum = (values: readonly number[]): number =>
      values.reduce((total, value) => total + value, 0);
    return {
      name,
      manifest,
      files: streams.map((stream) => join(directory, stream.name)),
      sizeBytes: sum(streams.map(({ sizeBytes }) => sizeBytes)),
      rawBytes: sum(streams.map(({ rawBytes }) => rawBytes)),
    };
  }

  async deleteImage(name: string): Promise<void> {
    await this.room.cli(['image', 'delete', name, '--yes']);
  }

  /** When udp-sender last said "Starting transfer" while the command ran; null when it did not. */
  transferStartMs({ startedAtMs }: TimedTask): number | null {
    const times = this.room.server.lines.flatMap((line) => {
      const started = SessionStarted.safeParse(line);
      return started.success ? [Date.parse(started.data.time)] : [];
    });
    return times.findLast((time) => time >= startedAtMs) ?? null;
  }

  async #timed(args: readonly string[]): Promise<TimedTask> {
    this.#signal.throwIfAborted();
    const startedAtMs = Date.now();
    const { exitStatus, document, stderr } = await this.room.cli(args);
    const endedAtMs = Date.now();
    const task = Task.safeParse(document);
    if (exitStatus === 0 && task.success && task.data.runs.every(({ state }) => isSuccess(state))) {
      return { task: task.data, startedAtMs, endedAtMs };
    }
    throw new Error(
      `\`openclone ${args.join(' ')}\` ended with status ${exitStatus}: ${complaintOf(document, stderr)}`,
    );
  }
}

/** Throws when the step is not in the task's first run, or did not run. */
export function stepTimes(
  run: Task['runs'][number],
  id: string,
): { readonly startedAtMs: number; readonly endedAtMs: number } {
  const step = run.steps.findLast((candidate) => candidate.id === id);
  if (step?.startedAt == null || step.endedAt === null) throw new Error(`there was no step ${id}`);
  return { startedAtMs: Date.parse(step.startedAt), endedAtMs: Date.parse(step.endedAt) };
}

function complaintOf(document: unknown, stderr: string): string {
  const failure = FailureShown.safeParse(document);
  if (failure.success) return describeError(failure.data.error);
  const task = Task.safeParse(document);
  const errors = task.success ? task.data.runs.flatMap(({ error }) => error ?? []) : [];
  return errors.length > 0 ? errors.map(describeError).join('; ') : stderr.trim().slice(-600);
}
