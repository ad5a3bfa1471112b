/** All texts of the host's screen, in every language. */

import type { Language } from '../../../lib/model/language.ts';
import { problems } from './problems.ts';
import { screen } from './screen.ts';
import { titles } from './titles.ts';

const TEXTS = {
  en: { problems: problems.en, screen: screen.en, titles: titles.en },
  de: { problems: problems.de, screen: screen.de, titles: titles.de },
} as const;

/** The texts of a language, and which language that is, which numbers ask for. */
export type ScreenTexts = (typeof TEXTS)['en'] & { readonly language: Language };

export function screenTexts(language: Language): ScreenTexts {
  return { ...TEXTS[language], language };
}
