/** Characters that depend on what the terminal can show, and what keys are called. */

import type { Language } from '../lib/model/language.ts';

export type Signs = {
  /** Stands where text was cut off. */
  readonly cut: string;
  readonly separator: string;
  readonly marked: string;
  readonly unmarked: string;
  readonly cursor: string;
  readonly up: string;
  readonly down: string;
  readonly done: string;
  readonly failed: string;
  readonly busy: string;
  readonly off: string;
  readonly idle: string;
  readonly pending: string;
  /** Nobody may delete it. */
  readonly kept: string;
  /** Fills free and used space in drawings of disks. */
  readonly free: string;
  readonly used: string;
  /** Where text can be typed. */
  readonly blank: string;
  readonly checked: string;
  readonly unchecked: string;
  readonly chosen: string;
  readonly notChosen: string;
  readonly box: Box;
  /** What a key is called in footer and help. */
  readonly keyName: (key: string) => string;
};

export type Box = {
  /** Upper left, upper right, lower left, lower right. */
  readonly corners: readonly [string, string, string, string];
  readonly across: string;
  readonly down: string;
  readonly tees: { readonly down: string; readonly up: string };
};

const NAMES: Readonly<Record<string, string>> = {
  enter: 'Enter',
  escape: 'Esc',
  space: 'Space',
  tab: 'Tab',
  'S-tab': 'Shift-Tab',
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  delete: 'Del',
  insert: 'Ins',
  backspace: 'Backspace',
};

/** Where German keyboards have other words. */
const GERMAN_NAMES: Readonly<Record<string, string>> = {
  ...NAMES,
  space: 'Leer',
  'S-tab': 'Umschalt-Tab',
  up: 'Auf',
  down: 'Ab',
  left: 'Links',
  right: 'Rechts',
  pageup: 'Bild-auf',
  pagedown: 'Bild-ab',
  home: 'Pos1',
  end: 'Ende',
  delete: 'Entf',
  insert: 'Einfg',
};

const ARROWS: Readonly<Record<string, string>> = { up: '↑', down: '↓', left: '←', right: '→' };

const ASCII: Signs = {
  cut: '~',
  separator: '-',
  marked: '[x]',
  unmarked: '[ ]',
  cursor: '>',
  up: '^',
  down: 'v',
  done: '+',
  failed: '!',
  busy: '*',
  off: '.',
  idle: 'o',
  pending: '?',
  kept: '#',
  free: '.',
  used: '#',
  blank: '_',
  checked: '[x]',
  unchecked: '[ ]',
  chosen: '(*)',
  notChosen: '( )',
  box: { corners: ['+', '+', '+', '+'], across: '-', down: '|', tees: { down: '+', up: '+' } },
  keyName: (key) => nameOf(key, NAMES, 'Ctrl'),
};

const UNICODE: Signs = {
  ...ASCII,
  cut: '…',
  separator: '─',
  marked: '[x]',
  up: '▲',
  down: '▼',
  done: '✓',
  failed: '✗',
  busy: '●',
  off: '·',
  idle: '○',
  kept: '♦',
  free: '░',
  used: '▄',
  box: { corners: ['┌', '┐', '└', '┘'], across: '─', down: '│', tees: { down: '┬', up: '┴' } },
  keyName: (key) => ARROWS[key] ?? ASCII.keyName(key),
};

const GERMAN_ASCII: Signs = {
  ...ASCII,
  keyName: (key) => nameOf(key, GERMAN_NAMES, 'Strg'),
};

const GERMAN_UNICODE: Signs = {
  ...UNICODE,
  keyName: (key) => ARROWS[key] ?? GERMAN_ASCII.keyName(key),
};

export function glyphsOf({
  unicode,
  language = 'en',
}: {
  readonly unicode: boolean;
  /** Of the names of keys. */
  readonly language?: Language;
}): Signs {
  if (language === 'de') return unicode ? GERMAN_UNICODE : GERMAN_ASCII;
  return unicode ? UNICODE : ASCII;
}

function nameOf(key: string, names: Readonly<Record<string, string>>, control: string): string {
  return (
    names[key] ??
    key
      .replace(/^C-(.)$/, (_, letter: string) => `${control}-${letter.toUpperCase()}`)
      .replace(/^f(\d+)$/, 'F$1')
  );
}
