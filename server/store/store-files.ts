/** The names of the files in a data directory that belong to the store. */

import { join } from 'node:path';

/** Beside `store`, which is the store itself: see DurableFile. */
export type StoreFiles = {
  readonly store: string;
  /** The content before the newest write. */
  readonly previous: string;
  /** There has been a store here. */
  readonly marker: string;
  /** What a program that knows no newer version than `version` left. */
  readonly ofVersion: (version: number) => string;
};

export function storeFiles(directory: string): StoreFiles {
  const store = join(directory, 'store.json');
  return {
    store,
    previous: `${store}.previous`,
    marker: join(directory, 'initialised'),
    ofVersion: (version) => `${store}.version-${version}`,
  };
}
