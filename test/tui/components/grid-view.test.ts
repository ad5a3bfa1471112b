/** Grids of cells. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pictureText } from '../../../tui/panel-text.ts';
import { moveInGrid, gridView } from '../../../tui/components/grid-view.ts';
import { entryAt, TOP } from '../../../tui/values/selection.ts';
import { line, span } from '../../../tui/picture.ts';
import { key, MODEL } from '../sample-keys.ts';

describe('grid', () => {
  const rows = Array.from({ length: 30 }, (_, index) => `pc-${index}`);
  const grid = { list: 'g', rows, keyOf: (row: string) => row, cellWidth: 18 };
  const area = { left: 0, top: 0, width: 80, height: 8 };

  test('grid: arrow keys go by cells and lines and stay inside', () => {
    const steps = ['right', 'down', 'left', 'up', 'end', 'down', 'right', 'home', 'left', 'up'];
    let place = TOP;
    const seen = steps.map((name) => {
      place = moveInGrid(place, { type: 'key', key: key(name) }, grid, area) ?? place;
      return entryAt(place, grid);
    });
    assert.deepEqual(seen, [
      'pc-1',
      'pc-5',
      'pc-4',
      'pc-0',
      'pc-29',
      'pc-29',
      'pc-29',
      'pc-0',
      'pc-0',
      'pc-0',
    ]);
  });

  test('grid: the cell under the cursor is always seen, and clicks hit the cell they are on', () => {
    for (let index = 0; index < rows.length; index += 1) {
      const picture = gridView(
        {
          ...grid,
          selection: { index, first: 0, key: null },
          cell: (row) => line(span(row)),
          empty: '',
        },
        MODEL,
        { ...area, height: 3 },
      );
      const text = pictureText(picture, { ...area, height: 3 }, true);
      assert.match(text.join('\n'), new RegExp(`pc-${index}\\b`));
      const target = picture.targets.find(
        ({ click }) => click.type === 'row' && click.index === index,
      );
      assert.ok(target !== undefined);
      const shown = text[target.area.top]?.slice(target.area.left).trim() ?? '';
      assert.match(shown, new RegExp(`^pc-${index}\\b`));
    }
  });
});
