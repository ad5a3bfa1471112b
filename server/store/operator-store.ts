/** The store as operators' calls have it: whatever they change is changed by the operator who asks. */

import type { Bytes } from '../../lib/units.ts';
import type { StoreData } from './schema.ts';
import type { Store } from './store.ts';

export type StoreOfCalls = Pick<
  Store,
  'read' | 'change' | 'directory' | 'sizeBytes' | 'maxBytes' | 'bytesOf' | 'writeError'
>;

export class OperatorStore implements StoreOfCalls {
  readonly #store: Store;
  readonly #operator: () => string;

  /** `operator` is asked for each change; throws when nobody has said who it is. */
  constructor(store: Store, operator: () => string) {
    this.#store = store;
    this.#operator = operator;
  }

  read(): StoreData {
    return this.#store.read();
  }

  change<T>(mutator: (draft: StoreData) => T): Promise<T> {
    return this.#store.change(mutator, this.#operator());
  }

  get directory(): string {
    return this.#store.directory;
  }

  get sizeBytes(): Bytes {
    return this.#store.sizeBytes;
  }

  get maxBytes(): Bytes {
    return this.#store.maxBytes;
  }

  bytesOf(record: object): Bytes {
    return this.#store.bytesOf(record);
  }

  get writeError(): unknown {
    return this.#store.writeError;
  }
}
