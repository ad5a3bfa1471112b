import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openCache } from '../../../lib/bundle/compile-cache.ts';

/** Nobody's number: not root's, whom the tests run as. */
const STRANGER = 65_534;

/** With a project and a home of ours in a directory where nobody else can write. */
function withPlaces(use: (places: { project: string; home: string }) => void): void {
  const work = mkdtempSync('/root/openclone-compile-cache-');
  try {
    const [project, home] = [join(work, 'project'), join(work, 'home')];
    mkdirSync(join(project, 'dist'), { recursive: true });
    mkdirSync(home);
    use({ project, home });
  } finally {
    rmSync(work, { recursive: true });
  }
}

describe('what V8 has compiled is kept', () => {
  test('what V8 has compiled is kept in the program, for whom that belongs to, and nobody else reads or writes it', () => {
    withPlaces(({ project, home }) => {
      const cache = openCache(project, { HOME: home });
      assert.equal(cache, join(project, 'dist/cache'));
      assert.equal(statSync(cache).mode & 0o777, 0o700);
      assert.equal(openCache(project, { HOME: home }), cache);
    });
  });

  /** What makes the program's own place unsafe. */
  const UNSAFE: readonly (readonly [what: string, make: (project: string) => void])[] = [
    ['the program is a stranger’s', (project) => chownSync(project, STRANGER, STRANGER)],
    [
      'the directory above it is',
      (project) => chownSync(join(project, 'dist'), STRANGER, STRANGER),
    ],
    ['all can write beside it', (project) => chmodSync(join(project, 'dist'), 0o777)],
    ['all can move what is beside it', (project) => chmodSync(join(project, '..'), 0o777)],
    ['a group can write beside it', (project) => chmodSync(join(project, 'dist'), 0o775)],
    [
      'it is there, and open to all',
      (project) => {
        mkdirSync(join(project, 'dist/cache'));
        chmodSync(join(project, 'dist/cache'), 0o777);
      },
    ],
    [
      'it is there, and all can read it',
      (project) => mkdirSync(join(project, 'dist/cache'), { mode: 0o755 }),
    ],
    [
      'it is there, and a stranger’s',
      (project) => {
        mkdirSync(join(project, 'dist/cache'), { mode: 0o700 });
        chownSync(join(project, 'dist/cache'), STRANGER, STRANGER);
      },
    ],
    [
      'it is a link',
      (project) => {
        mkdirSync(join(project, 'elsewhere'), { mode: 0o700 });
        symlinkSync(join(project, 'elsewhere'), join(project, 'dist/cache'));
      },
    ],
  ];
  for (const [what, make] of UNSAFE) {
    test(`what V8 has compiled is kept not in the program when ${what}`, () => {
      withPlaces(({ project }) => {
        make(project);
        assert.equal(openCache(project, {}), null);
      });
    });
  }

  test('what V8 has compiled is kept: below the user’s caches when not in the program', () => {
    withPlaces(({ project, home }) => {
      chownSync(project, STRANGER, STRANGER);
      assert.equal(openCache(project, { HOME: home }), join(home, '.cache/openclone'));
      const named = join(home, 'caches');
      const both = { HOME: home, XDG_CACHE_HOME: named };
      assert.equal(openCache(project, both), join(named, 'openclone'));
      assert.equal(statSync(join(named, 'openclone')).mode & 0o777, 0o700);
      assert.equal(openCache(project, { HOME: 'relative' }), null);
      symlinkSync(home, join(project, 'home'));
      const byLink = openCache(project, { HOME: join(project, 'home') });
      assert.equal(byLink, join(home, '.cache/openclone'));
    });
  });

  test('what V8 has compiled is kept never in the home of somebody else, as sudo may leave it in HOME', () => {
    withPlaces(({ project, home }) => {
      chownSync(project, STRANGER, STRANGER);
      chownSync(home, STRANGER, STRANGER);
      assert.equal(openCache(project, { HOME: home }), null);
    });
  });

  test('what V8 has compiled is kept nowhere when there is no place', () => {
    withPlaces(({ project }) => {
      chownSync(project, STRANGER, STRANGER);
      for (const environment of [{}, { HOME: '' }, { HOME: '/dev/null' }, { HOME: '/proc/1' }]) {
        assert.equal(openCache(project, environment), null);
      }
    });
  });
});
