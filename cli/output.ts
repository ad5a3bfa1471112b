/** Output: where a command's words go: results to standard output, everything about them to standard error. */

import type { Language } from '../lib/model/language.ts';
import { isUnicode } from '../lib/text/language.ts';
import { textsOf, type Texts } from './text/catalogue.ts';

export type Output = {
  /** What is said there, in the operator's language. */
  readonly texts: Texts;
  /** One JSON text for programs instead of text for people. */
  readonly json: boolean;
  /** Results and errors only. */
  readonly quiet: boolean;
  /** Standard output is a terminal that can move its cursor. */
  readonly live: boolean;
  /** Letters beyond ASCII may be used. */
  readonly unicode: boolean;
  /** The terminal's size now, in characters. */
  readonly size: () => { readonly columns: number; readonly rows: number };
  readonly print: (lines: readonly string[]) => void;
  /** For what must go out as it is, cursor movements included. */
  readonly write: (text: string) => void;
  readonly printError: (lines: readonly string[]) => void;
};

/** The part of a terminal or file that an output needs. */
export type OutputStream = {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly write: (text: string) => unknown;
};

export type OutputOptions = {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly language: Language;
};

export function makeOutput(
  streams: { readonly stdout: OutputStream; readonly stderr: OutputStream },
  environment: Readonly<Record<string, string | undefined>>,
  { json, quiet, language }: OutputOptions,
): Output {
  const { stdout, stderr } = streams;
  const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
  return {
    texts: textsOf(language),
    json,
    quiet,
    live: stdout.isTTY === true && environment['TERM'] !== 'dumb',
    unicode: isUnicode(environment),
    // A terminal may say 0 by 0 when nobody told it (stty(1)).
    size: () => ({ columns: sizeOr(stdout.columns, 80), rows: sizeOr(stdout.rows, 24) }),
    print: (lines) => void stdout.write(text(lines)),
    write: (raw) => void stdout.write(raw),
    printError: (lines) => void stderr.write(text(lines)),
  };
}

function sizeOr(size: number | undefined, otherwise: number): number {
  return size === undefined || size <= 0 ? otherwise : size;
}
