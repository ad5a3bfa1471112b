/** cpio archives of the kind that the kernel unpacks as initramfs ("newc", Documentation/driver-api/early-userspace). */

export type CpioEntry =
  | { readonly type: 'directory'; readonly path: string }
  | {
      readonly type: 'file';
      readonly path: string;
      readonly mode: number;
      readonly content: Uint8Array;
    };

const DIRECTORY = 0o040755;
const REGULAR_FILE = 0o100000;

/**
 * One archive of `entries` in their order (a directory before what is in it), owned by root, without times: the same
 * entries give the same bytes. Its length is a multiple of 512, so that another archive may follow.
 */
export function makeCpio(entries: readonly CpioEntry[]): Buffer {
  const pieces = entries.map((entry, index) =>
    entry.type === 'directory'
      ? record(index + 1, entry.path, DIRECTORY, 2, new Uint8Array())
      : record(index + 1, entry.path, REGULAR_FILE | entry.mode, 1, entry.content),
  );
  const archive = Buffer.concat([...pieces, record(0, 'TRAILER!!!', 0, 1, new Uint8Array())]);
  return padded(archive, 512);
}

function record(
  inode: number,
  path: string,
  mode: number,
  links: number,
  content: Uint8Array,
): Buffer {
  const name = Buffer.from(`${path}\0`);
  // inode, mode, uid, gid, links, mtime, size, device (2), special device (2), length of the name, checksum
  const numbers = [inode, mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, name.length, 0];
  const header = `070701${numbers.map((each) => each.toString(16).padStart(8, '0')).join('')}`;
  return Buffer.concat([padded(Buffer.concat([Buffer.from(header), name]), 4), padded(content, 4)]);
}

function padded(bytes: Uint8Array, multiple: number): Buffer {
  const missing = (multiple - (bytes.length % multiple)) % multiple;
  return Buffer.concat([bytes, Buffer.alloc(missing)]);
}
