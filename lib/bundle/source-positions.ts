/** Stack traces of a bundled program name its sources, as they do when it runs from them. */

import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** From now on: the maps beside the files are read when the first stack is looked at, which is hardly ever. */
export function nameSourcesInStacks(): void {
  const maps = new Map<string, SourceMap | null>();
  Error.prepareStackTrace = (error, sites) =>
    [headOf(error), ...sites.map((site) => `    at ${named(site, maps)}`)].join('\n');
}

function headOf(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return 'Error';
  }
}

function named(site: NodeJS.CallSite, maps: Map<string, SourceMap | null>): string {
  const text = textOf(site);
  const file = site.getFileName();
  const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
  if (file?.startsWith('file:') !== true || line === null || column === null) return text;
  const map = maps.has(file) ? maps.get(file) : mapOf(file);
  maps.set(file, map ?? null);
  const origin = map?.findEntry(line - 1, column - 1);
  if (origin === undefined || !('originalSource' in origin)) return text;
  const source = resolve(dirname(fileURLToPath(file)), origin.originalSource);
  return text.replace(
    `${file}:${line}:${column}`,
    `${pathToFileURL(source).href}:${origin.originalLine + 1}:${origin.originalColumn + 1}`,
  );
}

function mapOf(file: string): SourceMap | null {
  try {
    const payload: unknown = JSON.parse(readFileSync(`${fileURLToPath(file)}.map`, 'utf8'));
    return isPayload(payload) ? new SourceMap(payload) : null;
  } catch {
    return null;
  }
}

function isPayload(value: unknown): value is ConstructorParameters<typeof SourceMap>[0] {
  return typeof value === 'object' && value !== null && 'sources' in value && 'mappings' in value;
}

function textOf(site: { readonly toString: () => string }): string {
  return site.toString();
}
