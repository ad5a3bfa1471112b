import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Check, CheckResult, Surroundings } from '../../../cli/doctor/check.ts';
import { CHECKS } from '../../../cli/doctor/checks/table.ts';
import { exitStatusFor } from '../../../cli/doctor/exit-status.ts';
import { failure, ok, skipped, warning } from '../../../cli/doctor/finding.ts';
import { runChecks } from '../../../cli/doctor/run-checks.ts';
import { judgeSite } from '../../../cli/doctor/site-file.ts';
import { OperatorError, toReport } from '../../../lib/errors.ts';
import { ERROR_TREATMENT } from '../../../lib/model/error-treatment.ts';
import { message, verbatim } from '../../../lib/model/messages/table.ts';
import { FULL, sampleSite } from '../../installer/sample-site.ts';
import { withDirectory } from '../../support/directories.ts';

const WELL = verbatim('well');
const ROOT = message('root.mount');

const SURROUNDINGS: Surroundings = {
  run: () => Promise.reject(new Error('nothing is run')),
  isRoot: false,
  long: false,
  dataDirectory: '/nowhere',
  socketPath: '/nowhere/sock',
  connect: () => Promise.reject(new Error('nobody is asked')),
};

function checkThat(
  name: string,
  perform: Check['perform'],
  rootBecause: Check['rootBecause'] = null,
): Check {
  return { name, title: verbatim(name), rootBecause, perform };
}

describe('running all checks', () => {
  test('running all checks reports those that throw as unfinished, skips those that need root, and keeps the order', async () => {
    await withDirectory(async (directory) => {
      const file = join(directory, 'site.json');
      writeFileSync(file, JSON.stringify(sampleSite([FULL])));
      chmodSync(file, 0o644);
      const late = Promise.withResolvers<undefined>();
      const progress: string[] = [];
      const results = await runChecks(
        SURROUNDINGS,
        file,
        [
          checkThat('slow', async () => (await late.promise, [ok('', WELL)])),
          checkThat('root', () => Promise.resolve([ok('', WELL)]), ROOT),
          checkThat('missing', () => Promise.reject(operatorError('tool-missing'))),
          checkThat('broken', () => Promise.reject(operatorError('connection-failed'))),
          checkThat('bug', () => {
            late.resolve(undefined);
            return Promise.reject(new TypeError('x is undefined'));
          }),
        ],
        (done, total) => progress.push(`${done}/${total}`),
      );
      assert.deepEqual(
        results.map(({ name, findings }) => [name, ...findings.map(({ type }) => type)]),
        [
          ['site', 'ok'],
          ['slow', 'ok'],
          ['root', 'skipped'],
          ['missing', 'skipped'],
          ['broken', 'failure'],
          ['bug', 'failure'],
        ],
      );
      const [, , ofRoot, missing, broken] = results;
      const onlyRoot = message('skipped.only-root', { because: ROOT });
      assert.deepEqual(ofRoot?.findings, [skipped('', onlyRoot, 'sudo openclone doctor')]);
      const errors = [missing, broken].flatMap((result) => result?.findings ?? []);
      assert.deepEqual(
        errors.map((each) => ('error' in each ? each.error.code : '')),
        ['tool-missing', 'connection-failed'],
      );
      assert.deepEqual(progress, ['1/6', '2/6', '3/6', '4/6', '5/6', '6/6']);
    });
  });

  test('running all checks tells of one cause once: what follows from it is skipped, of this subnet and of this service', async () => {
    await withDirectory(async (directory) => {
      const file = join(directory, 'site.json');
      const here = { ...FULL, interfaceName: 'eth0' };
      const gone = { ...FULL, name: 'gone', interfaceName: 'eth0', serverAddress: '10.78.0.1' };
      writeFileSync(file, JSON.stringify(sampleSite([here, gone])));
      chmodSync(file, 0o644);
      const eth0 = [{ family: 'inet', local: '10.77.0.1', prefixlen: 24 }];
      const stdout = JSON.stringify([{ ifname: 'eth0', addr_info: eth0 }]);
      const seen: string[] = [];
      const [, ...results] = await runChecks(
        { ...SURROUNDINGS, run: () => Promise.resolve({ stdout, stderr: '', exitStatus: 0 }) },
        file,
        [
          {
            ...checkThat('wire', ({ site }) => {
              seen.push(...site.subnets.map(({ name }) => name));
              return Promise.resolve([ok('', WELL)]);
            }),
            needs: { address: true },
          },
          checkThat('services', () => Promise.resolve([failure('a.service', WELL, 'x')])),
          {
            ...checkThat('of a', () => Promise.reject(new Error('never looked at'))),
            needs: { unit: 'a.service' },
          },
          {
            ...checkThat('of b', () => Promise.resolve([ok('', WELL)])),
            needs: { unit: 'b' },
          },
        ],
        () => undefined,
      );
      assert.deepEqual(seen, ['main']);
      assert.deepEqual(
        results.map(({ findings }) => findings),
        [
          [
            ok('', WELL),
            skipped(
              message('about.subnet', { name: 'gone', interfaceName: 'eth0' }),
              message('skipped.see-addresses'),
            ),
          ],
          [failure('a.service', WELL, 'x')],
          [skipped('', message('skipped.see-unit', { unit: 'a.service' }))],
          [ok('', WELL)],
        ],
      );
    });
  });

  test('running all checks without a site judges nothing else', async () => {
    const results = await runChecks(SURROUNDINGS, '/nowhere/site.json', CHECKS, () => undefined);
    assert.equal(results.length, CHECKS.length + 1);
    assert.equal(results[0]?.findings[0]?.type, 'failure');
    assert.ok(results.slice(1).every(({ findings }) => findings[0]?.type === 'skipped'));
  });
});

test('a site file is judged by its text', () => {
  const text = JSON.stringify(sampleSite([FULL]));
  assert.equal(judgeSite('f', text).findings[0]?.type, 'ok');
  assert.equal(judgeSite('f', '{').findings[0]?.found.id, 'site.not-json');
  const wrong = judgeSite('f', text.replace('10.77.0.1', '10.77.0.1000'));
  assert.equal(wrong.findings[0]?.found.id, 'site.invalid');
  assert.match(JSON.stringify(wrong.findings[0].found.params), /serverAddress/);
  assert.equal(wrong.site, null);
});

test('the worst finding is the exit status, and no error has the same', () => {
  const of = (...findings: CheckResult['findings']): number =>
    exitStatusFor([{ name: 'a', title: WELL, findings }]);
  const good = ok('', WELL);
  assert.equal(of(good, skipped('', WELL)), 0);
  assert.equal(of(good, warning('', WELL, 'y')), 18);
  assert.equal(of(warning('', WELL, 'y'), failure('', WELL, 'y')), 19);
  const error = toReport(operatorError('tool-missing'));
  assert.equal(of(good, { type: 'skipped', error }), 0);
  assert.equal(of(good, { type: 'failure', error }), 19);
  const taken = Object.values(ERROR_TREATMENT).map(({ exitStatus }): number => exitStatus);
  assert.ok(!taken.includes(18) && !taken.includes(19));
});

test('every check has a name of its own', () => {
  assert.equal(new Set(CHECKS.map(({ name }) => name)).size, CHECKS.length);
});

test('every check has its own title', () => {
  for (const { name, title } of CHECKS) assert.equal(title.id, `check.${name}`);
});

function operatorError(code: 'tool-missing' | 'connection-failed'): OperatorError {
  return new OperatorError({ code, message: 'trying', hint: 'do this' });
}
