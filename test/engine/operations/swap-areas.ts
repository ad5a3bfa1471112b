/** Swap areas of every kind: made by mkswap, and changed as others write them. */

import { randomBytes } from 'node:crypto';
import { run } from '../../../lib/exec/run.ts';
import { writeBytes } from '../../lib/disk/tables/partitioned-file.ts';
import { MIB } from '../scratch-disk.ts';

export const AREA_BYTES = 4 * MIB;

/** How a swap area is made on `device`, and how many bytes of it count. */
export type Area = {
  readonly what: string;
  readonly make: (device: string) => Promise<void>;
  readonly pageBytes: number;
};

export async function mkswap(device: string, ...options: readonly string[]): Promise<void> {
  await run('mkswap', ['--force', ...options, device], { allowedStatuses: [0] });
}

export async function put(device: string, offset: number, bytes: Buffer): Promise<void> {
  await writeBytes(device, offset, bytes);
}

/** linux/swap.h, union swap_header: version, last page and number of bad pages behind 1024 bytes; bad pages at 1536. */
export const BAD_PAGES = 1532;

export const HEADERS: readonly Area[] = [
  { what: 'with UUID and label', make: (d) => mkswap(d, '-L', 'swäp'), pageBytes: 4096 },
  { what: 'without UUID and label', make: (d) => mkswap(d, '-U', 'clear'), pageBytes: 4096 },
  {
    what: 'with a label in Latin-1',
    make: async (d) => {
      await mkswap(d);
      await put(d, 1052, Buffer.from('schl\u00e4fer', 'latin1'));
    },
    pageBytes: 4096,
  },
  {
    what: 'with a label of 16 characters and spaces at both ends',
    make: (d) => mkswap(d, '-L', ' swap one two 3 '.slice(0, 15)),
    pageBytes: 4096,
  },
  {
    what: 'with bad pages, and a boot loader in front',
    make: async (d) => {
      await mkswap(d);
      await put(d, 0, randomBytes(1024));
      const bad = Buffer.alloc(4 + 600 * 4);
      bad.writeUInt32LE(600);
      for (let page = 0; page < 600; page += 1) bad.writeUInt32LE(200 + page, 4 + page * 4);
      await put(d, BAD_PAGES, bad);
    },
    pageBytes: 4096,
  },
  ...[8, 16, 32, 64].map((kib) => ({
    what: `with pages of ${kib} KiB`,
    make: (d: string) => mkswap(d, '-p', String(kib * 1024), '-L', 'pages'),
    pageBytes: kib * 1024,
  })),
  {
    what: 'with pages of 32 KiB and an older signature in the first',
    make: async (d) => {
      await mkswap(d, '-p', '32768');
      await put(d, 4086, Buffer.from('SWAPSPACE2'));
    },
    pageBytes: 32768,
  },
  {
    what: 'with pages of 4 KiB, used, and an older signature in what was swapped out',
    make: async (d) => {
      await put(d, 0, randomBytes(65536));
      await put(d, 65536 - 10, Buffer.from('SWAPSPACE2'));
      await mkswap(d);
      await put(d, 65536 - 10, Buffer.from('SWAPSPACE2'));
    },
    pageBytes: 4096,
  },
  {
    what: 'of the other byte order',
    make: async (d) => {
      await mkswap(d, '-L', 'big', '-p', '65536');
      const numbers = Buffer.alloc(12);
      numbers.writeUInt32BE(1);
      numbers.writeUInt32BE(63, 4);
      await put(d, 1024, numbers);
    },
    pageBytes: 65536,
  },
  {
    what: 'of version 0, as Linux 2.0 made it',
    make: async (d) => {
      await put(d, 0, Buffer.alloc(4086, 0xff));
      await put(d, 4086, Buffer.from('SWAP-SPACE'));
    },
    pageBytes: 4096,
  },
];

/** What is copied sector by sector, with the reason that the capture gives. */
export const COPIES: readonly { what: string; make: Area['make']; reason: RegExp }[] = [
  {
    what: 'a header of another version',
    make: async (d) => {
      await mkswap(d);
      await put(d, 1024, Buffer.from([2, 0, 0, 0]));
    },
    reason: /sector by sector: its swap header is of the unknown version 2/,
  },
  {
    what: 'a header that is too full',
    make: async (d) => {
      await mkswap(d, '-p', '65536');
      await put(d, 1536, randomBytes(60_000));
    },
    reason: /sector by sector: its swap header is too full/,
  },
];
