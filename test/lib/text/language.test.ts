/** Which language an environment asks for. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUnicode, languageOf } from '../../../lib/text/language.ts';

test('the first of LC_ALL, LC_MESSAGES and LANG that is set names the language', () => {
  assert.equal(languageOf({ LANG: 'de_DE.UTF-8' }), 'de');
  assert.equal(languageOf({ LANG: 'en_GB.UTF-8', LC_MESSAGES: 'de_AT' }), 'de');
  assert.equal(languageOf({ LANG: 'de_DE', LC_MESSAGES: 'de_DE', LC_ALL: 'C' }), 'en');
  assert.equal(languageOf({ LANG: 'de_DE', LC_ALL: '' }), 'de');
});

test('a locale of German has any country, encoding or variant, and others are English', () => {
  for (const locale of ['de', 'de_CH', 'de.UTF-8', 'de@euro'])
    assert.equal(languageOf({ LANG: locale }), 'de');
  for (const locale of ['', 'C.UTF-8', 'fr_FR', 'den_CA']) {
    assert.equal(languageOf({ LANG: locale }), 'en', locale);
  }
  assert.equal(languageOf({}), 'en');
});

test('a terminal shows UTF-8 by the first of LC_ALL, LC_CTYPE and LANG that is set, LC_MESSAGES aside', () => {
  assert.equal(isUnicode({}), false);
  assert.equal(isUnicode({ LANG: 'de_DE.UTF-8' }), true);
  assert.equal(isUnicode({ LANG: 'C.utf8' }), true);
  assert.equal(isUnicode({ LC_ALL: 'C', LC_CTYPE: 'C.UTF-8', LANG: 'C.UTF-8' }), false);
  assert.equal(isUnicode({ LC_ALL: '', LC_CTYPE: 'C', LANG: 'C.UTF-8' }), false);
  assert.equal(isUnicode({ LC_MESSAGES: 'de_DE.UTF-8' }), false);
});
