/** The parts that screens are made of: cursors, editors, tables, forms, maps, grids. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { widthOf } from '../../lib/columns.ts';
import { pictureText } from '../../tui/panel-text.ts';
import { newModel, type Model } from '../../tui/model.ts';
import { wrap } from '../../tui/components/dialog.ts';
import {
  checkboxField,
  choiceField,
  faultOf,
  isOn,
  moveFocus,
  newForm,
  refused,
  textField,
  typeInto,
  valueOf,
  type Form,
  type Check,
} from '../../tui/values/form.ts';
import { formView } from '../../tui/components/form-view.ts';
import { moveInGrid, gridView } from '../../tui/components/grid-view.ts';
import { edit, lineEditor, visiblePart } from '../../tui/values/line-editor.ts';
import { keepVisible, moveCursor } from '../../tui/values/list-cursor.ts';
import {
  mapPieces,
  partitionMapLines,
  type DiskMap,
} from '../../tui/presentation/partition-map.ts';
import { entryAt, TOP, moveSelection, resolveSelection } from '../../tui/values/selection.ts';
import { scrollAfter, scrollRows, scrollView } from '../../tui/components/scroll-view.ts';
import { tableView } from '../../tui/components/table-view.ts';
import { line, lineWidth, span } from '../../tui/picture.ts';

const MODEL: Model = newModel({
  area: { left: 0, top: 0, width: 80, height: 24 },
  unicode: true,
  language: 'en',
  now: 0,
  operator: 'anna',
});

const key = (name: string): { name: string; text: string | null } => ({
  name,
  text: name.length === 1 ? name : name === 'space' ? ' ' : null,
});

const press = (form: Form, ...names: readonly string[]): Form =>
  names.reduce((now, name) => typeInto(now, key(name)) ?? now, form);

describe('list cursor', () => {
  const anyKey = fc.constantFrom(
    'up',
    'down',
    'pageup',
    'pagedown',
    'home',
    'end',
    'j',
    'k',
    'g',
    'G',
  );

  test('list cursor stays in the list and in the visible part, whatever is pressed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 60 }),
        fc.array(anyKey, { maxLength: 40 }),
        (length, rows, keys) => {
          let cursor = { index: 0, first: 0 };
          for (const name of keys) {
            cursor = moveCursor(cursor, key(name), length, rows) ?? cursor;
            assert.ok(cursor.index >= 0 && cursor.index < length);
            assert.ok(cursor.first <= cursor.index && cursor.index < cursor.first + rows);
            assert.ok(cursor.first <= Math.max(0, length - rows), 'no empty rows below');
          }
        },
      ),
    );
  });

  test('an empty list has a cursor too', () => {
    assert.deepEqual(keepVisible({ index: 5, first: 3 }, 0, 10), { index: 0, first: 0 });
  });

  test('list cursor: other keys are not its own', () => {
    assert.equal(moveCursor({ index: 0, first: 0 }, key('d'), 5, 5), null);
  });
});

describe('place', () => {
  const listed = (rows: readonly string[]) => ({ list: 'l', rows, keyOf: (row: string) => row });

  test('place stays on its thing when others come before it, or go', () => {
    const down = { type: 'key', key: key('down') } as const;
    const place = moveSelection(TOP, down, listed(['a', 'b', 'c']), 10);
    assert.ok(place !== null);
    assert.equal(entryAt(place, listed(['a', 'b', 'c'])), 'b');
    assert.equal(entryAt(place, listed(['x', 'y', 'a', 'b', 'c'])), 'b');
    assert.equal(entryAt(place, listed(['b', 'c'])), 'b');
  });

  test('place is on the next thing when its own is gone', () => {
    const place = { index: 1, first: 0, key: 'b' };
    assert.equal(entryAt(place, listed(['a', 'c'])), 'c');
    assert.equal(entryAt(place, listed(['a'])), 'a');
    assert.equal(entryAt(place, listed([])), null);
    assert.equal(resolveSelection(place, listed(['a', 'c']), 5).key, null);
  });

  test('place follows clicks on its own list only', () => {
    const click = (list: string) =>
      ({ type: 'click', click: { type: 'row', list, index: 2 }, isDouble: false }) as const;
    assert.equal(moveSelection(TOP, click('l'), listed(['a', 'b', 'c']), 10)?.key, 'c');
    assert.equal(moveSelection(TOP, click('other'), listed(['a', 'b', 'c']), 10), null);
  });
});

describe('line editor', () => {
  const anyKey = fc.oneof(
    fc.constantFrom('left', 'right', 'home', 'end', 'backspace', 'delete', 'C-u', 'C-k', 'C-w'),
    fc.constantFrom('a', 'ß', 'é', '漢', ' ', '-'),
  );

  test('line editor: the caret stays in the text, and only what was typed is in it', () => {
    fc.assert(
      fc.property(
        fc.array(anyKey, { maxLength: 60 }),
        fc.string({ maxLength: 20 }),
        (keys, start) => {
          let editor = lineEditor(start);
          for (const name of keys) {
            editor = edit(editor, { name, text: name.length === 1 ? name : null }) ?? editor;
            const length = Array.from(new Intl.Segmenter().segment(editor.text)).length;
            assert.ok(editor.position >= 0 && editor.position <= length);
          }
        },
      ),
    );
  });

  test('line editor: typing and deleting again leaves the text as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'ü', '漢', 'x'), { maxLength: 20 }), (letters) => {
        let editor = lineEditor('start');
        for (const letter of letters) editor = edit(editor, key(letter)) ?? editor;
        assert.equal(editor.text, `start${letters.join('')}`);
        letters.forEach(() => (editor = edit(editor, key('backspace')) ?? editor));
        assert.deepEqual(editor, lineEditor('start'));
      }),
    );
  });

  test('line editor: the caret is always in the part that is seen', () => {
    const long = lineEditor('a'.repeat(100));
    assert.deepEqual(visiblePart(long, 10), { text: 'a'.repeat(9), caret: 9 });
    assert.equal(visiblePart({ ...long, position: 0 }, 10).caret, 0);
    // Wide characters take two cells each: four and the caret fit into nine and ten.
    const wide = lineEditor('漢'.repeat(20));
    assert.deepEqual(visiblePart(wide, 10), { text: '漢'.repeat(4), caret: 8 });
    assert.deepEqual(visiblePart(wide, 9), { text: '漢'.repeat(4), caret: 8 });
  });

  test('line editor: no more than allowed is typed, and control characters never', () => {
    const editor = edit(lineEditor('ab'), key('c'), 2);
    assert.equal(editor?.text, 'ab');
    assert.equal(edit(lineEditor(), { name: '\u0007', text: '\u0007' }), null);
  });
});

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

describe('form', () => {
  const form = newForm([
    textField('name', 'Name'),
    choiceField('disk', 'Disk', [
      { value: 'sda', label: 'sda', disabledReason: null },
      { value: 'sdb', label: 'sdb', disabledReason: 'it is too small' },
    ]),
    checkboxField('wake', 'Wake', false),
  ]);
  const check: Check = (_, text) => (text === '' ? 'a name is needed' : null);

  test('form: the focus goes round in both directions', () => {
    assert.equal(moveFocus(form, -1).focus, 2);
    assert.equal(moveFocus(moveFocus(moveFocus(form, 1), 1), 1).focus, 0);
  });

  test('form: keys go to the focused field alone', () => {
    const typed = press(form, 'h', 'i', 'space', 'x');
    assert.equal(valueOf(typed, 'name'), 'hi x');
    assert.equal(isOn(typed, 'wake'), false);
    const on = press(moveFocus(typed, 2), 'space');
    assert.equal(isOn(on, 'wake'), true);
    assert.equal(valueOf(on, 'name'), 'hi x');
  });

  test('a refused form says all faults and goes to the first', () => {
    const wrong = refused(moveFocus(form, 1), check);
    assert.equal(wrong?.focus, 0);
    const text = formView(wrong, check, MODEL, 60).lines.map((each) =>
      each.map((s) => s.text).join(''),
    );
    assert.match(text.join('\n'), /a name is needed/);
    assert.equal(refused(press(form, 'x'), check), null);
  });

  test('form: an option that cannot be taken says why when it stands there', () => {
    const chosen = press(moveFocus(press(form, 'x'), 1), 'right');
    assert.equal(valueOf(chosen, 'disk'), 'sdb');
    const [, field] = chosen.fields;
    assert.equal(field === undefined ? '' : faultOf(field, check), 'it is too small');
    assert.equal(refused(chosen, check)?.focus, 1);
  });

  test('form: a fault is not said before the field was left', () => {
    const before = formView(form, check, MODEL, 60)
      .lines.flat()
      .map(({ text }) => text);
    assert.ok(!before.includes('a name is needed'));
    const after = formView(moveFocus(form, 1), check, MODEL, 60)
      .lines.flat()
      .map(({ text }) => text);
    assert.ok(after.includes('a name is needed'));
  });
});

describe('partition map', () => {
  const GB = 1e9;
  const disks = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 0, max: 500 })), {
      minLength: 1,
      maxLength: 12,
    })
    .map((parts): DiskMap => {
      let end = 0;
      const partitions = parts.map(([size, gap], index) => {
        const startBytes = end + gap * 10_000_000;
        end = startBytes + size * 100_000_000;
        return {
          number: index + 1,
          startBytes,
          sizeBytes: size * 100_000_000,
          filesystem: 'ext4',
          label: '',
          usedBytes: null,
        };
      });
      return { sizeBytes: end + 1_000_000, partitions };
    });

  test('fills exactly the width, shows every partition, in order', () => {
    fc.assert(
      fc.property(disks, fc.integer({ min: 76, max: 298 }), (map, width) => {
        const pieces = mapPieces(map, width);
        const sum = pieces.reduce((total, piece) => total + piece.width, pieces.length - 1);
        assert.equal(sum, width);
        const numbers = pieces.flatMap(({ partition }) =>
          partition === null ? [] : [partition.number],
        );
        assert.deepEqual(
          numbers,
          map.partitions.map(({ number }) => number),
        );
        assert.ok(pieces.every((piece) => piece.width >= 2));
      }),
    );
  });

  test('a partition that is larger is never drawn smaller by more than a cell', () => {
    fc.assert(
      fc.property(disks, fc.integer({ min: 76, max: 298 }), (map, width) => {
        const pieces = mapPieces(map, width);
        for (const one of pieces) {
          for (const other of pieces) {
            if (one.sizeBytes > other.sizeBytes) assert.ok(one.width >= other.width - 1);
          }
        }
      }),
    );
  });

  test('partition map: all its lines have the same width, in UTF-8 and ASCII', () => {
    fc.assert(
      fc.property(disks, fc.integer({ min: 76, max: 200 }), fc.boolean(), (map, width, unicode) => {
        const lines = partitionMapLines(map, width, { ...MODEL, unicode });
        assert.deepEqual(
          lines.map(lineWidth),
          lines.map(() => width),
        );
      }),
    );
  });

  test('partition map: a size is written whole or not at all', () => {
    const part = (number: number, startBytes: number, sizeBytes: number) => ({
      ...{ number, startBytes, sizeBytes },
      ...{ filesystem: 'vfat', label: '', usedBytes: null },
    });
    const map = {
      sizeBytes: 1000 * GB,
      partitions: [part(1, 0, 0.5 * GB), part(2, 0.5 * GB, 999.5 * GB)],
    };
    const sizes = partitionMapLines(map, 80, MODEL)[2]?.map(({ text }) => text.trim()) ?? [];
    assert.deepEqual(
      sizes.filter((text) => /\d/.test(text)),
      ['1.00 TB'],
    );
  });
});

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
      ...['pc-1', 'pc-5', 'pc-4', 'pc-0'],
      ...['pc-29', 'pc-29', 'pc-29', 'pc-0', 'pc-0', 'pc-0'],
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

test('wrapped text loses nothing but spaces, and no line is too long', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.integer({ min: 1, max: 60 }), (text, width) => {
      const lines = wrap(text, width);
      assert.equal(lines.join('').replaceAll(/\s/g, ''), text.replaceAll(/\s/g, ''));
      assert.ok(lines.every((each) => widthOf(each) <= Math.max(2, width)));
    }),
  );
});
