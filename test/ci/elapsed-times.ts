/** How long each test file took the last time, in a file that is no part of the project. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const ElapsedTimes = z.record(z.string(), z.number().nonnegative());

/** Milliseconds by the file's path; nothing when there was no run yet, or one was killed while it wrote. */
export function readElapsedTimes(path: string | undefined): Map<string, number> {
  if (path === undefined || !existsSync(path)) return new Map();
  try {
    return new Map(Object.entries(ElapsedTimes.parse(JSON.parse(readFileSync(path, 'utf8')))));
  } catch {
    // They order the files, and nothing else.
    return new Map();
  }
}

export function writeElapsedTimes(path: string | undefined, elapsedMs: Map<string, number>): void {
  if (path !== undefined) writeFileSync(path, JSON.stringify(Object.fromEntries(elapsedMs)));
}
