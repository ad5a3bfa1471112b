/** The choice of the lab's Debian, and its sources from the mirror of a machine that has another one. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseSuite, translateSources } from './suite.ts';

const BOOKWORM = `# of the image
Types: deb
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates bookworm-backports
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://apt.example/pub
Suites: bookwormish
Components: main
`;

const TRIXIE = `Types: deb
URIs: http://mirror.example/debian
Suites: trixie trixie-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: trixie-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`;

describe('the Debian of the lab', () => {
  test('the Debian of the lab is that of CI when none is named, and none that the lab does not know', () => {
    assert.equal(parseSuite(undefined), 'bookworm');
    assert.equal(parseSuite(''), 'bookworm');
    assert.equal(parseSuite('trixie'), 'trixie');
    assert.throws(() => parseSuite('sid'), /"sid" is none of bookworm, trixie/);
  });

  test('the Debian of the lab comes from the mirror that the machine has, signed as there, without third parties', () => {
    assert.equal(translateSources(BOOKWORM, 'trixie'), TRIXIE);
  });

  test('the Debian of the lab comes from the sources as they are on a machine of the same suite', () => {
    assert.equal(translateSources(TRIXIE, 'trixie'), TRIXIE);
  });
});
