/** Job files: a job as people write it, in YAML 1.2 or JSON, which is a part of it. */

import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  stringify,
  type Document,
  type Node,
} from 'yaml';
import { z } from 'zod';
import { complaintText } from '../messages/complaint.ts';
import { JOB_FORMAT_VERSION, JobDefinition, type Job } from '../model/job.ts';
import type { SimpleMessage } from '../model/message.ts';
import { message, verbatim } from '../model/messages/table.ts';
import { definitionFaults } from './task-request-of.ts';

/** A job file that is longer is not read. */
export const MAX_JOB_FILE_BYTES = 256 * 1024;
/** Of a file; the rest is the same again, mostly. */
const MOST_FAULTS = 20;
/** What anchors may be repeated: a small file must not become a large one. */
const MAX_ALIASES = 100;

const JobFile = JobDefinition.safeExtend({ formatVersion: z.literal(JOB_FORMAT_VERSION) });

/** What is wrong in the file, and where: both count from 1. */
export type FileFault = {
  readonly line: number;
  readonly column: number;
  readonly what: SimpleMessage;
};

export type ReadJobFile =
  | { readonly type: 'job'; readonly definition: JobDefinition }
  | { readonly type: 'faults'; readonly faults: readonly FileFault[] };

/** Whatever is wrong is found at once, as far as it can be: the syntax, then the fields, then what they mean together. */
export function readJobFile(text: string): ReadJobFile {
  const lines = new LineCounter();
  const at = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const fault = (offset: number, what: SimpleMessage): FileFault => ({ ...at(offset), what });
  if (Buffer.byteLength(text) > MAX_JOB_FILE_BYTES) {
    return faults([fault(0, message('job-fault.file-too-long', { bytes: MAX_JOB_FILE_BYTES }))]);
  }
  const parsed = parsedText(text, lines);
  if (parsed.type === 'too-deep') return faults([fault(0, message('job-fault.too-deep'))]);
  const { document, value } = parsed;
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) {
    return faults(problems.map(({ pos, message: said }) => fault(pos[0], verbatim(said))));
  }
  const read = JobFile.safeParse(value);
  if (!read.success) {
    return faults(
      read.error.issues
        .flatMap(issueFaults)
        .map(({ path, what }) => fault(offsetOf(document, path), what)),
    );
  }
  const definition = definitionOf(read.data);
  const wrong = definitionFaults(definition);
  return wrong.length === 0
    ? { type: 'job', definition }
    : faults(wrong.map(({ path, what }) => fault(offsetOf(document, path), what)));
}

/** The job as a file that readJobFile reads back the same. */
export function jobFile(job: Job | JobDefinition): string {
  const parts = { formatVersion: JOB_FORMAT_VERSION, ...definitionOf(job) };
  return stringify(parts, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** What people write of a job, without what the server adds. */
export function definitionOf(job: Job | JobDefinition): JobDefinition {
  const { name, description, parameters, request, schedules, mayOverlap } = job;
  return {
    name,
    description,
    parameters,
    request,
    schedules: schedules.map(({ name: called, when, values, isOn, missed }) => ({
      name: called,
      when,
      values,
      isOn,
      missed,
    })),
    mayOverlap,
  };
}

function faults(all: readonly FileFault[]): ReadJobFile {
  return { type: 'faults', faults: all.slice(0, MOST_FAULTS) };
}

type Parsed =
  | { readonly type: 'parsed'; readonly document: Document.Parsed; readonly value: unknown }
  | { readonly type: 'too-deep' };

function parsedText(text: string, lineCounter: LineCounter): Parsed {
  try {
    const document = parseDocument(text, {
      lineCounter,
      prettyErrors: false,
      schema: 'core',
      uniqueKeys: true,
    });
    const value: unknown =
      document.errors.length > 0 ? null : document.toJS({ maxAliasCount: MAX_ALIASES });
    return { type: 'parsed', document, value };
  } catch (error) {
    // Lists in lists, thousands deep, or aliases of aliases.
    if (error instanceof RangeError || error instanceof ReferenceError) return { type: 'too-deep' };
    throw error;
  }
}

type Wrong = { readonly path: readonly PropertyKey[]; readonly what: SimpleMessage };

function issueFaults(issue: z.core.$ZodIssue): Wrong[] {
  if (issue.code !== 'unrecognized_keys') {
    return [{ path: issue.path, what: verbatim(complaintText(issue)) }];
  }
  return issue.keys.map((field) => ({
    path: [...issue.path, field],
    what: message('job-fault.key-unknown', { field: field.slice(0, 64) }),
  }));
}

/** Where the last key of the path stands; of one that is missing, the last one that is there. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const key of path) {
    const next = stepInto(node, key);
    if (next === null) return offset;
    offset = next.offset;
    node = next.node;
  }
  return offset;
}

function stepInto(
  node: Node | null,
  key: PropertyKey,
): { readonly node: Node | null; readonly offset: number } | null {
  if (isSeq<Node>(node)) {
    const item = node.items[Number(key)];
    return item === undefined ? null : { node: item, offset: item.range?.[0] ?? 0 };
  }
  if (!isMap<Node, Node | null>(node)) return null;
  const pair = node.items.find(
    (each) => isScalar(each.key) && String(each.key.value) === String(key),
  );
  return pair === undefined ? null : { node: pair.value, offset: pair.key.range?.[0] ?? 0 };
}
