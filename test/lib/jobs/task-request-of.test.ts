/** From a job and values to a task request, and what is wrong with either. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  definitionFaults,
  taskRequestOf,
  type JobFault,
} from '../../../lib/jobs/task-request-of.ts';
import { valueFromText } from '../../../lib/jobs/typed-value.ts';
import { JobDefinition, JobParameter, ParameterValues } from '../../../lib/model/job.ts';
import type { z } from 'zod';

const ROOM = {
  name: 'room-from-image',
  parameters: [
    { name: 'room', type: 'targets' },
    { name: 'image', type: 'image', default: 'win11' },
    { name: 'then', type: 'choice', choices: ['reboot', 'power-off'], default: 'reboot' },
    { name: 'wake', type: 'boolean', default: true },
    { name: 'patience', type: 'number', default: 3_600_000 },
  ],
  request: {
    targets: { parameter: 'room' },
    operations: [
      { type: 'deploy', image: { parameter: 'image' } },
      { type: 'shutdown', mode: { parameter: 'then' } },
    ],
    wake: { parameter: 'wake' },
    waitMs: { parameter: 'patience' },
  },
} satisfies z.input<typeof JobDefinition>;

function job(change: Partial<z.input<typeof JobDefinition>> = {}): JobDefinition {
  return JobDefinition.parse({ ...ROOM, ...change });
}

function faultsOf(definition: JobDefinition): string[] {
  return said(definitionFaults(definition));
}

function said(faults: readonly JobFault[]): string[] {
  return faults.map(({ path, what }) => `${path.join('.')}: ${what.id}`);
}

describe('the request of a job', () => {
  test('the request of a job has the values, defaults where there is none, and what a request leaves open', () => {
    assert.deepEqual(faultsOf(job()), []);
    const made = taskRequestOf(job(), { room: ['room-1', 'pc-17'], then: 'power-off' });
    assert.deepEqual(made, {
      type: 'request',
      request: {
        targets: ['room-1', 'pc-17'],
        disk: { type: 'only' },
        operations: [
          { type: 'deploy', image: 'win11', transport: 'auto', gatherMs: 120_000 },
          { type: 'shutdown', mode: 'power-off' },
        ],
        wake: true,
        waitMs: 3_600_000,
      },
    });
  });

  test('the request of a job is not made of values that are missing, unknown or of other types, and all are told', () => {
    const values: ParameterValues = { then: 'explode', wake: 'yes', hall: ['x'], patience: '1' };
    const made = taskRequestOf(job(), values);
    assert.ok(made.type === 'faults');
    assert.deepEqual(said(made.faults), [
      'then: job-fault.not-a-choice',
      'wake: job-fault.wrong-type',
      'hall: job-fault.parameter-unknown',
      'patience: job-fault.wrong-type',
      ': job-fault.value-missing',
    ]);
  });

  test('the request of a job takes no value for more than it is: names with signs stay names', () => {
    const hostile = ['"; reboot', '{"parameter":"image"}', '$(reboot)', '{{image}}'];
    const made = taskRequestOf(job(), { room: hostile });
    assert.ok(made.type === 'request');
    assert.deepEqual(made.request.targets, hostile);
    const image = taskRequestOf(job(), { room: ['a'], image: '__proto__' });
    assert.ok(image.type === 'request');
    assert.equal(JSON.stringify(image.request.operations[0]).includes('"__proto__"'), true);
  });

  test('the request of a job takes nothing for a value that nobody gave: a parameter may be called constructor', () => {
    const named = job({
      parameters: [{ name: 'constructor', type: 'targets' }],
      request: {
        targets: { parameter: 'constructor' },
        operations: [{ type: 'shutdown', mode: 'exit' }],
      },
    });
    const missing = taskRequestOf(named, {});
    assert.ok(missing.type === 'faults');
    assert.deepEqual(said(missing.faults), [': job-fault.value-missing']);
  });

  test('the request of a job whose value is too much for its field is refused when it is started', () => {
    const made = taskRequestOf(job(), { room: ['a'], patience: 1 });
    assert.ok(made.type === 'faults');
    assert.deepEqual(said(made.faults), ['request.waitMs: job-fault.field']);
  });
});

test('a definition of a job, and the values of a start, are refused when they are too long for a store of many', () => {
  const long = Array.from({ length: 9000 }, (_, index) => `pc-${index}-${'x'.repeat(20)}`);
  const request = { ...ROOM.request, targets: long };
  assert.equal(JobDefinition.safeParse({ ...ROOM, request }).success, false);
  assert.equal(ParameterValues.safeParse({ room: long }).success, false);
  assert.equal(ParameterValues.safeParse({ room: long.slice(0, 100) }).success, true);
});

describe('a definition of a job', () => {
  test('a definition of a job that names a field that no request has is wrong there', () => {
    const { request } = ROOM;
    assert.deepEqual(faultsOf(job({ request: { ...request, wakee: true } })), [
      'request.wakee: job-fault.field-unknown',
    ]);
    const operations = [{ type: 'deploy', image: 'a', transprot: 'auto' }];
    assert.deepEqual(faultsOf(job({ request: { ...request, operations } })), [
      'request.operations.0.transprot: job-fault.field-unknown',
    ]);
  });

  test('a definition of a job whose parameter cannot stand where it does is wrong, for each choice', () => {
    const { request } = ROOM;
    assert.deepEqual(faultsOf(job({ request: { ...request, targets: { parameter: 'image' } } })), [
      'request.targets: job-fault.field',
    ]);
    const parameters = ROOM.parameters.map((parameter) =>
      parameter.name === 'then' ? { ...parameter, choices: ['reboot', 'explode'] } : parameter,
    );
    assert.deepEqual(faultsOf(job({ parameters })), ['request.operations.1.mode: job-fault.field']);
  });

  test('a definition of a job with unknown or double names, or defaults of another type, says which', () => {
    const { parameters, request } = ROOM;
    const [room] = parameters;
    assert.ok(room !== undefined);
    assert.deepEqual(faultsOf(job({ parameters: [...parameters, room] })), [
      'parameters.5.name: job-fault.name-twice',
    ]);
    assert.deepEqual(faultsOf(job({ request: { ...request, wake: { parameter: 'wak' } } })), [
      'request.wake: job-fault.parameter-unknown',
    ]);
    assert.deepEqual(
      faultsOf(job({ parameters: [...parameters, { name: 'n', type: 'number', default: 'x' }] })),
      ['parameters.5.default: job-fault.wrong-type'],
    );
    assert.deepEqual(
      faultsOf(job({ parameters: [...parameters, { name: 'c', type: 'choice' }] })),
      ['parameters.5: job-fault.no-choices'],
    );
    assert.deepEqual(
      faultsOf(job({ parameters: [...parameters, { name: 't', type: 'text', choices: ['a'] }] })),
      ['parameters.5.choices: job-fault.choices-of-another'],
    );
  });

  test('a definition of a job whose schedule names no time, or leaves a value out, says which schedule', () => {
    const when = { type: 'cron', expression: '0 3 * * 6', timeZone: 'Europe/Berlin' } as const;
    const right = { name: 'weekly', when, values: { room: ['room-1'] } };
    assert.deepEqual(faultsOf(job({ schedules: [right] })), []);
    assert.deepEqual(faultsOf(job({ schedules: [{ ...right, values: {} }] })), [
      'schedules.0.values: job-fault.value-missing',
    ]);
    const never = { ...when, expression: '0 3 31 2 *' };
    assert.deepEqual(faultsOf(job({ schedules: [right, { ...right, name: 'b', when: never }] })), [
      'schedules.1.when: job-fault.times',
    ]);
  });
});

test('words that somebody typed are a value of the type of a parameter, or none', () => {
  const of = (type: JobParameter['type'], text: string) =>
    valueFromText(JobParameter.parse({ name: 'a', type }), text);
  assert.deepEqual(of('targets', 'room-1, pc-17'), ['room-1', 'pc-17']);
  assert.equal(of('targets', 'room-1,,pc-17'), null);
  assert.equal(of('number', '-1.5'), -1.5);
  assert.equal(of('number', '0x10'), null);
  assert.equal(of('number', ''), null);
  assert.equal(of('boolean', 'true'), true);
  assert.equal(of('boolean', 'false'), false);
  assert.equal(of('boolean', 'yes'), null);
  assert.equal(of('image', 'a=b'), 'a=b');
});
