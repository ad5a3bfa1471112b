/** Who imports whom in the sources of the programs and of lib, and where that goes round in circles. */

import { posix } from 'node:path';
import ts from 'typescript';
import { isProduct, readSources } from './support/sources.ts';

/** File names with the files of ours that each imports, as they are written from the project's root. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

export function readImportGraph(): ImportGraph {
  return importGraphOf(new Map(readSources(isProduct).map(({ path, text }) => [path, text])));
}

/** `sources`: file names with their texts. */
export function importGraphOf(sources: ReadonlyMap<string, string>): ImportGraph {
  return new Map(
    [...sources].map(([file, text]) => {
      const imported = ts
        .preProcessFile(text)
        .importedFiles.map(({ fileName }) => fileName)
        .filter((name) => name.startsWith('.'))
        .map((name) => posix.join(posix.dirname(file), name))
        .filter((name) => sources.has(name));
      return [file, imported];
    }),
  );
}

/**
 * The graph of what `unitOf` makes of each file: a folder, say. Null: the file does not count. With one import as the
 * example for each edge.
 */
export function collapsed(
  graph: ImportGraph,
  unitOf: (file: string) => string | null,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const units = new Map<string, Map<string, string>>();
  for (const [file, imported] of graph) {
    const from = unitOf(file);
    if (from === null) continue;
    const edges = units.get(from) ?? new Map<string, string>();
    units.set(from, edges);
    for (const target of imported) {
      const to = unitOf(target);
      if (to !== null && to !== from && !edges.has(to)) edges.set(to, `${file} imports ${target}`);
    }
  }
  return units;
}

/** The sets of nodes that reach each other (strongly connected components of more than one, by Tarjan's algorithm). */
export function circlesOf(
  nodes: Iterable<string>,
  next: (node: string) => Iterable<string>,
): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const circles: string[][] = [];
  const visit = (node: string): number => {
    const number = order.size;
    order.set(node, number);
    open.push(node);
    isOpen.add(node);
    let low = number;
    for (const other of next(node)) {
      if (!order.has(other)) low = Math.min(low, visit(other));
      else if (isOpen.has(other)) low = Math.min(low, order.get(other) ?? low);
    }
    lowest.set(node, low);
    if (low === number) {
      const circle = open.splice(open.indexOf(node));
      for (const each of circle) isOpen.delete(each);
      if (circle.length > 1) circles.push(circle.toSorted());
    }
    return lowest.get(node) ?? low;
  };
  for (const node of nodes) if (!order.has(node)) visit(node);
  return circles;
}
