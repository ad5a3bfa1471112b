/** `npm run lab -- --stay`: a room of virtual hosts that stays, to try UI and command line on without any hardware. */

import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { run } from '../../lib/exec/run.ts';
import { formatBytes } from '../../lib/format.ts';
import { explain, type Report } from './report.ts';
import { openRoom, type Room } from './room.ts';
import { endStayingRooms, sweepLeftovers } from './registry.ts';
import { makeSmallDisk } from './small-disk.ts';

export type StayOptions = {
  readonly hosts: number;
  readonly rate?: string;
  /** Of each host's blank disk. */
  readonly sizeMebibytes: number;
};

const GOLDEN = 'golden';
const IMAGE = 'small';
const GROUP = 'room';
/** What a machine takes to start, about. */
const RESTART_MS = 3000;

/** Stays until `signal`; returns why the room could not be opened, or null. Leaves nothing behind. */
export async function runStaying(
  options: StayOptions,
  report: Report,
  signal: AbortSignal,
): Promise<string | null> {
  let room: Room | null = null;
  let reason: string | null = null;
  try {
    room = await report.step(
      `Making a room: a server and ${options.hosts + 1} virtual hosts`,
      () => openRoom({ ...options, hosts: options.hosts + 1, stays: true, signal }),
      ({ swept }) => (swept.length > 0 ? `removed what was left of ${swept.join(', ')}` : ''),
    );
    await furnish(room, options, report);
    for (const text of invitation(room, options)) report.say(text);
    await untilAborted(signal);
  } catch (error) {
    if (!signal.aborted) reason = explain(error);
  }
  try {
    report.say('Closing the room ...');
    await room?.close();
  } catch (error) {
    reason ??= explain(error);
  }
  return reason;
}

/** Ends all rooms that stay, and removes what killed labs have left; returns the names of both. */
export async function endRooms(): Promise<{
  readonly ended: readonly string[];
  readonly swept: readonly string[];
}> {
  const ended = await endStayingRooms();
  return { ended, swept: await sweepLeftovers(run) };
}

async function furnish(room: Room, options: StayOptions, report: Report): Promise<void> {
  const { hosts, sizeMebibytes } = options;
  const golden = hosts + 1;
  const source = await report.step(`Making the disk of host "${GOLDEN}"`, async () => {
    const file = join(room.directory, 'source.img');
    await makeSmallDisk(room.run, file, join(room.directory, 'make'));
    return room.attachDisk(file);
  });
  await report.step(`Starting the server and ${hosts + 1} engines`, async () => {
    await room.startServer();
    const devices: string[] = [];
    for (let host = 1; host <= hosts; host += 1) {
      devices.push((await room.newBlankDisk(sizeMebibytes * 1024 * 1024)).device);
    }
    devices.push(source);
    await Promise.all(devices.map((device, index) => room.startEngine(index + 1, [device])));
    for (let host = 1; host <= hosts; host += 1) await room.nameHost(host, nameOf(host));
    await room.nameHost(golden, GOLDEN);
    const names = Array.from({ length: hosts }, (_, index) => nameOf(index + 1));
    await expectSuccess(room, ['group', 'create', GROUP, ...names]);
    for (const [index, device] of devices.entries()) void keepRunning(room, index + 1, device);
  });
  await report.step(`Capturing "${GOLDEN}" to the image "${IMAGE}"`, () =>
    expectSuccess(room, ['capture', GOLDEN, '--disk', source, '--name', IMAGE]),
  );
}

/** A host that restarts comes back, as a machine would; one that was switched off stays off. */
async function keepRunning(room: Room, host: number, device: string): Promise<void> {
  for (;;) {
    const engine = room.engine(host);
    const { status } = await engine.ended;
    const left = engine.lines.findLast(({ event }) => event === 'exit');
    if (status !== 0 || left?.['mode'] !== 'reboot' || room.isClosed()) return;
    await delay(RESTART_MS);
    if (room.isClosed()) return;
    await room.launchEngine(host, [device]);
  }
}

function invitation(room: Room, { hosts, sizeMebibytes, rate }: StayOptions): string[] {
  const socket = `OPENCLONE_SOCKET=${room.socketPath}`;
  const command = relative(process.cwd(), join(import.meta.dirname, '../../openclone'));
  return [
    '',
    `The room is open: ${nameOf(1)} to ${nameOf(hosts)} (group ${GROUP}, ${formatBytes(sizeMebibytes * 1024 * 1024)} each), ${GOLDEN}, and the image ${IMAGE}` +
      `${rate === undefined ? '' : `; the link is limited to ${rate}`}.`,
    '',
    'In another terminal, as root:',
    `  ${socket} ./${command}                  the full-screen UI; d deploys`,
    `  ${socket} ./${command} status           the command line`,
    '',
    'Ctrl-C here ends it, and so does `npm run lab -- --end` anywhere.',
  ];
}

/** "pc-01". */
function nameOf(host: number): string {
  return `pc-${String(host).padStart(2, '0')}`;
}

async function expectSuccess(room: Room, args: readonly string[]): Promise<void> {
  const { exitStatus, document, stderr } = await room.cli(args);
  if (exitStatus === 0) return;
  const said = document === null ? stderr : JSON.stringify(document);
  throw new Error(`\`openclone ${args.join(' ')}\` ended with status ${exitStatus}: ${said}`);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    // Something has to be waited for, or Node ends.
    const waiting = setInterval(() => undefined, 60_000);
    signal.addEventListener(
      'abort',
      () => {
        clearInterval(waiting);
        resolve();
      },
      { once: true },
    );
  });
}
