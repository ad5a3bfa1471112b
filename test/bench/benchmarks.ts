/** All benchmarks, in the order in which they are run. */

import type { Benchmark } from './benchmark.ts';
import { bootBytes } from './boot-bytes.ts';
import { capture } from './capture.ts';
import { fixedCost } from './fixed-cost.ts';
import { linkRate } from './link-rate.ts';
import { oneByOne } from './one-by-one.ts';
import { start } from './start.ts';
import { ui } from './ui.ts';

export const BENCHMARKS: readonly Benchmark[] = [
  fixedCost,
  capture,
  oneByOne,
  linkRate,
  ui,
  bootBytes,
  start,
];
