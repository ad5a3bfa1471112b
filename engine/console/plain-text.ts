/**
 * Text for the host's screen and its serial line. Both get letters that every machine shows: ASCII, and on the screen
 * the German ones. The kernel's console has a font of 256 characters, which without a font of ours is that of the
 * firmware or the kernel's own; both are ordered as code page 437, which has ä ö ü Ä Ö Ü ß (drivers/tty/vt/cp437.uni).
 * Other letters with accents become plain ones, everything else a question mark.
 */

const GERMAN_LETTERS = 'äöüÄÖÜß';

const SPELLED: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  Ä: 'Ae',
  Ö: 'Oe',
  Ü: 'Ue',
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  '–': '-',
  '—': '-',
  '…': '...',
  '“': '"',
  '”': '"',
  '‘': "'",
  '’': "'",
  '\u00a0': ' ',
};

/** One line of ASCII without anything that a terminal would act on: names and errors come from network and machine. */
export function plainText(text: string): string {
  return inLetters(text, '');
}

/** The same with German letters: what the screen shows. */
export function screenText(text: string): string {
  return inLetters(text, GERMAN_LETTERS);
}

function inLetters(text: string, kept: string): string {
  return text
    .normalize('NFC')
    .replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .replace(/[^\x20-\x7e]/gu, (letter) => (kept.includes(letter) ? letter : spelled(letter)))
    .trim();
}

function spelled(letter: string): string {
  const known = SPELLED[letter];
  if (known !== undefined) return known;
  const plain = letter.normalize('NFKD').replace(/\p{M}/gu, '');
  return plain.replace(/[^\x20-\x7e]/gu, (each) => SPELLED[each] ?? '?');
}

/** `text` in lines of at most `width`, broken between words where there are any; the last one says if more is left out. */
export function wrap(text: string, width: number, maxLines: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of screenText(text).split(' ')) {
    for (let rest = word; rest !== '';) {
      const joined = line === '' ? rest : `${line} ${rest}`;
      if (joined.length <= width) {
        line = joined;
        rest = '';
      } else if (line !== '') {
        lines.push(line);
        line = '';
      } else {
        lines.push(rest.slice(0, width));
        rest = rest.slice(width);
      }
    }
  }
  if (line !== '') lines.push(line);
  if (lines.length <= maxLines) return lines;
  const last = lines[maxLines - 1] ?? '';
  return [...lines.slice(0, maxLines - 1), `${last.slice(0, width - 4).trimEnd()} ...`];
}
