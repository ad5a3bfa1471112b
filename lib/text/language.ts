/** Which language an environment asks for. */

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
