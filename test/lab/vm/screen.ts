/** What a virtual machine shows on its graphics card: as a picture, and in text mode as text, by QEMU's monitor (QMP). */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** Where a VGA card in text mode keeps rows of 80 cells, each a letter and its colours. */
const TEXT_MEMORY = { address: 0xb8000, rows: 25, columns: 80 };

/** Of the letters beyond ASCII in code page 437, in which the card's own font is ordered, those that our screens have. */
const LETTERS: Readonly<Record<number, string>> = {
  0x81: 'ü',
  0x84: 'ä',
  0x8e: 'Ä',
  0x94: 'ö',
  0x99: 'Ö',
  0x9a: 'Ü',
  0xe1: 'ß',
};

const Answer = z.union([
  z.object({ return: z.unknown() }),
  z.object({ error: z.object({ desc: z.string() }) }),
  z.object({ event: z.string() }),
  z.object({ QMP: z.unknown() }),
]);

export class Screen {
  readonly #socket: string;
  readonly #memoryFile: string;

  /** Files of the machine `name` go to `directory`. */
  constructor({ directory, name }: { readonly directory: string; readonly name: string }) {
    this.#socket = join(directory, `${name}-monitor.socket`);
    this.#memoryFile = join(directory, `${name}-screen.bin`);
  }

  /** QEMU's. */
  get arguments(): string[] {
    return ['-vga', 'std', '-qmp', `unix:${this.#socket},server=on,wait=off`];
  }

  /** Writes what is to be seen now as a PNG. */
  async picture(file: string): Promise<void> {
    await this.#ask('screendump', { filename: file, format: 'png' });
  }

  /** Returns the rows of a card in text mode, which a machine with a BIOS has; "?" for a letter that our screens have not. */
  async text(): Promise<string[]> {
    const { address, rows, columns } = TEXT_MEMORY;
    const size = rows * columns * 2;
    await this.#ask('pmemsave', { val: address, size, filename: this.#memoryFile });
    const cells = readFileSync(this.#memoryFile);
    return Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (__, column) =>
        letterOf(cells.readUInt8((row * columns + column) * 2)),
      ).join(''),
    );
  }

  /** Throws when the machine is off, or QEMU does not take the command. */
  async #ask(command: string, parameters: Readonly<Record<string, unknown>>): Promise<void> {
    const socket = connect(this.#socket);
    try {
      await once(socket, 'connect');
      const lines = createInterface({ input: socket });
      for (const each of [
        { execute: 'qmp_capabilities' },
        { execute: command, arguments: parameters },
      ]) {
        socket.write(`${JSON.stringify(each)}\n`);
      }
      let returned = 0;
      for await (const line of lines) {
        const answer = Answer.parse(JSON.parse(line));
        if ('error' in answer) throw new Error(`QEMU refuses ${command}: ${answer.error.desc}`);
        if ('return' in answer) returned += 1;
        if (returned === 2) return;
      }
      throw new Error(`QEMU ended before it did ${command}`);
    } finally {
      socket.destroy();
    }
  }
}

function letterOf(code: number): string {
  if (code >= 0x20 && code <= 0x7e) return String.fromCharCode(code);
  return LETTERS[code] ?? (code === 0 ? ' ' : '?');
}
