/** `npm run replay -- FILE [--until N] [--size 120x40]`: plays what Ctrl-R of the UI has written. */

import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { viewOf } from '../../../tui/frame.ts';
import { pictureText } from '../../../tui/panel-text.ts';
import type { Area } from '../../../tui/picture.ts';
import { parseRecording, type Recording } from '../../../tui/recording.ts';
import { Terminal } from '../../../tui/widgets/terminal.ts';
import { Player } from './player.ts';
import { stepTo } from './step.ts';

const command = new Command('npm run replay --')
  .description(
    'Plays what Ctrl-R of the UI has written: step by step on a terminal, else to its end.',
  )
  .argument('<file>', 'the recording')
  .option('--until <n>', 'so many events only', countOf)
  .option(
    '--size <columns>x<lines>',
    'for a terminal of this size, not of the recorded one',
    areaOf,
  )
  .parse();
const { until, size: area = null } = command.opts<{ until?: number; size?: Area }>();
const [file = ''] = command.args;
const recording = parseRecording(await readFile(file, 'utf8'));
const last = until ?? recording.events.length;
if (process.stdin.isTTY && process.stdout.isTTY) stepThrough(recording, last, area);
else print(recording, last, area);

function countOf(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a number of events.');
}

function areaOf(text: string): Area {
  const [, width, height] = /^(\d{2,3})x(\d{2,3})$/.exec(text) ?? [];
  if (width === undefined) throw new InvalidArgumentError('It is like 120x40.');
  return { left: 0, top: 0, width: Number(width), height: Number(height) };
}

function print(played: Recording, at: number, wanted: Area | null): void {
  const state = new Player(played, wanted).stateAfter(at);
  const { area: shown, unicode } = state.model;
  process.stdout.write(`${pictureText(viewOf(state), shown, unicode).join('\n')}\n`);
}

/** The picture after each event: as large as is wanted, else as this terminal; what comes next is below it. */
function stepThrough(played: Recording, first: number, wanted: Area | null): void {
  let at = Math.min(first, played.events.length);
  const terminal = new Terminal({
    input: process.stdin,
    output: process.stdout,
    terminal: process.env['TERM'] ?? 'xterm-256color',
    unicode: true,
    colours: 256,
    onEvent: (event) => {
      if (event.type === 'resized' && wanted === null) player = new Player(played, event.area);
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
  let player = new Player(played, wanted ?? terminal.area);
  process.on('uncaughtException', (error) => {
    terminal.close();
    const text = error.stack ?? error.message;
    process.stderr.write(`recorded by version ${played.program}, after ${at} events:\n${text}\n`);
    process.exit(1);
  });
  const show = (): void => {
    const state = player.stateAfter(at);
    const event = played.events[at];
    const text = `${at}/${played.events.length}  next: ${event === undefined ? '-' : JSON.stringify(event).slice(0, 100)}`;
    const notice = { text, isBad: false };
    terminal.paint(viewOf({ ...state, model: { ...state.model, notice } }));
  };
  show();
}
