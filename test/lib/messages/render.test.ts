/** Messages are said in every language, and those that this program does not know are shown as well as they can be. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { render } from '../../../lib/messages/render.ts';
import { Message, type Kind } from '../../../lib/model/message.ts';
import { message, MESSAGES, verbatim } from '../../../lib/model/messages/table.ts';
import { LANGUAGES } from '../../../lib/model/language.ts';

const DISK = {
  address: '/dev/nvme0n1',
  model: 'Samsung SSD 990',
  serial: 'S3Z8NB0K',
  wwn: null,
  sizeBytes: 500_107_862_016,
};

const SAMPLES: { readonly [K in Kind]: Message['params'][string] } = {
  text: 'Sägezahn',
  'text?': 'ntfs',
  number: 4711,
  bytes: 12_300_000_000,
  duration: 61_000,
  texts: ['pc-01', 'pc-02'],
  container: 'LVM2_member',
  disk: DISK,
  message: { id: 'copy.swap-version', params: { version: 17 } },
  messages: [{ id: 'copy.swap-version', params: { version: 17 } }],
};

/** What of the sample must stand in the text. */
const SHOWN: Readonly<Record<'en' | 'de', { readonly [K in Kind]: string }>> = {
  en: {
    text: 'Sägezahn',
    'text?': 'ntfs',
    number: '4711',
    bytes: '12.3 GB',
    duration: '1:01 min',
    texts: 'pc-01',
    container: 'an LVM volume group',
    disk: 'serial S3Z8NB0K',
    message: 'version 17',
    messages: 'version 17',
  },
  de: {
    text: 'Sägezahn',
    'text?': 'ntfs',
    number: '4711',
    bytes: '12,3 GB',
    duration: '1:01 min',
    texts: 'pc-01',
    container: 'eine LVM-Gruppe',
    disk: 'Seriennummer S3Z8NB0K',
    message: 'Version 17',
    messages: 'Version 17',
  },
};

describe('every message', () => {
  for (const [id, declared] of Object.entries(MESSAGES)) {
    const kinds = Object.entries<Kind>(declared);
    const params = Object.fromEntries(kinds.map(([name, kind]) => [name, SAMPLES[kind]]));
    test(`every message: ${id} says all that it is about, in each language in other words, and fits the schema`, () => {
      const sample = { id, params };
      assert.deepEqual(Message.parse(sample), sample);
      for (const language of LANGUAGES) {
        const text = render(language, sample);
        assert.doesNotMatch(text, /undefined|null|\[object/);
        for (const [, kind] of kinds) assert.ok(text.includes(SHOWN[language][kind]), text);
      }
      if (id !== 'verbatim') assert.notEqual(render('en', sample), render('de', sample));
    });
  }
});

describe('a message', () => {
  test('a message of an unknown id is shown by its id and its parameters', () => {
    const unknown = {
      id: 'step.defragment-partition',
      params: { partition: 7, disk: DISK, why: message('copy.half-made'), names: ['a', 'b'] },
    };
    assert.equal(
      render('en', unknown),
      'defragment partition (partition 7, disk /dev/nvme0n1 (Samsung SSD 990, serial S3Z8NB0K, 500107862016 bytes), why it was never completely made, names a, b)',
    );
    assert.equal(render('en', { id: 'step.rest', params: {} }), 'rest');
  });

  test('a message that lacks a parameter, or has one of another kind, is shown by its id', () => {
    const id = 'step.make-swap';
    assert.equal(render('en', { id, params: { disk: 'sda' } }), 'make swap (disk sda)');
    assert.equal(render('en', { id, params: { partition: 'x' } }), 'make swap (partition x)');
  });

  test('a message of an older program, with words in the place of data, is shown with these words', () => {
    const damage = 'the checksum of its header is wrong';
    assert.match(
      render('de', { id: 'note.backup-gpt-unusable', params: { sector: 7, damage } }),
      /nicht zu gebrauchen \(the checksum of its header is wrong\)/,
    );
    assert.match(
      render('de', { id: 'copy.member', params: { of: 'a ZFS pool' } }),
      /Ganzen \(a ZFS pool\)/,
    );
    const unknown = { id: 'note.signature-outside', params: { what: 'jfs', atByte: 512 } };
    assert.match(render('de', unknown), /\(ein Dateisystem jfs, Byte 512\)/);
  });

  test('a message of a text is that text in each language', () => {
    for (const language of LANGUAGES) assert.equal(render(language, verbatim('abc')), 'abc');
  });

  test('a message has no parameters beyond its bounds, and no control characters', () => {
    const params = Object.fromEntries('abcdefghi'.split('').map((name) => [name, 1]));
    assert.equal(Message.safeParse({ id: 'x', params }).success, false);
    const list = Array.from({ length: 10 }, () => ({
      id: 'x',
      params: { a: Array.from({ length: 10 }, () => 'x'.repeat(256)) },
    }));
    assert.equal(Message.safeParse({ id: 'x', params: { list } }).success, false);
    assert.deepEqual(Message.parse(verbatim('a\u001b[2Jb')), verbatim('a[2Jb'));
  });
});
