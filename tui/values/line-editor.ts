/** One line of text that is being typed: an immutable value. */

import { widthOf } from '../../lib/columns.ts';
import type { Key } from '../events.ts';

const CHARACTERS = new Intl.Segmenter();

export type LineEditor = {
  readonly text: string;
  /** Where the caret is, in characters as people count them. */
  readonly position: number;
};

export function lineEditor(text = ''): LineEditor {
  return { text, position: charactersOf(text).length };
}

/** The editor after `key`, or null when the key means nothing to it (then it is a command of the form). */
export function edit(editor: LineEditor, key: Key, mostCharacters = 256): LineEditor | null {
  const characters = charactersOf(editor.text);
  const { position } = editor;
  const before = characters.slice(0, position);
  const after = characters.slice(position);
  const made = (left: readonly string[], right: readonly string[]): LineEditor => ({
    text: [...left, ...right].join(''),
    position: left.length,
  });
  switch (key.name) {
    case 'left':
    case 'C-b':
      return { ...editor, position: Math.max(0, position - 1) };
    case 'right':
    case 'C-f':
      return { ...editor, position: Math.min(characters.length, position + 1) };
    case 'home':
    case 'C-a':
      return { ...editor, position: 0 };
    case 'end':
    case 'C-e':
      return { ...editor, position: characters.length };
    case 'backspace':
    case 'C-h':
      return made(before.slice(0, -1), after);
    case 'delete':
    case 'C-d':
      return made(before, after.slice(1));
    case 'C-u':
      return made([], after);
    case 'C-k':
      return made(before, []);
    case 'C-w':
      return made(charactersOf(before.join('').replace(/\S+\s*$/u, '')), after);
    default: {
      if (key.text === null || /\p{C}/u.test(key.text)) return null;
      if (characters.length >= mostCharacters) return editor;
      return made([...before, key.text], after);
    }
  }
}

/** What is seen in `width` cells: the part around the caret, and the caret's place in it, in cells too. */
export function visiblePart(
  { text, position }: LineEditor,
  width: number,
): { readonly text: string; readonly caret: number } {
  const characters = charactersOf(text);
  let first = position;
  // The caret needs a cell of its own behind what is left of it.
  let caret = 0;
  while (first > 0) {
    const cells = widthOf(characters[first - 1] ?? '');
    if (caret + cells > width - 1) break;
    caret += cells;
    first -= 1;
  }
  let end = position;
  let used = caret;
  while (end < characters.length) {
    const cells = widthOf(characters[end] ?? '');
    if (used + cells > width) break;
    used += cells;
    end += 1;
  }
  return { text: characters.slice(first, end).join(''), caret };
}

function charactersOf(text: string): string[] {
  return Array.from(CHARACTERS.segment(text), ({ segment }) => segment);
}
