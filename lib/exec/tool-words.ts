/** What of a program's words is fit for a message: one line of what it said, and its call without the text of programs. */

/** Longer lines are cut: a message has room for a reason, not for a report. */
const MAX_LINE = 200;
const MAX_ARGUMENT = 120;
const MAX_CALL = 300;
/** Of megabytes only both ends are looked at: the first error is the reason, the last line the end. */
const MAX_LOOKED_AT = 64 * 1024;

/**
 * The line of `text` (what a tool wrote to its standard error) that says why it failed: the first that is called an error,
 * or sounds like one, else the last one; never its usage, its progress or what is no text. Empty when there is none.
 */
export function tellingLine(text: string): string {
  const lines = linesOf(ends(text));
  const spoken = lines.filter((line) => !NOISE.some((noise) => noise.test(line)));
  const usageAt = spoken.findIndex((line) => USAGE.test(line));
  // Behind its usage a program explains options, with words that sound like errors.
  const telling = usageAt === -1 ? spoken : spoken.slice(0, usageAt);
  const behind = usageAt === -1 ? [] : spoken.slice(usageAt + 1).filter(isError);
  const reason =
    telling.find(isError) ??
    behind[0] ??
    telling.find((line) => ERROR.test(line)) ??
    telling.at(-1);
  if (reason !== undefined) return cut(reason, MAX_LINE);
  return usageAt === -1 ? '' : 'it only explained how it is called';
}

/** "mkfs.ext4 -q /dev/sda1": arguments that are programs or long texts are left out. */
export function callOf(tool: string, args: readonly string[]): string {
  const words = [tool, ...args];
  const shown = words.map((word, index) => {
    if (isProgramText(words, index)) return '…';
    return cut(plain(word.split(/[\r\n]/, 1)[0] ?? ''), MAX_ARGUMENT, word.includes('\n'));
  });
  return cut(shown.join(' '), MAX_CALL);
}

/** Whether an interpreter of `words` takes the word at `index` for a program. */
function isProgramText(words: readonly string[], index: number): boolean {
  if (!/^(-[a-z]*[ceE]|--eval)$/.test(words[index - 1] ?? '')) return false;
  return words.slice(0, index - 1).some((word) => INTERPRETER.test(word));
}

const INTERPRETER = /^(.*\/)?(perl|python|node|ruby|sh|bash|dash|busybox)[\d.]*$/;

const USAGE = /^\S*\s*usage\b[:\s]/i;

/** "mkfs.ext4: error: …", "dpkg: error processing …", "E: …": behind a usage nothing less is believed. */
function isError(line: string): boolean {
  return /^(\S+: )?(error|fatal)\b|^E: /i.test(line);
}

const ERROR = new RegExp(
  [
    String.raw`^E:|\b(errors?|fail(ed|s|ure)?|fatal|cannot|can'?t|can not|could ?n'?o?t|unable|invalid|illegal|denied|refus\w*)\b`,
    String.raw`\b(no such|not (found|permitted|allowed|supported|mounted|a|an)|no space|out of memory|read-only|timed? ?out)\b`,
    String.raw`\b(bad|corrupt\w*|damaged|unexpected|unsupported|unknown|unrecogni[sz]ed|missing|broken|busy|full)\b`,
    String.raw`\b(too (large|big|small|long|short|many|few)|does not|doesn'?t|is not|isn'?t|are not|must)\b`,
  ].join('|'),
  'i',
);

/** What programs say besides: advice, progress, greetings, and lines that have no word. */
const NOISE = [
  /^try ['`"‘]?\S+ .*(--help|-h\b|for more information)/i,
  /^(see|for more information|use) .*(help|man page|--help)\b/i,
  /^(\d+\+\d+ records (in|out)|\d+ bytes? .*copied)/,
  /^partclone (v\d|fail, please check)/i,
  /^(elapsed|remaining|current|total block|rate|completed):/i,
  /^[^A-Za-z]*([A-Za-z]{1,2}[^A-Za-z]+)*$/,
];

/** Lines of words: of binary output nothing is left, of progress that returns to the line's beginning each state is a line. */
function linesOf(text: string): string[] {
  return text
    .split(/[\r\n]+/)
    .filter((line) => !isBinary(line))
    .map((line) => plain(line).replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
}

function isBinary(line: string): boolean {
  const strange = line.match(/[\u0000-\u0008\u000e-\u001a\u001c-\u001f\u007f-\u009f\ufffd]/g) ?? [];
  return strange.length > 2 && strange.length * 20 > line.length;
}

/** Without colours (ECMA-48, control sequences) and whatever else a terminal would act on. */
function plain(text: string): string {
  return text.replace(/\u001b\[[\d;?]*[A-Za-z]/g, '').replace(/[\p{C}\u2028\u2029\ufffd]/gu, ' ');
}

function ends(text: string): string {
  if (text.length <= 2 * MAX_LOOKED_AT) return text;
  return `${text.slice(0, MAX_LOOKED_AT)}\n${text.slice(-MAX_LOOKED_AT)}`;
}

function cut(text: string, length: number, isCut = false): string {
  return text.length > length || isCut ? `${text.slice(0, length - 1).trimEnd()}…` : text;
}
