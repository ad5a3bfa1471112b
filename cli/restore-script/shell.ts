/** Pieces of a shell script: words, comments, here-documents, places on a device. */

import { directBlockBytes } from '../../lib/disk/direct-block.ts';
import { printable } from '../../lib/format.ts';
import { sectorsToBytes, type Bytes, type SectorRange } from '../../lib/units.ts';

/** One word for the shell, whatever is in it (POSIX.1-2017, Shell Command Language 2.2.2). */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

export function comment(text: string): string {
  return `# ${printable(text)}`;
}

/** `command` with what `base64` decodes to as its standard input or output, wherever `<<'END'` has its place in it. */
export function withBase64(command: string, base64: string): string[] {
  return [command, ...(base64.match(/.{1,76}/g) ?? []), 'END'];
}

/** The word for partition `number`, or with null for the disk. */
export function device(number: number | null): string {
  return number === null ? '"$DISK"' : `"$(part ${number})"`;
}

/** Where a range is, for write_at and read_at: first byte, count of bytes, size of the blocks. */
export function placeOf(range: SectorRange, sectorBytes: Bytes): string {
  const countBytes = sectorsToBytes(range.sectorCount, sectorBytes);
  const startBytes = sectorsToBytes(range.startSector, sectorBytes);
  return `${startBytes} ${countBytes} ${directBlockBytes(countBytes)}`;
}
