import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Check, Surroundings } from '../../../cli/doctor/check.ts';
import { CHECKS } from '../../../cli/doctor/checks/table.ts';
import { examine, type Examination } from '../../../cli/doctor/examine.ts';
import { failure, ok, skipped, warning } from '../../../cli/doctor/finding.ts';
import { judgeSite } from '../../../cli/doctor/site-file.ts';
import { exitStatusFor } from '../../../cli/doctor/verdict.ts';
import { doctorLines } from '../../../cli/print/doctor.ts';
import { OperatorError } from '../../../lib/errors.ts';
import { ERROR_TREATMENT } from '../../../lib/model/error-treatment.ts';
import { FULL, sampleSite } from '../../installer/sample-site.ts';
import { textsOf } from '../../../cli/text/catalogue.ts';
import { withDirectory } from '../../support/directories.ts';

const ENGLISH = textsOf('en');

const SURROUNDINGS: Surroundings = {
  run: () => Promise.reject(new Error('nothing is run')),
  isRoot: false,
  long: false,
  dataDirectory: '/nowhere',
  socketPath: '/nowhere/sock',
  connect: () => Promise.reject(new Error('nobody is asked')),
};

function checkThat(name: string, examineIt: Check['examine'], rootBecause: string | null): Check {
  return { name, title: name, rootBecause, examine: examineIt };
}

describe('an examination', () => {
  test('an examination turns errors into findings, skips what needs root, and keeps the order', async () => {
    await withDirectory(async (directory) => {
      const file = join(directory, 'site.json');
      writeFileSync(file, JSON.stringify(sampleSite([FULL])));
      chmodSync(file, 0o644);
      const late = Promise.withResolvers<undefined>();
      const progress: string[] = [];
      const examinations = await examine(
        SURROUNDINGS,
        file,
        [
          checkThat('slow', async () => (await late.promise, [ok('', 'slow but well')]), null),
          checkThat('root', () => Promise.resolve([ok('', 'never')]), 'ports are low'),
          checkThat('missing', () => Promise.reject(operatorError('tool-missing')), null),
          checkThat('broken', () => Promise.reject(operatorError('connection-failed')), null),
          checkThat(
            'bug',
            () => {
              late.resolve(undefined);
              return Promise.reject(new TypeError('x is undefined'));
            },
            null,
          ),
        ],
        (done, total) => progress.push(`${done}/${total}`),
      );
      assert.deepEqual(
        examinations.map(({ name, findings }) => [name, ...findings.map(({ type }) => type)]),
        [
          ['site', 'ok'],
          ['slow', 'ok'],
          ['root', 'skipped'],
          ['missing', 'skipped'],
          ['broken', 'failure'],
          ['bug', 'failure'],
        ],
      );
      assert.match(examinations[2]?.findings[0]?.found ?? '', /only root .* ports are low/);
      assert.equal(examinations[4]?.findings[0]?.remedy, 'do this');
      assert.deepEqual(progress, ['1/6', '2/6', '3/6', '4/6', '5/6', '6/6']);
    });
  });

  test('an examination tells of one cause once: what follows from it is skipped, of this subnet and of this service', async () => {
    await withDirectory(async (directory) => {
      const file = join(directory, 'site.json');
      const here = { ...FULL, interfaceName: 'eth0' };
      const gone = { ...FULL, name: 'gone', interfaceName: 'eth0', serverAddress: '10.78.0.1' };
      writeFileSync(file, JSON.stringify(sampleSite([here, gone])));
      chmodSync(file, 0o644);
      const eth0 = [{ family: 'inet', local: '10.77.0.1', prefixlen: 24 }];
      const stdout = JSON.stringify([{ ifname: 'eth0', addr_info: eth0 }]);
      const seen: string[] = [];
      const [, ...examinations] = await examine(
        { ...SURROUNDINGS, run: () => Promise.resolve({ stdout, stderr: '', exitStatus: 0 }) },
        file,
        [
          {
            ...checkThat(
              'wire',
              ({ site }) => {
                seen.push(...site.subnets.map(({ name }) => name));
                return Promise.resolve([ok('', 'well')]);
              },
              null,
            ),
            needs: { address: true },
          },
          checkThat('services', () => Promise.resolve([failure('a.service', 'dead', 'x')]), null),
          {
            ...checkThat('of a', () => Promise.reject(new Error('never looked at')), null),
            needs: { unit: 'a.service' },
          },
          {
            ...checkThat('of b', () => Promise.resolve([ok('', 'b')]), null),
            needs: { unit: 'b' },
          },
        ],
        () => undefined,
      );
      assert.deepEqual(seen, ['main']);
      assert.deepEqual(
        examinations.map(({ findings }) => findings.map(({ type, found }) => `${type}: ${found}`)),
        [
          ['ok: well', 'skipped: see addresses'],
          ['failure: dead'],
          ['skipped: see services: a.service'],
          ['ok: b'],
        ],
      );
    });
  });

  test('an examination without a site nothing else is judged', async () => {
    const examinations = await examine(SURROUNDINGS, '/nowhere/site.json', CHECKS, () => undefined);
    assert.equal(examinations.length, CHECKS.length + 1);
    assert.equal(examinations[0]?.findings[0]?.type, 'failure');
    assert.ok(examinations.slice(1).every(({ findings }) => findings[0]?.type === 'skipped'));
  });
});

test('a site file is judged by its text', () => {
  const text = JSON.stringify(sampleSite([FULL]));
  assert.equal(judgeSite('f', text).findings[0]?.type, 'ok');
  assert.match(judgeSite('f', '{').findings[0]?.found ?? '', /no JSON/);
  const wrong = judgeSite('f', text.replace('10.77.0.1', '10.77.0.1000'));
  assert.match(wrong.findings[0]?.found ?? '', /serverAddress/);
  assert.equal(wrong.site, null);
});

test('the worst finding is the exit status, and no error has the same', () => {
  const of = (...findings: Examination['findings']): number =>
    exitStatusFor([{ name: 'a', title: 'a', findings }]);
  const good = ok('', 'x');
  assert.equal(of(good, skipped('', 'x')), 0);
  assert.equal(of(good, warning('', 'x', 'y')), 18);
  assert.equal(of(warning('', 'x', 'y'), failure('', 'x', 'y')), 19);
  const taken = Object.values(ERROR_TREATMENT).map(({ exitStatus }): number => exitStatus);
  assert.ok(!taken.includes(18) && !taken.includes(19));
});

test('findings are printed with their remedies, and harmless on a terminal', () => {
  const lines = doctorLines(ENGLISH, [
    { name: 'tls', title: '', findings: [ok('', 'fine')] },
    { name: 'dhcp', title: '', findings: [failure('subnet a', 'bad \u001b[2J', 'one\ntwo')] },
  ]);
  assert.deepEqual(lines, [
    'ok       tls   fine',
    'FAILURE  dhcp  subnet a: bad ·[2J',
    '               -> one',
    '               -> two',
    '',
    '1 failure, 0 warnings, 1 ok, 0 skipped',
  ]);
});

test('every check has a name of its own', () => {
  assert.equal(new Set(CHECKS.map(({ name }) => name)).size, CHECKS.length);
});

function operatorError(code: 'tool-missing' | 'connection-failed'): OperatorError {
  return new OperatorError({ code, message: 'trying', hint: 'do this' });
}
