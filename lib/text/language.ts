/** Which language and which characters an environment asks for. */

import { OperatorError } from '../errors.ts';
import { LANGUAGES, type Language } from '../model/language.ts';

/**
 * The language of the first of LC_ALL, LC_MESSAGES and LANG that is set (locale(7)): "de_DE.UTF-8" is German. English
 * when it is none of ours.
 */
export function languageOf(environment: Readonly<Record<string, string | undefined>>): Language {
  const locale = environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || '';
  const [wanted] = locale.split(/[_.@]/);
  return LANGUAGES.find((each) => each === wanted) ?? 'en';
}

/** Whether a terminal shows UTF-8: by the first of LC_ALL, LC_CTYPE and LANG that is set (locale(7)). */
export function isUnicode(environment: Readonly<Record<string, string | undefined>>): boolean {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
  return /utf-?8/i.test(locale);
}

/** The language that `--language` names. Throws `bad-argument` for one that is none of ours; `command` has the help. */
export function namedLanguage(name: string, command: string): Language {
  const language = LANGUAGES.find((each) => each === name);
  if (language !== undefined) return language;
  throw new OperatorError({
    code: 'bad-argument',
    message: `reading --language "${name}": one of ${LANGUAGES.join(', ')} is expected`,
    hint: `See \`${command} --help\`.`,
  });
}
