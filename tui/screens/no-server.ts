/** The screen while nothing of a server is known: that it is waited for, or what is wrong and the remedy. */

import { formatDuration } from '../../lib/format.ts';
import { waitingSince, type Model } from '../model.ts';
import { wrap } from '../components/dialog.ts';
import { textForm } from '../components/form-dialog.ts';
import { line, span, textPicture, type Line } from '../picture.ts';
import { perform, type Command, type ScreenKind } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { troubleIn } from '../../lib/messages/trouble.ts';
import { notice, push } from '../actions.ts';
import type { ScreenStates } from '../screen-states.ts';

/** Text wider than this is hard to read. */
const WIDTH = 96;

export const NO_SERVER: ScreenKind<ScreenStates['no-server']> = {
  title: (_, { connection, language }) => {
    const texts = textsOf(language).noServer;
    return connection.type === 'lost' ? texts.title : texts.waitingTitle;
  },
  commands: (_, model) => commandsFor(model),
  update: () => perform(),
  view: (_, model, area) => textPicture(area, linesFor(model, Math.min(WIDTH, area.width - 4))),
};

function commandsFor({ language }: Model): Command[] {
  const texts = textsOf(language).noServer;
  return [
    {
      name: 'try-now',
      keys: ['r'],
      label: texts.tryNow,
      help: texts.tryNowHelp,
      disabledReason: null,
      run: () => perform({ type: 'try-now' }, notice(texts.tried)),
    },
    {
      name: 'elsewhere',
      keys: ['l'],
      label: texts.elsewhere,
      help: texts.elsewhereHelp,
      disabledReason: null,
      run: () => perform(push('elsewhere', { form: textForm(texts.elsewherePrompt, '') })),
    },
  ];
}

function linesFor(model: Model, width: number): Line[] {
  const { connection, language, now } = model;
  const texts = textsOf(language).noServer;
  const said = (text: string): Line[] => wrap(text, width).map((each) => line(`  ${each}`));
  if (connection.type !== 'lost') return waitingLines(model, said);
  const { what, why, remedy } = troubleIn(language, connection.trouble);
  return [
    line(''),
    ...wrap(what, width).map((each) => line('  ', span(each, 'bad'))),
    line(''),
    ...said(why),
    line(''),
    ...remedy.flatMap((part): Line[] =>
      part.text === undefined ? [line('      ', span(part.command, 'key'))] : said(part.text),
    ),
    line(''),
    line('  ', span(texts.tryingAgain(formatDuration(now - connection.since)), 'dim')),
  ];
}

/** Nobody has said no, and nothing has come: how long that has been so, and what will be. */
function waitingLines(model: Model, said: (text: string) => Line[]): Line[] {
  const { connection, language, now, place } = model;
  const texts = textsOf(language).noServer;
  const since = waitingSince(model);
  if (connection.type !== 'online') {
    return [
      line(''),
      ...said(texts.connectingTo(place)),
      line(''),
      ...(since === null ? [] : said(texts.noAnswerFor(formatDuration(now - since)))),
      line(''),
      ...said(texts.givenUpLater),
    ];
  }
  return [
    line(''),
    ...said(texts.answeredBut(connection.server.hostname)),
    line(''),
    ...said(texts.nothingFor(formatDuration(now - connection.since))),
    line(''),
    ...said(texts.isBusy),
  ];
}
