/** Keeps the record true while questions are answered and steps change the system. */

import type { KeptAnswers } from '../answers.ts';
import { readRecord, removeRecord, writeRecord, type Begun } from './record.ts';
import type { System } from '../machine/system.ts';
import { keyOf, treePathOf, type Change } from './table.ts';

export class Journal {
  readonly #system: System;
  readonly #programVersion: string;
  readonly #earlier: ReadonlySet<string>;
  #recorded: Change[];
  #ofThisRun: Change[] = [];
  #answers: KeptAnswers | undefined;
  #begun: Begun | undefined;

  private constructor(
    system: System,
    programVersion: string,
    before: {
      readonly changes: Change[];
      readonly answers?: KeptAnswers | undefined;
      readonly begun?: Begun | undefined;
    },
  ) {
    this.#system = system;
    this.#programVersion = programVersion;
    this.#recorded = before.changes;
    this.#earlier = new Set(before.changes.map(keyOf));
    this.#answers = before.answers;
    this.#begun = before.begun;
  }

  static async open(system: System, programVersion: string): Promise<Journal> {
    const record = await readRecord(system);
    return new Journal(system, programVersion, record ?? { changes: [] });
  }

  /** What is answered so far, for a later run to go on with should this one not come to its end. */
  async begin(begun: Begun): Promise<void> {
    this.#begun = begun;
    await this.#write();
  }

  /** Installed, with these answers. */
  async finish(answers: KeptAnswers): Promise<void> {
    this.#answers = answers;
    this.#begun = undefined;
    await this.#write();
  }

  /** Nothing of it is to go on. */
  async abandon(): Promise<void> {
    this.#begun = undefined;
    await this.#write();
  }

  /** Uninstalled: no answer counts any more. */
  async end(): Promise<void> {
    this.#answers = undefined;
    this.#begun = undefined;
    await this.#write();
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
    return this.#recorded.some((change) => {
      const tree = treePathOf(change);
      return tree !== null && `${path}/`.startsWith(`${tree}/`);
    });
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
  async rolledBack(change: Change): Promise<void> {
    this.#ofThisRun = this.#ofThisRun.filter((each) => each !== change);
    if (this.#earlier.has(keyOf(change))) return;
    this.#recorded = this.#recorded.filter((each) => keyOf(each) !== keyOf(change));
    await this.#write();
  }

  /** It is gone, whichever run has made it. */
  async forget(change: Change): Promise<void> {
    this.#recorded = this.#recorded.filter((each) => keyOf(each) !== keyOf(change));
    await this.#write();
  }

  /** What is kept on purpose stays in the record: --purge-data finds it later. */
  async #write(): Promise<void> {
    const [answers, begun] = [this.#answers, this.#begun];
    if (this.#recorded.length === 0 && answers === undefined && begun === undefined) {
      return removeRecord(this.#system);
    }
    await writeRecord(this.#system, {
      programVersion: this.#programVersion,
      changes: this.#recorded,
      ...(answers === undefined ? {} : { answers }),
      ...(begun === undefined ? {} : { begun }),
    });
  }
}
