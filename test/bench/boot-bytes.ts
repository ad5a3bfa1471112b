/** What a host fetches until it is ready: bytes at its end of the cable, in virtual machines that boot by network. */

import { formatBytes } from '../../lib/format.ts';
import type { RootTransport } from '../../lib/model/site.ts';
import { DEFAULT_SUITE } from '../lab/install/suite.ts';
import type { Firmware } from '../lab/vm/machine.ts';
import { openVmRoom, type VmRoom } from '../lab/vm/room.ts';
import { FULL_NFS, untilIdle } from '../lab/vm/scenario.ts';
import type { Benchmark, BenchmarkContext, Section } from './benchmark.ts';
import { ServedBytes } from './served-bytes.ts';
import { formatSpread, median } from './statistics.ts';

const MEGABYTE = 1_000_000;

/** The most that a host with a BIOS may fetch; UEFI's boot loaders are 3 MB larger, and have no aim. */
const AIM_BYTES: Readonly<Record<RootTransport, number>> = {
  nfs: 60 * MEGABYTE,
  ram: 110 * MEGABYTE,
};
/** Of the smallest hosts that documents promise. */
const MEMORY_MEBIBYTES: Readonly<Record<RootTransport, number>> = { nfs: 512, ram: 1024 };

type Figures = {
  readonly transport: RootTransport;
  readonly firmware: Firmware;
  readonly squashfsBytes: number;
  readonly totalBytes: number[];
  readonly httpBytes: number[];
  readonly nfsBytes: number[];
  readonly tftpBytes: number[];
  readonly readySeconds: number[];
};

export const bootBytes: Benchmark = {
  name: 'boot-bytes',
  summary: 'bytes that a host fetches from power-on until it is ready, by NFS and into memory',
  run: async (context) => {
    const firmwares: Firmware[] = context.quick ? ['bios'] : ['bios', 'uefi'];
    const figures: Figures[] = [];
    for (const transport of ['nfs', 'ram'] as const) {
      figures.push(...(await measure(transport, firmwares, context)));
    }
    return sectionOf(figures);
  },
};

async function measure(
  transport: RootTransport,
  firmwares: readonly Firmware[],
  { repeats, say, signal }: BenchmarkContext,
): Promise<Figures[]> {
  say(
    `a room whose hosts have their root by ${transport.toUpperCase()}, packed as the installer does`,
  );
  const room = await openVmRoom({
    ...FULL_NFS,
    rootTransport: transport,
    suite: DEFAULT_SUITE,
    signal,
    packing: 'thorough',
  });
  try {
    await room.open();
    const served = new ServedBytes(room.run, room.network.serverNamespace);
    await served.begin();
    const all: Figures[] = [];
    for (const firmware of firmwares) {
      const figures: Figures = {
        transport,
        firmware,
        squashfsBytes: room.squashfsBytes,
        totalBytes: [],
        httpBytes: [],
        nfsBytes: [],
        tftpBytes: [],
        readySeconds: [],
      };
      for (let repeat = 1; repeat <= repeats; repeat += 1) {
        say(`${transport.toUpperCase()}, ${firmware}: ${repeat} of ${repeats}`);
        await bootOnce(room, served, figures);
      }
      all.push(figures);
    }
    return all;
  } finally {
    await room.close();
  }
}

async function bootOnce(room: VmRoom, served: ServedBytes, figures: Figures): Promise<void> {
  const { firmware, transport } = figures;
  const host = await room.addHost({ firmware, memoryMebibytes: MEMORY_MEBIBYTES[transport] });
  const before = await served.read();
  const startedAt = performance.now();
  host.powerOn();
  await untilIdle(room, host);
  figures.readySeconds.push((performance.now() - startedAt) / 1000);
  // Its own cable began with this boot: no other host's bytes are on it, but broadcasts are.
  figures.totalBytes.push(await room.bytesTo(host));
  const after = await served.read();
  figures.httpBytes.push(after.http - before.http);
  figures.nfsBytes.push(after.nfs - before.nfs);
  figures.tftpBytes.push(after.other - before.other);
  await host.powerOff();
}

function sectionOf(figures: readonly Figures[]): Section {
  const megabytes = (bytes: readonly number[]): string =>
    formatSpread(
      bytes.map((value) => value / MEGABYTE),
      1,
    );
  const nameOf = ({ transport, firmware }: Figures): string =>
    `${transport.toUpperCase()}, ${firmware === 'bios' ? 'BIOS' : 'UEFI'}`;
  return {
    name: 'boot-bytes',
    title: 'What a host fetches until it is ready',
    method: [
      'Virtual machines boot by network from our own services, with a root file system that is packed as the installer packs it. "In all" is what the switch sent into the host\'s cable, Ethernet headers included, from power-on until its console says that the engine is ready; the parts are what the server sent, without Ethernet headers. The server sends large segments (as network cards with segmentation off-load take them): on a real cable the headers of TCP add 4 %.',
      `Hosts have ${MEMORY_MEBIBYTES.nfs} MiB of memory by NFS and ${MEMORY_MEBIBYTES.ram} MiB otherwise, one processor in software emulation, and no disk; the NFS server is Ganesha.`,
    ],
    tables: [
      {
        title: 'MB until ready',
        columns: [
          'root, firmware',
          'in all',
          'HTTP',
          'NFS',
          'TFTP and other',
          'squashfs',
          'seconds',
        ],
        rows: figures.map((row) => [
          nameOf(row),
          megabytes(row.totalBytes),
          megabytes(row.httpBytes),
          megabytes(row.nfsBytes),
          megabytes(row.tftpBytes),
          formatBytes(row.squashfsBytes),
          formatSpread(row.readySeconds, 1),
        ]),
      },
    ],
    verdicts: figures
      .filter(({ firmware }) => firmware === 'bios')
      .map((row) => {
        const aim = AIM_BYTES[row.transport];
        const bytes = median(row.totalBytes);
        return {
          aim: `a host fetches ≤ ${formatBytes(aim)} until it is ready: ${nameOf(row)}`,
          measured: formatBytes(bytes),
          met: bytes <= aim ? 'yes' : 'no',
        };
      }),
    measurements: figures,
  };
}
