import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { whyTooMuch } from '../../../lib/protocol/message-limits.ts';

const LIMITS = { maxBytes: 1000, maxValues: 10, maxDepth: 3 };

/** How many values there are in what JSON.parse made, and how deep they lie: another way to count. */
function count(value: unknown): { values: number; depth: number } {
  if (typeof value !== 'object' || value === null) return { values: 1, depth: 0 };
  const inside = Object.values(value).map(count);
  return {
    values: inside.reduce((sum, { values }) => sum + values, 1),
    depth: 1 + Math.max(0, ...inside.map(({ depth }) => depth)),
  };
}

function why(text: string): string | null {
  return whyTooMuch(Buffer.from(text), LIMITS);
}

describe('what a message has in it', () => {
  test('what a message has in it is counted before it is parsed: bytes, values, levels', () => {
    assert.equal(why('[1,2,3]'), null);
    assert.equal(why('[[[1]]]'), null);
    assert.match(why('[[[[1]]]]') ?? '', /more than 3 levels/);
    assert.match(why(`[${'0,'.repeat(10)}0]`) ?? '', /more than 10 values/);
    assert.match(why(`"${'x'.repeat(1000)}"`) ?? '', /1002 bytes, where 1000 are allowed/);
  });

  test('what a message has in it is not counted in strings, whatever they hold', () => {
    assert.equal(why('["[[[[[[[[,,,,,,,,,,,,,,,,,,", "\\"[[[[[[,,,,,,,,,", "\\\\", 1]'), null);
    assert.match(why('["\\\\",[[[[1]]]]]') ?? '', /levels/);
  });

  test('what a message has in it of what is no JSON is answered too', () => {
    for (const text of ['', '"', '"\\', ']]]]', '}', '[', 'nonsense'])
      assert.equal(why(text), null);
  });

  test('what a message has in it is never less than half of what there is, and never refused far below', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const { values, depth } = count(value);
        const bytes = Buffer.from(JSON.stringify(value));
        const all = { maxBytes: bytes.length, maxValues: 2 * values, maxDepth: depth };
        assert.equal(whyTooMuch(bytes, all), null);
        if (depth > 0) {
          assert.match(whyTooMuch(bytes, { ...all, maxDepth: depth - 1 }) ?? '', /levels/);
        }
        const few = Math.ceil(values / 2) - 1;
        if (few > 0) {
          const said = whyTooMuch(bytes, { ...all, maxValues: few, maxDepth: 1000 });
          assert.match(said ?? '', /values/);
        }
      }),
    );
  });
});
