import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { wrapText } from '../../../lib/text/wrap-text.ts';

describe('text for a terminal', () => {
  test('text for a terminal is broken at words, and goes on below where its own text begins', () => {
    const text = 'Hosts boot by one interface:\n  the one whose cable leads to the rooms.';
    assert.deepEqual(wrapText(text, 24).split('\n'), [
      'Hosts boot by one',
      '  interface:',
      '  the one whose cable',
      '    leads to the rooms.',
    ]);
  });

  test('text for a terminal that fits stays as it is, and so does a word that is too long', () => {
    assert.equal(wrapText('  two  spaces', 20), '  two  spaces');
    const path = '/srv/openclone/tftp/bios/main/pxelinux.cfg';
    assert.equal(wrapText(`directory ${path}: choices`, 20), `directory\n  ${path}:\n  choices`);
  });

  test('text for a terminal never gets longer than the terminal is wide', () => {
    const text = 'a bc def ghij klmno pqrstu '.repeat(40);
    for (let columns = 12; columns < 100; columns += 1) {
      for (const line of wrapText(text, columns).split('\n')) assert.ok(line.length <= columns);
    }
  });
});
