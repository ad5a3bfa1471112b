/**
 * The text of the store's file and back. It is JSON, one record a line, and its last line is the SHA-256 of all
 * bytes before that line: JSON and schema alone would take a flipped bit in a name or a MAC address for good. Who
 * must edit the file by hand leaves that last entry out.
 */

import { hash } from 'node:crypto';
import { z } from 'zod';
import { describeIssues } from '../../lib/protocol/parse-message.ts';
import type { Bytes } from '../../lib/units.ts';

/** Version N → the pure function that makes version N + 1 of it. */
export type Migrations = ReadonlyMap<number, (old: unknown) => unknown>;

/** A kind of stored data: its current version, its schema, and how older versions become it. */
export type StoreFormat<T> = {
  readonly version: number;
  readonly schema: z.ZodType<T>;
  readonly migrations: Migrations;
};

/** What a file turned out to be. */
export type ReadResult<T> =
  /** `fromVersion` is older than the format's version when migrations were applied. */
  | { type: 'good'; data: T; fromVersion: number }
  | { type: 'newer'; version: number }
  | { type: 'damaged'; cause: Error };

/** The lines of records that are written again and again unchanged; records are never changed in place. */
export type RecordLines = WeakMap<object, Buffer>;

/**
 * The bytes of the file for `data`. Only records without an entry in `lines` are made into text, and get one: of
 * 10,000 hosts (19 MB) this takes 30 ms instead of 90.
 */
export function formatStoreText(data: object, lines: RecordLines): Buffer {
  const entries = Object.entries(data).map(([key, value]: [string, unknown]) => [
    Buffer.from(`${JSON.stringify(key)}:`),
    ...valueParts(value, lines),
    Buffer.from(',\n'),
  ]);
  const parts = [Buffer.from('{'), ...entries.flat()];
  const bodyBytes = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = Buffer.concat(parts, bodyBytes + TAIL_BYTES);
  bytes.write(tailText(hash('sha256', bytes.subarray(0, bodyBytes), 'hex')), bodyBytes);
  return bytes;
}

/**
 * Reads what formatStoreText wrote. Of a newer version only the sum is looked at, which every version has in the
 * same place: else a bit flipped in the version would look like one. Never throws.
 */
export function parseStoreText<T>(bytes: Buffer, format: StoreFormat<T>): ReadResult<T> {
  try {
    const { sha256, ...content } = Envelope.parse(linesOf(bytes) ?? JSON.parse(textOf(bytes)));
    if (sha256 !== undefined) checkSum(bytes, sha256);
    const fromVersion = content.schemaVersion;
    if (fromVersion > format.version) return { type: 'newer', version: fromVersion };
    const data = format.schema.parse(migrate(content, fromVersion, format));
    return { type: 'good', data, fromVersion };
  } catch (error) {
    return { type: 'damaged', cause: readableCause(error) };
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

const LINE_BREAK = 0x0a;
/** A key with its whole value, or with the beginning of its list. */
const ENTRY = /^"([A-Za-z0-9]+)":(.*)$/s;

/**
 * The content of a file that is as formatStoreText writes it, read line by line: a string cannot be as long as a file
 * may be. Null when it has another form, as one that was edited by hand.
 */
function linesOf(bytes: Buffer): Record<string, unknown> | null {
  try {
    return parseLines(bytes);
  } catch {
    // Read in one piece it says what is wrong.
    return null;
  }
}

function parseLines(bytes: Buffer): Record<string, unknown> | null {
  const content: Record<string, unknown> = {};
  let list: unknown[] | null = null;
  let isOver = false;
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(LINE_BREAK, start);
    const end = found === -1 ? bytes.length : found;
    const line = textOf(bytes.subarray(start, end));
    const isFirst = start === 0;
    start = end + 1;
    if (isOver || (isFirst && !line.startsWith('{'))) return null;
    if (list !== null) {
      if (line === '],' || line === ']') list = null;
      else if (line.startsWith('{')) list.push(JSON.parse(withoutEnd(line, ',')));
      else return null;
      continue;
    }
    const entry = ENTRY.exec(isFirst ? line.slice(1) : line);
    const [, key, value] = entry ?? [];
    if (key === undefined || value === undefined || Object.hasOwn(content, key)) return null;
    if (value === '[') {
      list = [];
      content[key] = list;
      continue;
    }
    isOver = value.endsWith('}') && key === 'sha256';
    content[key] = JSON.parse(withoutEnd(value, isOver ? '}' : ','));
  }
  return isOver ? content : null;
}

function withoutEnd(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, -end.length) : text;
}

const Envelope = z.looseObject({
  schemaVersion: z.number().int().positive(),
  sha256: z.string().optional(),
});

function tailText(sha256: string): string {
  return `"sha256":"${sha256}"}\n`;
}
const TAIL_BYTES = tailText('0'.repeat(64)).length;

function valueParts(value: unknown, lines: RecordLines): readonly Buffer[] {
  if (!Array.isArray(value) || value.length === 0) return [Buffer.from(JSON.stringify(value))];
  const records = value.map((record: unknown) => recordLine(record, lines));
  const last = records.pop();
  const withoutComma = last === undefined ? [] : [last.subarray(0, -RECORD_END.length)];
  return [Buffer.from('[\n'), ...records, ...withoutComma, Buffer.from('\n]')];
}

/** What a record takes in the file. */
export function recordBytes(record: object, lines: RecordLines): Bytes {
  return recordLine(record, lines).length;
}

const RECORD_END = ',\n';

function recordLine(record: unknown, lines: RecordLines): Buffer {
  if (typeof record !== 'object' || record === null) {
    return Buffer.from(JSON.stringify(record) + RECORD_END);
  }
  const known = lines.get(record);
  if (known !== undefined) return known;
  const line = Buffer.from(JSON.stringify(record) + RECORD_END);
  lines.set(record, line);
  return line;
}

function checkSum(bytes: Buffer, sha256: string): void {
  const body = bytes.subarray(0, Math.max(0, bytes.length - TAIL_BYTES));
  const tail = bytes.subarray(body.length).toString('latin1');
  if (tail !== tailText(sha256) || hash('sha256', body, 'hex') !== sha256) {
    throw new Error('the SHA-256 at its end is not that of its content');
  }
}

function migrate<T>(content: unknown, fromVersion: number, format: StoreFormat<T>): unknown {
  let migrated = content;
  for (let version = fromVersion; version < format.version; version += 1) {
    const migration = format.migrations.get(version);
    if (migration === undefined) throw new Error(`there is no way from version ${version} on`);
    migrated = migration(migrated);
  }
  return migrated;
}

function readableCause(error: unknown): Error {
  if (error instanceof z.ZodError) {
    return new Error(describeIssues(error).slice(0, 1000));
  }
  return error instanceof Error ? error : new Error(String(error));
}
