/** A bar of progress. */

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** `width` characters for a `fraction` of 0 to 1: blocks in UTF-8, "###---" in ASCII. */
export function bar(fraction: number, width: number, unicode: boolean): string {
  const filled = Math.min(1, Math.max(0, fraction)) * width;
  if (!unicode) {
    const whole = Math.floor(filled);
    return '#'.repeat(whole) + '-'.repeat(width - whole);
  }
  const whole = Math.floor(filled);
  const part = whole < width ? (EIGHTHS[Math.floor((filled - whole) * 8)] ?? '') : '';
  return '█'.repeat(whole) + part + '░'.repeat(width - whole - (part === '' ? 0 : 1));
}
