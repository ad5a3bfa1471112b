/** Lines that are scrolled. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pictureText } from '../../../tui/panel-text.ts';
import { scrollAfter, scrollRows, scrollView } from '../../../tui/components/scroll-view.ts';
import { line } from '../../../tui/picture.ts';
import { key, MODEL } from '../sample-keys.ts';

describe('scrolled lines', () => {
  const area = { left: 0, top: 0, width: 80, height: 10 };
  const lines = Array.from({ length: 25 }, (_, index) => line(`line ${index}`));

  test('scrolled lines say where one is and reach the last line', () => {
    const end = scrollAfter(0, { type: 'key', key: key('end') }, 25, scrollRows(25, area));
    const text = pictureText(scrollView(lines, end ?? 0, MODEL, area), area, true);
    assert.equal(text[8], 'line 24');
    assert.match(text[9] ?? '', /▲ +17-25\/25/);
  });

  test('scrolled lines: short ones are shown whole, without a hint', () => {
    const text = pictureText(scrollView(lines.slice(0, 10), 0, MODEL, area), area, true);
    assert.equal(text[9], 'line 9');
  });
});
