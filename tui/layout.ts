/** Where things are on the terminal: heading above, footer below, the screens between. */

import type { Model } from './model.ts';
import { splitRows, type Area } from './picture.ts';

/** What the screens are made for; on less, not everything can be seen. */
export const NEEDED = { width: 80, height: 24 } as const;
/** On less than this nothing can be shown that makes sense. */
const LEAST = { width: 40, height: 10 } as const;

export function isSmall({ width, height }: Area): boolean {
  return width < NEEDED.width || height < NEEDED.height;
}

export function isUnusable({ width, height }: Area): boolean {
  return width < LEAST.width || height < LEAST.height;
}

export type Layout = {
  readonly head: Area;
  /** One row while what is shown is old, else none. */
  readonly banner: Area;
  /** What screens get. */
  readonly body: Area;
  readonly foot: Area;
};

/** Whether what is shown is what was, because the connection is lost; without anything from a server nothing is old. */
export function isOld({ connection, status }: Pick<Model, 'connection' | 'status'>): boolean {
  return connection.type === 'lost' && status !== null;
}

export function layoutOf(
  model: Pick<Model, 'area' | 'connection' | 'status' | 'footerRows'>,
): Layout {
  const { area, footerRows } = model;
  const [head, rest] = splitRows(area, 1);
  const [banner, below] = splitRows(rest, isOld(model) ? 1 : 0);
  const [body, foot] = splitRows(below, below.height - footerRows);
  return { head, banner, body, foot };
}
