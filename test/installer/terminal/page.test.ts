import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import { page } from '../../../installer/terminal/page.ts';
import { OperatorError } from '../../../lib/errors.ts';

const LINES = Array.from({ length: 50 }, (_, index) => `line ${index + 1}`);

/** A terminal of 20 rows on which `keys` are pressed, one each time that it waits. */
async function shown(
  lines: readonly string[],
  keys: readonly string[],
  interruption = { signal: new AbortController().signal, hint: 'kept' },
): Promise<string> {
  const input = new PassThrough();
  const output = Object.assign(new PassThrough(), { rows: 20, columns: 80 });
  const left = [...keys];
  let text = '';
  output.setEncoding('utf8').on('data', (more: string) => {
    text += more;
    if (!/ --$/.test(more)) return;
    const key = left.shift();
    if (key === undefined) input.end();
    else setImmediate(() => input.write(key));
  });
  await page({ input, output }, lines, interruption);
  assert.deepEqual(left, [], 'no key was needed any more');
  return text;
}

function numbersIn(text: string): number[] {
  return [...text.matchAll(/^line (\d+)$/gm)].map(([, number]) => Number(number));
}

const ALL = LINES.map((_, index) => index + 1);

describe('long text on a terminal', () => {
  test('long text on a terminal that has room for it is shown as it is, and waits for nothing', async () => {
    assert.equal(await shown(LINES.slice(0, 19), []), `${LINES.slice(0, 19).join('\n')}\n`);
  });

  test('long text on a terminal is shown a screen at a time, every line of it', async () => {
    for (const key of [' ', '\r', '\u001b[B', '\u001b[6~']) {
      const text = await shown(LINES, [key, key]);
      assert.deepEqual(numbersIn(text.replace(/-- Lines.*? --\r\u001b\[K/g, '')), ALL);
      assert.match(text, /-- Lines 1 to 19 of 50\. /);
      assert.match(text, /-- Lines 20 to 38 of 50\. /);
    }
  });

  test('long text on a terminal goes back by a screen, and to the end at once', async () => {
    const back = await shown(LINES, [' ', 'b', ' ', ' ']);
    const plain = (text: string): number[] =>
      numbersIn(text.replace(/-- Lines.*? --\r\u001b\[K/g, ''));
    assert.deepEqual(plain(back), [...ALL.slice(0, 38), ...ALL.slice(0, 38), ...ALL.slice(38)]);
    assert.deepEqual(plain(await shown(LINES, ['q'])), ALL);
  });

  test('long text on a terminal counts lines as they are broken for the terminal', async () => {
    const long = Array.from({ length: 10 }, () => 'word '.repeat(40).trim());
    assert.match(await shown(long, ['q']), /-- Lines 1 to 19 of 3\d\. /);
  });

  test('long text on a terminal is left by ^C and by the end of the input, as a question is', async () => {
    for (const keys of [['\u0003'], []]) {
      await assert.rejects(shown(LINES, keys), { name: 'ExitPromptError' });
    }
  });

  test('long text on a terminal is left when the installer is told to end, with what became of the answers', async () => {
    const interruption = { signal: AbortSignal.abort(), hint: 'kept' };
    await assert.rejects(
      shown(LINES, ['x'], interruption),
      (error) =>
        error instanceof OperatorError && error.code === 'cancelled' && error.hint === 'kept',
    );
  });
});
