/** Keeps the record true while steps change the system. */

import { readRecord, removeRecord, writeRecord } from '../record.ts';
import type { System } from '../system.ts';
import { keyOf, type Change } from './change.ts';

export class Journal {
  readonly #system: System;
  readonly #programVersion: string;
  readonly #earlier: ReadonlySet<string>;
  #recorded: Change[];
  #ofThisRun: Change[] = [];

  private constructor(system: System, programVersion: string, recorded: Change[]) {
    this.#system = system;
    this.#programVersion = programVersion;
    this.#recorded = recorded;
    this.#earlier = new Set(recorded.map(keyOf));
  }

  static async open(system: System, programVersion: string): Promise<Journal> {
    const record = await readRecord(system);
    return new Journal(system, programVersion, record?.changes ?? []);
  }

  /** What this run has changed, in order: what a failure takes back. */
  get ofThisRun(): readonly Change[] {
    return this.#ofThisRun;
  }

  /** Whether an earlier run made what this change is about. */
  knows(change: Change): boolean {
    return this.#earlier.has(keyOf(change));
  }

  /** Whether a directory that OpenClone made has all of `path` in it. */
  isInOurTree(path: string): boolean {
    return this.#recorded.some(
      (change) =>
        change.type === 'directory' && change.tree && `${path}/`.startsWith(`${change.path}/`),
    );
  }

  /**
   * To be called before the change is made. What an earlier run recorded of the same thing stays in the record: the
   * system as it was before OpenClone is what uninstalling goes back to.
   */
  async note(change: Change): Promise<void> {
    this.#ofThisRun.push(change);
    const isRecorded = this.#recorded.some((each) => keyOf(each) === keyOf(change));
    if (!isRecorded) this.#recorded.push(change);
    await this.#write();
  }

  /** What an earlier run made stays recorded: taking back this run's part of it leaves it made. */
  async takenBack(change: Change): Promise<void> {
    this.#ofThisRun = this.#ofThisRun.filter((each) => each !== change);
    if (this.#earlier.has(keyOf(change))) return;
    this.#recorded = this.#recorded.filter((each) => keyOf(each) !== keyOf(change));
    await this.#write();
  }

  /** Uninstalled: whoever made it. */
  async removed(change: Change): Promise<void> {
    this.#recorded = this.#recorded.filter((each) => keyOf(each) !== keyOf(change));
    await this.#write();
  }

  /** What is kept on purpose stays in the record: --purge-data finds it later. */
  async #write(): Promise<void> {
    if (this.#recorded.length === 0) return removeRecord(this.#system);
    await writeRecord(this.#system, {
      programVersion: this.#programVersion,
      changes: this.#recorded,
    });
  }
}
