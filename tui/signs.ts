/** Characters that depend on what the terminal can show. */

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
  keyName: (key) => NAMES[key] ?? key.replace(/^C-/, 'Ctrl-').replace(/^f(\d+)$/, 'F$1'),
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

export function signsOf({ unicode }: { readonly unicode: boolean }): Signs {
  return unicode ? UNICODE : ASCII;
}
