/** The command line in German: what people read, within 80 columns, and what scripts read as ever. */

import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import { commandTable } from '../../../cli/command-table/table.ts';
import { askWhether } from '../../../cli/confirm.ts';
import { errorLines, thrownLines } from '../../../cli/print/error.ts';
import { exitStatusLines } from '../../../cli/print/exit-statuses.ts';
import { hostDetails, hostTable } from '../../../cli/print/hosts.ts';
import { imageDetails, imageTable } from '../../../cli/print/images.ts';
import { diskLossLines } from '../../../cli/print/data-loss.ts';
import { progressBlock } from '../../../cli/print/progress-block.ts';
import { statusLines } from '../../../cli/print/status.ts';
import { troubleLines } from '../../../cli/print/task-end.ts';
import { taskDetails, taskTable } from '../../../cli/print/tasks.ts';
import { runCommandLine } from '../../../cli/program.ts';
import { helpOf, languageIn } from '../../../cli/read-command-line.ts';
import { textsOf } from '../../../cli/text/catalogue.ts';
import { helpTextsOf } from '../../../cli/text/help/catalogue.ts';
import { connectionError } from '../../../lib/client/trouble.ts';
import { widthOf } from '../../../lib/columns.ts';
import { taskViewOf } from '../../../lib/client/task-view.ts';
import { doneRun, failedRun, sampleProgress, sampleTask, workingRun } from '../../support/tasks.ts';
import { SAMPLE_IMAGE, SAMPLE_MANIFEST } from '../../support/images.ts';
import { sampleHost } from '../../support/hosts.ts';
import { sampleStatus } from '../../support/servers.ts';

process.env['TZ'] = 'UTC';

const GERMAN = textsOf('de');
const HOST = sampleHost(1, 'pc-01');
const TASK = sampleTask([workingRun(1), doneRun(2), failedRun(3)]);
const STATUS = sampleStatus([TASK], [sampleProgress(1, 0.5)]);
const VIEW = taskViewOf(TASK, STATUS);
/** Words that no German text has. */
const ENGLISH_WORDS = /\b(the|and|of|is|are|with|which|until|waiting|done|failed|host|hosts)\b/i;

function assertGerman(lines: readonly string[], columns = Infinity): void {
  for (const line of lines) {
    assert.ok(widthOf(line) <= columns, `${widthOf(line)} columns: ${line}`);
    assert.doesNotMatch(
      line.replaceAll(/`[^`]*`|"[^"]*"|<[^>]*>|--\S+|\w+=\S+|\w+(-\w+)+|openclone \S+ \S+/g, ''),
      ENGLISH_WORDS,
    );
  }
}

describe('help in German', () => {
  for (const { path } of commandTable(helpTextsOf('de'))) {
    test(`help in German of openclone ${path} fits 80 columns and has no English words`, () => {
      const lines = (helpOf(path.split(' '), { language: 'de', columns: 80 }) ?? '').split('\n');
      assert.match(lines[0] ?? '', /^Aufruf: openclone /);
      const text = lines.slice(1).map((line) =>
        // What is typed stays: arguments and options with their values.
        line.replace(/^ {2}\S+( \S+)? {2,}/, '').replaceAll(/on\|off|openclone .*/g, ''),
      );
      assertGerman(text.filter((line) => !/^ {2}(-|\S+$)/.test(line)));
      for (const line of lines) assert.ok(widthOf(line) <= 80, line);
    });
  }
});

describe('outputs in German', () => {
  test('outputs in German: a task that is followed fits 80 columns', () => {
    const lines = progressBlock(GERMAN, VIEW, { columns: 80, rows: 24 }, true);
    assertGerman(lines, 79);
    assert.match(lines[0] ?? '', /^pc-01 +läuft /);
    assert.match(lines[1] ?? '', /^pc-02 +fertig /);
    assert.match(lines.at(-1) ?? '', /^gesamt .* 1 von 3 fertig/);
  });

  test('outputs in German lists and details have German headings and states', () => {
    assert.match(hostTable(GERMAN, [HOST])[0] ?? '', /^RECHNER +ZUSTAND +LETZTE ARBEIT +GRUPPE/);
    assert.match(hostTable(GERMAN, [HOST])[1] ?? '', /^pc-01 +bereit /);
    assert.match(imageTable(GERMAN, [SAMPLE_IMAGE])[0] ?? '', /^ABBILD +AUFGENOMMEN +VON/);
    assert.match(taskTable(GERMAN, [TASK])[0] ?? '', /^AUFTRAG +ZUSTAND +FERTIG +ERTEILT/);
    const details = [
      ...hostDetails(GERMAN, HOST),
      ...imageDetails(GERMAN, SAMPLE_IMAGE, SAMPLE_MANIFEST, '/srv/x'),
      ...exitStatusLines(GERMAN),
    ];
    assertGerman(details);
  });

  test('outputs in German: numbers have a decimal comma', () => {
    const lines = statusLines(GERMAN, STATUS, { columns: 80, rows: 40 }, true);
    const load = lines.find((line) => line.startsWith('Last:')) ?? '';
    assert.match(load, /\d,\d\d /);
    assert.doesNotMatch(load, /\d\.\d/);
  });

  test('outputs in German: what will be lost is said before anybody says yes', () => {
    const [head, columns] = diskLossLines(GERMAN, [HOST], { type: 'only' }, 'Das Abbild x');
    assert.equal(head, 'Das Abbild x geht an 1 Rechner. Alles auf diesen Platten geht verloren:');
    assert.match(columns ?? '', /^ {2}RECHNER +PLATTE +MODELL +SERIENNUMMER/);
  });

  test('outputs in German: what became of a task names the error in German and in its own words', () => {
    const ended = taskViewOf(sampleTask([doneRun(2), failedRun(3)]), STATUS);
    const [failed, disk, hint] = troubleLines(GERMAN, ended);
    assert.match(failed ?? '', /^pc-03: fehlgeschlagen: /);
    assert.match(`${disk} ${hint}`, / {2}(Platte|Hinweis): /);
    assertGerman(
      taskDetails(GERMAN, VIEW, [SAMPLE_IMAGE])
        .filter((line) => /^\w+:/.test(line))
        .slice(1, 3),
    );
  });

  test('outputs in German: an error says its kind and what to do, then what it was', () => {
    assert.deepEqual(
      errorLines(GERMAN, { code: 'not-found', message: 'finding x', hint: 'Look.', causes: ['c'] }),
      [
        'openclone: Das gibt es nicht oder nicht mehr',
        'Hinweis: In der Liste nachsehen: vielleicht wurde es gelöscht oder umbenannt.',
        'im Original: finding x: c - Look.',
      ],
    );
  });

  test('outputs in German: a server that cannot be reached is told of with what to type', () => {
    const seeker = { place: '/run/x.sock', account: 'eva' };
    const gone = Object.assign(new Error('connect ENOENT'), { code: 'ENOENT' });
    const lines = thrownLines(GERMAN, connectionError(gone, seeker));
    assert.equal(lines[0], 'openclone: Hier läuft kein Server. Es gibt kein /run/x.sock.');
    assert.ok(lines.includes('    sudo systemctl start openclone'));
  });
});

describe('the language', () => {
  const outputOf = async (
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): Promise<{ readonly exitStatus: number; readonly text: string }> => {
    const output = new PassThrough();
    const exitStatus = await runCommandLine({
      args,
      environment,
      stdin: new PassThrough(),
      stdout: output,
      stderr: output,
      operator: 'eva',
      onInterrupt: () => () => undefined,
    });
    return { exitStatus, text: String(output.read() ?? '') };
  };

  test('the language is the one of --language, else of the locale, else English', async () => {
    const german = { LANG: 'de_DE.UTF-8' };
    assert.match((await outputOf(['help', 'exit-status'], german)).text, /^Rückgabewerte/);
    assert.match((await outputOf(['help', 'exit-status'], {})).text, /^Exit status/);
    assert.match(
      (await outputOf(['--language', 'en', 'help', 'exit-status'], german)).text,
      /^Exit status/,
    );
    assert.match(
      (await outputOf(['help', 'exit-status', '--language=de'], {})).text,
      /^Rückgabewerte/,
    );
    assert.equal(languageIn(['--language', 'de', 'host', '--language=en']), 'en');
  });

  test('the language is refused when it is none of ours', async () => {
    const { exitStatus, text } = await outputOf(['--language', 'fr', 'host', 'list'], {});
    assert.equal(exitStatus, 2);
    assert.match(text, /reading --language "fr": one of en, de is expected/);
  });

  test('the language changes neither JSON nor exit statuses', async () => {
    const args = ['host', 'edit', 'x', '--json'];
    const english = await outputOf(args, {});
    assert.deepEqual(await outputOf([...args, '--language', 'de'], {}), english);
    assert.equal(english.exitStatus, 2);
  });

  test('the language has words for yes, beside those of English', async () => {
    for (const [answer, isYes] of [
      ['ja', true],
      ['J', true],
      ['yes', true],
      ['y', true],
      ['nein', false],
      ['', false],
    ] as const) {
      const input = Object.assign(new PassThrough(), { isTTY: true });
      const output = Object.assign(new PassThrough(), { isTTY: true });
      input.end(`${answer}\n`);
      assert.equal(await askWhether(GERMAN, { input, output }, 'Jetzt?'), isYes, answer);
      if (!answer.startsWith('y')) continue;
      const again = Object.assign(new PassThrough(), { isTTY: true });
      again.end('ja\n');
      assert.equal(await askWhether(textsOf('en'), { input: again, output }, 'Now?'), false);
    }
  });
});
