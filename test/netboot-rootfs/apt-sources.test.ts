import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  formatSources,
  parseSources,
  requireUniverse,
  selectSources,
} from '../../netboot-rootfs/apt-sources.ts';

const DEBIAN_12 = `Types: deb
# http://snapshot.debian.org/archive/debian/20250520T000000Z
URIs: http://deb.debian.org/debian
Suites: bookworm bookworm-updates bookworm-backports
Components: main non-free-firmware
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb deb-src
URIs: http://deb.debian.org/debian-security
Suites: bookworm-security
Components: main
`;

const DEBIAN_13 = `# Modernized from /etc/apt/sources.list
types: deb
uris: https://mirror.example/debian/
suites: trixie
components: main
signed-by:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mDMEY865UxYJKwYBBAHaRw8BAQdAd7Z0srwuhlB6JKFkcf4HU4SSS
 -----END PGP PUBLIC KEY BLOCK-----
`;

const UBUNTU_24 = `Types: deb
URIs: http://archive.ubuntu.com/ubuntu/
Suites: noble noble-updates noble-backports
Components: main universe restricted multiverse
Signed-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg

Enabled: no
Types: deb
URIs: http://archive.ubuntu.com/ubuntu/
Suites: noble-proposed
Components: main

Types: deb
URIs: http://security.ubuntu.com/ubuntu/
Suites: noble-security
Components: main universe
`;

const CLASSIC = `#deb cdrom:[Debian GNU/Linux 12]/ bookworm main
deb cdrom:[Debian]/ bookworm main
deb http://ftp.example/debian bookworm main contrib # the nearest
deb-src http://ftp.example/debian bookworm main
deb [arch=amd64,i386 signed-by=/etc/apt/keyrings/our.gpg trusted=yes] http://local/debian bookworm-updates main
`;

const THIRD_PARTIES = `deb [arch=amd64] https://download.docker.com/linux/debian bookworm stable
deb https://packages.example/apt cloud-sdk-bookworm main
deb http://apt.example/pub bookworm-pgdg main
deb [trusted=yes] file:/srv/repo ./
`;

describe("apt's sources", () => {
  test('in deb822 style keep their fields, and lose source packages and what is switched off', () => {
    const sources = parseSources('ubuntu.sources', UBUNTU_24);
    assert.equal(sources.length, 2);
    assert.deepEqual(sources[0]?.components, ['main', 'universe', 'restricted', 'multiverse']);
    assert.equal(
      sources[0].fields.get('Signed-By'),
      '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
    );
    assert.equal(parseSources('a.sources', DEBIAN_12).length, 2);
  });

  test("apt's sources keep a key that stands in them, line by line, whatever the case of field names", () => {
    const [source] = parseSources('debian.sources', DEBIAN_13);
    assert.deepEqual(source?.suites, ['trixie']);
    const written = formatSources([source]);
    assert.deepEqual(parseSources('again.sources', written), [source]);
    assert.match(written, /^Signed-By: \n -----BEGIN PGP[^\n]*\n \.\n mDME/m);
  });

  test("apt's sources in one-line style mean the same", () => {
    const sources = selectSources(parseSources('sources.list', CLASSIC), 'bookworm');
    assert.equal(
      formatSources(sources),
      `Types: deb
URIs: http://ftp.example/debian
Suites: bookworm
Components: main contrib

Types: deb
URIs: http://local/debian
Suites: bookworm-updates
Components: main
Architectures: amd64 i386
Signed-By: /etc/apt/keyrings/our.gpg
Trusted: yes
`,
    );
  });

  test("apt's sources of third parties, of backports and of other suites are left out", () => {
    const all = [
      ...parseSources('debian.sources', DEBIAN_12),
      ...parseSources('third.list', THIRD_PARTIES),
    ];
    const selected = selectSources(all, 'bookworm');
    assert.deepEqual(
      selected.map(({ suites }) => suites),
      [['bookworm', 'bookworm-updates'], ['bookworm-security']],
    );
  });

  test("apt's sources without the wanted suite are an error that names those there are", () => {
    const sources = parseSources('debian.sources', DEBIAN_12);
    assert.throws(() => selectSources(sources, 'trixie'), {
      code: 'not-found',
      message: 'looking for packages of "trixie" in apt\'s sources',
    });
  });

  test("apt's sources of Ubuntu need universe", () => {
    requireUniverse(parseSources('ubuntu.sources', UBUNTU_24));
    assert.throws(() => requireUniverse(parseSources('a.sources', DEBIAN_12)), {
      code: 'not-found',
    });
  });

  for (const [file, text, line] of [
    ['a.list', '\ndeb http://x\n', 2],
    ['a.list', 'rpm http://x y main', 1],
    ['a.list', 'deb [broken] http://x y main', 1],
    ['a.sources', 'Types: deb\nnonsense\n', 2],
    ['a.sources', ' continued: nothing', 1],
    ['a.sources', '\nTypes: deb\nURIs: http://x\n', 2],
  ] as const) {
    test(`apt's sources that cannot be read are named with file and line: ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseSources(file, text), {
        code: 'bad-argument',
        message: `reading apt's sources, ${file} line ${line}`,
      });
    });
  }
});
