/** What a benchmark is, and what it hands back: tables for people, aims with verdicts, raw figures for programs. */

export type BenchmarkName =
  'capture' | 'link-rate' | 'one-by-one' | 'fixed-cost' | 'ui' | 'boot-bytes' | 'start';

export type Benchmark = {
  readonly name: BenchmarkName;
  /** What it measures, one line. */
  readonly summary: string;
  readonly run: (context: BenchmarkContext) => Promise<Section>;
};

export type BenchmarkContext = {
  /** How often each thing is measured, interleaved with its reference. */
  readonly repeats: number;
  /** Small and few: to see that the benchmark works, not to believe its figures. */
  readonly quick: boolean;
  readonly signal: AbortSignal;
  /** Says what goes on, one line. */
  readonly say: (text: string) => void;
};

export type Section = {
  readonly name: BenchmarkName;
  readonly title: string;
  /** How it was measured, one paragraph each. */
  readonly method: readonly string[];
  readonly tables: readonly Table[];
  readonly verdicts: readonly Verdict[];
  /** Every measured figure, for --json. */
  readonly measurements: unknown;
};

export type Table = {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

/** What came of one of the aims. */
export type Verdict = {
  readonly aim: string;
  readonly measured: string;
  /** "machine": two cores, or the disk below, cannot show it; the reference on the same machine did no better. */
  readonly met: 'yes' | 'no' | 'machine';
};
