/**
 * What each room has made in the system, written down before it is made, so that a later lab removes what one that
 * was killed could not. Only things whose owner is dead are touched.
 */

import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Run } from '../../lib/exec/run.ts';
import { detachLoops } from './loop-device.ts';
import { removeNamespace } from './network.ts';

const DIRECTORY = '/run/openclone-lab';
const POLL_MS = 100;

const Entry = z.object({
  /** The owner: its process id, and when it started, in clock ticks since boot (proc(5), stat field 22). */
  pid: z.number().int().positive(),
  startTicks: z.string(),
  /** Network namespaces; whatever process runs in one of them belongs to the room. */
  namespaces: z.array(z.string()),
  /** Directories that go with all they contain, and with the loop devices of the files in them. */
  directories: z.array(z.string()),
  /** Loop devices of files that are not ours: all of the file that are not named in `others`. */
  foreignFiles: z.array(z.object({ file: z.string(), others: z.array(z.string()) })),
  /** A room that stays until it is told to end. */
  stays: z.boolean().default(false),
});
type Entry = z.infer<typeof Entry>;

/** The record of one owner; every change is on the disk before the call returns. */
export class RegistryEntry {
  readonly #path: string;
  #entry: Entry;

  /** `name` is unique on this machine while the owner lives: it has the process id in it. */
  constructor(name: string, { stays = false } = {}) {
    mkdirSync(DIRECTORY, { recursive: true, mode: 0o700 });
    this.#path = join(DIRECTORY, `${name}.json`);
    this.#entry = {
      pid: process.pid,
      startTicks: startTicksOf(process.pid) ?? '',
      namespaces: [],
      directories: [],
      foreignFiles: [],
      stays,
    };
    this.#write();
  }

  addNamespace(name: string): void {
    this.#entry.namespaces.push(name);
    this.#write();
  }

  addDirectory(path: string): void {
    this.#entry.directories.push(path);
    this.#write();
  }

  /** `others`: the file's loop devices that are there already and are not ours. */
  addForeignFile(file: string, others: string[]): void {
    this.#entry.foreignFiles.push({ file, others });
    this.#write();
  }

  /** Removes everything that is recorded, then the record. Throws AggregateError with all that did not go. */
  async remove(run: Run): Promise<void> {
    await removeAll(run, this.#entry);
    rmSync(this.#path, { force: true });
  }

  #write(): void {
    writeWhole(this.#path, JSON.stringify(this.#entry));
  }
}

/** Removes what dead owners left behind; returns what it was, for a log. */
export async function sweepLeftovers(run: Run): Promise<string[]> {
  const swept: string[] = [];
  for (const path of recordFiles()) {
    const entry = readEntry(path);
    if (entry === null || isAlive(entry)) continue;
    await removeAll(run, entry);
    rmSync(path, { force: true });
    swept.push(basename(path, '.json'));
  }
  return swept;
}

/** Tells all rooms that stay to end, and waits until they have; returns their names. */
export async function endStayingRooms(): Promise<string[]> {
  const ended: string[] = [];
  for (const path of recordFiles()) {
    const entry = readEntry(path);
    if (entry === null || !entry.stays || !isAlive(entry)) continue;
    process.kill(entry.pid, 'SIGTERM');
    while (isAlive(entry)) await delay(POLL_MS);
    ended.push(basename(path, '.json'));
  }
  return ended;
}

async function removeAll(run: Run, entry: Entry): Promise<void> {
  const errors: unknown[] = [];
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      errors.push(error);
    }
  };
  for (const name of entry.namespaces) await attempt(() => removeNamespace(run, name));
  for (const { file, others } of entry.foreignFiles) {
    await attempt(() => detachLoops(run, { path: file, except: others }));
  }
  for (const directory of entry.directories) {
    await attempt(async () => {
      await detachLoops(run, { path: directory });
      rmSync(directory, { recursive: true, force: true });
    });
  }
  if (errors.length > 0) throw new AggregateError(errors, 'removing what the lab made');
}

function recordFiles(): string[] {
  try {
    return readdirSync(DIRECTORY)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(DIRECTORY, name));
  } catch {
    return [];
  }
}

/** null for a record that another lab removed meanwhile. */
function readEntry(path: string): Entry | null {
  try {
    return Entry.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new Error(`reading the lab's record ${path}`, { cause: error });
  }
}

function isAlive(entry: Entry): boolean {
  return startTicksOf(entry.pid) === entry.startTicks;
}

/** null when there is no such process, or only its exit status is left of it: nobody has asked for that yet. */
function startTicksOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the name, is in parentheses and may contain spaces; the third one is the state.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return fields[19] ?? null;
  } catch {
    return null;
  }
}

function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
