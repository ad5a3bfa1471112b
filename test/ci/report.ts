/** What a run of tests says: each failure at once, the slowest files and the sum at the end. */

import { relative } from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

const SLOWEST = 5;

/** Adds to `elapsedMs` what each file took, by its path. */
export async function* report(
  events: AsyncIterable<TestEvent>,
  elapsedMs: Map<string, number>,
): AsyncGenerator<string> {
  let failed = 0;
  for await (const { type, data } of events) {
    if (type === 'test:pass' || type === 'test:fail') {
      const file = relative(process.cwd(), data.file ?? '');
      if (data.nesting === 0) {
        elapsedMs.set(file, (elapsedMs.get(file) ?? 0) + data.details.duration_ms);
      }
      if (type === 'test:pass') continue;
      const { error } = data.details;
      // Of what contains others that failed, they say why.
      if ('failureType' in error && error.failureType === 'subtestsFailed') continue;
      failed += 1;
      yield `✖ ${file}: ${data.name}\n${indented(inspect(error.cause))}\n`;
    } else if (type === 'test:summary' && data.file === undefined) {
      const { tests, passed, skipped } = data.counts;
      yield `${tests} tests: ${passed} passed, ${failed} failed, ${skipped} skipped\n`;
    }
  }
  const slowest = [...elapsedMs].sort(([, one], [, other]) => other - one).slice(0, SLOWEST);
  yield `slowest: ${slowest.map(([file, ms]) => `${file} ${(ms / 1000).toFixed(1)} s`).join(', ')}\n`;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}
