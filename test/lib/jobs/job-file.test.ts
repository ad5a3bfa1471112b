/** Job files: what is wrong in them is found where it stands, and what is written is read back the same. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { jobFile, readJobFile } from '../../../lib/jobs/job-file.ts';
import { render } from '../../../lib/messages/render.ts';
import { JobDefinition } from '../../../lib/model/job.ts';

const FILE = `# every Saturday
formatVersion: 1
name: room-from-image
parameters:
  - { name: room, type: targets, help: hosts or groups }
request:
  targets: { parameter: room }
  operations:
    - { type: deploy, image: "win11" }
    - type: shutdown
      mode: power-off
schedules:
  - name: weekly
    when: { type: cron, expression: 0 3 * * 6, timeZone: Europe/Berlin }
    values: { room: [room-12] }
    missed: { type: run, withinMinutes: 120 }
`;

function faultsIn(text: string): string[] {
  const read = readJobFile(text);
  assert.ok(read.type === 'faults', JSON.stringify(read));
  return read.faults.map(({ line, column, what }) => `${line}:${column} ${render('en', what)}`);
}

describe('a job file', () => {
  test('a job file is a job, in YAML and in JSON', () => {
    const read = readJobFile(FILE);
    assert.ok(read.type === 'job', JSON.stringify(read));
    assert.equal(read.definition.name, 'room-from-image');
    assert.equal(read.definition.schedules[0]?.isOn, true);
    const json = JSON.stringify({ formatVersion: 1, ...read.definition });
    assert.deepEqual(readJobFile(json), read);
  });

  test('a job file with a fault is told of by line and column: syntax, fields, and what they mean', () => {
    const cases: readonly (readonly [from: string, to: string, said: RegExp])[] = [
      ['name: room', 'name: [room', /^\d+:\d+ /],
      ['name: room-from-image', 'name: a/b', /^3:1 a name cannot contain a slash/],
      ['name: room-from-image', 'name: a\nname: b', /^4:1 Map keys must be unique/],
      ['formatVersion: 1', 'formatVersion: 2', /^2:1 /],
      ['formatVersion: 1\n', '', /^2:1 /],
      ['help: hosts', 'halp: hosts', /^5:34 there is no halp here/],
      ['type: targets', 'type: target', /^5:19 /],
      ['    - type: shutdown', '    - tipe: shutdown', /^10:7 /],
      ['mode: power-off', 'mode: explode', /^11:7 no task can be made of it/],
      ['mode: power-off', 'mode: power-off\n      delay: 5', /^12:7 a task has no field delay/],
      ['parameter: room', 'parameter: hall', /^7:3 there is no parameter hall/],
      ['0 3 * * 6', '0 3 * *', /^14:5 it names no time/],
      ['Europe/Berlin', 'Mars/Base', /^14:5 it names no time/],
      ['room: [room-12]', 'hall: [room-12]', /^15:5 there is no parameter hall/],
      ['image: "win11"', 'image: !!binary "win11"', /^8:3 Invalid input/],
    ];
    for (const [from, to, expected] of cases) {
      assert.ok(FILE.includes(from), from);
      const [first] = faultsIn(FILE.replace(from, to));
      assert.match(first ?? '', expected, to);
    }
  });

  test('a job file that is no map, empty, too long, too deep or a bomb of anchors is refused', () => {
    for (const text of ['', '[]', 'a', '- 1', '\u0000', '%YAML 9.9\n---\na: b']) {
      assert.ok(faultsIn(text).length > 0, text);
    }
    assert.match(faultsIn('#'.repeat(300_000)).join(), /at most/);
    assert.ok(faultsIn('['.repeat(100_000)).length > 0);
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 12; level += 1) {
      bomb.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      );
    }
    assert.match(faultsIn(bomb.join('\n')).join(), /anchors/);
  });

  test('a job file that was exported is read back the same, whatever the job has', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9_-]{0,10}$/);
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    const definition = fc.record({
      name: fc.stringMatching(/^[A-Za-z0-9äöü][A-Za-z0-9 äöü:#'"{}-]{0,20}[A-Za-z0-9]$/),
      description: text,
      parameters: fc.uniqueArray(
        fc.oneof(
          fc.record({ name: word, type: fc.constant('text'), help: text, default: text }),
          fc.record({ name: word, type: fc.constant('boolean'), default: fc.boolean() }),
          fc.record({ name: word, type: fc.constant('number'), default: fc.integer() }),
        ),
        { selector: ({ name }) => name, maxLength: 5 },
      ),
      request: fc.record({
        targets: fc.array(
          text.filter((each) => each !== ''),
          { minLength: 1, maxLength: 3 },
        ),
        operations: fc.constant([{ type: 'shutdown', mode: 'exit' }]),
        wake: fc.boolean(),
      }),
      mayOverlap: fc.boolean(),
    });
    fc.assert(
      fc.property(definition, (input) => {
        const job = JobDefinition.parse(input);
        assert.deepEqual(readJobFile(jobFile(job)), { type: 'job', definition: job });
      }),
      { numRuns: 200 },
    );
  });
});
