/** `npm run replay -- FILE [--until N] [--size 120x40]`: plays what Ctrl-R of the UI has written. */

import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { viewOf } from '../../../tui/frame.ts';
import { pictureText } from '../../../tui/panel-text.ts';
import type { Area } from '../../../tui/picture.ts';
import { parseRecording, play, type Recording } from '../../../tui/recording.ts';
import { Terminal } from '../../../tui/widgets/terminal.ts';
import { stepTo } from './step.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { until: { type: 'string' }, size: { type: 'string' } },
});
const [file] = positionals;
const until = /^\d+$/.test(values.until ?? '0') ? Number(values.until) : null;
const size = /^(\d{2,3})x(\d{2,3})$/.exec(values.size ?? '80x24');
if (file === undefined || until === null || size === null) {
  process.stderr.write('npm run replay -- FILE [--until N] [--size 120x40]\n');
  process.exit(2);
}
const area: Area | null =
  values.size === undefined
    ? null
    : { left: 0, top: 0, width: Number(size[1]), height: Number(size[2]) };
const recording = parseRecording(await readFile(file, 'utf8'));
const last = Number.isNaN(until) ? recording.events.length : until;
if (process.stdin.isTTY && process.stdout.isTTY) stepThrough(recording, last);
else print(recording, last, area);

function print(played: Recording, at: number, wanted: Area | null): void {
  const state = play(played, at, wanted);
  const { area: shown, unicode } = state.model;
  process.stdout.write(`${pictureText(viewOf(state), shown, unicode).join('\n')}\n`);
}

/** The picture after each event, on this terminal; what it is comes first. */
function stepThrough(played: Recording, first: number): void {
  let at = Math.min(first, played.events.length);
  const terminal = new Terminal({
    input: process.stdin,
    output: process.stdout,
    terminal: process.env['TERM'] ?? 'xterm-256color',
    unicode: true,
    colours: 256,
    onEvent: (event) => {
      if (event.type === 'key') {
        const next = stepTo(event.key.name, at, played.events.length);
        if (next === null) {
          terminal.close();
          process.exit(0);
        }
        at = next;
      }
      show();
    },
  });
  process.on('uncaughtException', (error) => {
    terminal.close();
    const text = error.stack ?? error.message;
    process.stderr.write(`recorded by version ${played.program}, after ${at} events:\n${text}\n`);
    process.exit(1);
  });
  const show = (): void => {
    const state = play(played, at, terminal.area);
    const event = played.events[at];
    const text = `${at}/${played.events.length}  next: ${event === undefined ? '-' : JSON.stringify(event).slice(0, 100)}`;
    const notice = { text, isBad: false };
    terminal.paint(viewOf({ ...state, model: { ...state.model, notice } }));
  };
  show();
}
