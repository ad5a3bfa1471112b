/** apt's source files (sources.list(5)), both styles, and which of their entries a suite of a distribution needs. */

import { OperatorError } from '../lib/errors.ts';

/** One deb822 paragraph of binary packages; a one-line entry becomes one as well. */
export type AptSource = {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** The other fields as they stand, names as in deb822: "Signed-By". A value may have several lines. */
  readonly fields: ReadonlyMap<string, string>;
};

/** What Debian and Ubuntu call their parts; a source with others is somebody else's. */
const COMPONENTS = [
  'main',
  'contrib',
  'non-free',
  'non-free-firmware',
  'restricted',
  'universe',
  'multiverse',
];

/** Options of one-line entries whose deb822 field is not just the name in another case. */
const OPTION_FIELDS: Readonly<Record<string, string>> = {
  arch: 'Architectures',
  lang: 'Languages',
  target: 'Targets',
};

/** Reads one file: deb822 by the name `*.sources`, else the one-line style. Throws `bad-argument` with file and line. */
export function parseSources(file: string, text: string): AptSource[] {
  return file.endsWith('.sources') ? parseDeb822(file, text) : parseOneLine(file, text);
}

/**
 * The entries that belong to `suite` and its updates, cut down to its own components: third parties (other suites,
 * other components), backports and compact discs are left out. Throws `not-found` when nothing remains.
 */
export function selectSources(sources: readonly AptSource[], suite: string): AptSource[] {
  const wanted = [suite, `${suite}-updates`, `${suite}-security`];
  const selected = sources
    .map((source) => ({
      ...source,
      uris: source.uris.filter((uri) => !uri.startsWith('cdrom:')),
      suites: source.suites.filter((each) => wanted.includes(each)),
      components: source.components.filter((each) => COMPONENTS.includes(each)),
    }))
    .filter(({ uris, suites, components }) => {
      return uris.length > 0 && suites.length > 0 && components.includes('main');
    });
  if (selected.some(({ suites }) => suites.includes(suite))) return selected;
  const seen = [...new Set(sources.flatMap(({ suites }) => suites))].join(', ');
  throw new OperatorError({
    code: 'not-found',
    message: `looking for packages of "${suite}" in apt's sources`,
    hint: 'Name another suite with --suite, or a file with sources of it with --sources.',
    cause: new Error(seen === '' ? 'there is no enabled source' : `the sources have ${seen}`),
  });
}

/** Ubuntu keeps partclone and udpcast in universe. Throws `not-found` when no source has that. */
export function requireUniverse(sources: readonly AptSource[]): void {
  if (sources.some(({ components }) => components.includes('universe'))) return;
  throw new OperatorError({
    code: 'not-found',
    message: 'looking for "universe" in apt\'s sources',
    hint: 'Switch it on with `add-apt-repository universe`.',
  });
}

/** A deb822 file of `sources`, for mmdebstrap. */
export function formatSources(sources: readonly AptSource[]): string {
  return sources
    .map(({ uris, suites, components, fields }) => {
      const lines = ['Types: deb', `URIs: ${uris.join(' ')}`, `Suites: ${suites.join(' ')}`];
      if (components.length > 0) lines.push(`Components: ${components.join(' ')}`);
      for (const [name, value] of fields) lines.push(`${name}: ${value}`);
      return `${lines.join('\n')}\n`;
    })
    .join('\n');
}

function parseDeb822(file: string, text: string): AptSource[] {
  return paragraphsOf(file, text).flatMap(({ line, fields }) => {
    const take = (name: string): string => {
      const value = fields.get(name) ?? '';
      fields.delete(name);
      return value;
    };
    const types = words(take('Types'));
    const enabled = take('Enabled').trim().toLowerCase();
    const [uris, suites] = [words(take('URIs')), words(take('Suites'))];
    const components = words(take('Components'));
    if (types.length === 0 || uris.length === 0 || suites.length === 0) {
      throw badLine(file, line, 'Types, URIs and Suites are needed');
    }
    if (!types.includes('deb') || /^(no|false|0|off|without|disable)$/.test(enabled)) return [];
    return [{ uris, suites, components, fields }];
  });
}

/** The paragraphs of a deb822 file: field names in apt's own spelling, continuation lines kept. */
function paragraphsOf(file: string, text: string): { line: number; fields: Map<string, string> }[] {
  const paragraphs: { line: number; fields: Map<string, string> }[] = [];
  let current: { line: number; fields: Map<string, string> } | null = null;
  let last: string | null = null;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.startsWith('#')) continue;
    if (line.trim() === '') {
      current = null;
      last = null;
      continue;
    }
    if (/^[ \t]/.test(line)) {
      if (current === null || last === null) throw badLine(file, index + 1, 'it continues nothing');
      current.fields.set(last, `${current.fields.get(last) ?? ''}\n${line.trimEnd()}`);
      continue;
    }
    const match = /^([A-Za-z0-9-]+)[ \t]*:[ \t]*(.*)$/.exec(line.trimEnd());
    if (match?.[1] === undefined || match[2] === undefined) {
      throw badLine(file, index + 1, 'a field "Name: value" is expected');
    }
    if (current === null) {
      current = { line: index + 1, fields: new Map() };
      paragraphs.push(current);
    }
    last = fieldName(match[1]);
    current.fields.set(last, match[2]);
  }
  return paragraphs;
}

function parseOneLine(file: string, text: string): AptSource[] {
  return text.split('\n').flatMap((whole, index) => {
    const line = whole.replace(/#.*$/, '').trim();
    if (line === '' || /^deb-src\s/.test(line)) return [];
    const match = /^deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)((?:\s+\S+)*)$/.exec(line);
    if (match?.[2] === undefined || match[3] === undefined) {
      throw badLine(file, index + 1, '"deb [options] URI suite components" is expected');
    }
    const fields = new Map<string, string>();
    for (const option of words(match[1] ?? '')) {
      const [, name, value] = /^([a-z-]+)=(.*)$/.exec(option) ?? [];
      if (name === undefined || value === undefined) {
        throw badLine(file, index + 1, `"${option}" is no option "name=value"`);
      }
      fields.set(OPTION_FIELDS[name] ?? fieldName(name), value.replaceAll(',', ' '));
    }
    const components = words(match[4] ?? '');
    return [{ uris: [match[2]], suites: [match[3]], components, fields }];
  });
}

/** "signed-by" → "Signed-By", "uris" → "URIs": field names mean the same in any case. */
function fieldName(name: string): string {
  if (name.toLowerCase() === 'uris') return 'URIs';
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function badLine(file: string, line: number, reason: string): OperatorError {
  return new OperatorError({
    code: 'bad-argument',
    message: `reading apt's sources, ${file} line ${line}`,
    hint: 'See sources.list(5); `apt-get update` should read the file without complaint.',
    cause: new Error(reason),
  });
}
