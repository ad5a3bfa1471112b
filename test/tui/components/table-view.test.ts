/** Tables. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { widthOf } from '../../../lib/columns.ts';
import { pictureText } from '../../../tui/panel-text.ts';
import { tableView } from '../../../tui/components/table-view.ts';
import { MODEL } from '../sample-keys.ts';

describe('table', () => {
  const rows = ['plain', 'Köln', '漢字かな', '\u001b[31mred', '{red-fg}tag{/}', 'x'.repeat(400)];
  const table = (width: number, unicode: boolean): string[] =>
    pictureText(
      tableView(
        {
          list: 'l',
          columns: [
            { title: 'NAME', width: 20, cell: (row: string) => row },
            { title: 'SIZE', width: 8, align: 'right', cell: (row: string) => String(row.length) },
            { title: 'REST', width: 'rest', cell: (row: string) => row },
          ],
          rows,
          cursor: { index: 0, first: 0 },
          isMarked: (row) => row === 'Köln',
          empty: ['nothing'],
        },
        { ...MODEL, unicode },
        { left: 0, top: 0, width, height: 10 },
      ),
      { left: 0, top: 0, width, height: 10 },
      unicode,
    );

  for (const width of [80, 100, 120, 200, 300]) {
    test(`table fits into ${width} columns, every cell in its column`, () => {
      for (const unicode of [true, false]) {
        const lines = table(width, unicode);
        for (const text of lines) assert.ok(widthOf(text) <= width, text);
        const at = lines[0]?.indexOf('REST') ?? -1;
        assert.ok(at > 0);
        // A wide character takes two cells and stands for itself once.
        const wide = lines[3] ?? '';
        assert.ok(wide.includes('漢字かな'));
        assert.equal(widthOf(wide.slice(0, wide.lastIndexOf('漢字かな'))), at);
        assert.match(lines[2] ?? '', /^\[x\] Köln/);
      }
    });
  }

  test('table: what a terminal would act on is made visible, and nothing else is changed', () => {
    const text = table(120, true).join('\n');
    assert.ok(!text.includes('\u001b'));
    assert.ok(text.includes('·[31mred'));
    assert.ok(text.includes('{red-fg}tag{/}'));
  });

  test('table: what was cut says so', () => {
    assert.match(table(80, true).at(6) ?? '', /…/);
    assert.match(table(80, false).at(6) ?? '', /~/);
  });
});
