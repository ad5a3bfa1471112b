import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  causesOf,
  describeError,
  exitStatusOf,
  fromReport,
  OperatorError,
  toReport,
} from '../../lib/errors.ts';
import { ErrorReport } from '../../lib/model/error-report.ts';
import { ERROR_TREATMENT } from '../../lib/model/error-treatment.ts';

const READING = new OperatorError({
  code: 'disk-read-failed',
  message: 'reading the partition table of /dev/sda',
  hint: 'The disk may be failing: see dmesg and smartctl.',
  cause: new Error('dd failed', { cause: new Error('Input/output error') }),
});

describe('an error report', () => {
  test('an error report holds message, hint and the chain of causes, the outermost first', () => {
    assert.deepEqual(toReport(READING), {
      code: 'disk-read-failed',
      message: 'reading the partition table of /dev/sda',
      hint: 'The disk may be failing: see dmesg and smartctl.',
      causes: ['dd failed', 'Input/output error'],
    });
  });

  test('an error report becomes the same error again on the other side', () => {
    const report = ErrorReport.parse(JSON.parse(JSON.stringify(toReport(READING))));
    const error = fromReport(report);
    assert.ok(error instanceof OperatorError);
    assert.deepEqual(toReport(error), toReport(READING));
    assert.deepEqual(causesOf(error), causesOf(READING));
  });

  test('an error report of an error without a cause has none after the journey', () => {
    const error = fromReport({
      code: 'not-found',
      message: 'finding x',
      hint: 'Look.',
      causes: [],
    });
    assert.equal(error.cause, undefined);
  });

  test('an error report can be made of whatever is thrown, and fits its schema', () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const bare: unknown = Object.create(null);
    const thrown: unknown[] = [
      undefined,
      null,
      7,
      10n,
      'text',
      Symbol('s'),
      () => 1,
      {},
      circular,
      bare,
      new Error('x', { cause: circular }),
      new Error('x', { cause: Symbol('s') }),
      new Error('x', { cause: 10n }),
      new Error('x', { cause: () => 1 }),
    ];
    for (const each of thrown) {
      const report = ErrorReport.parse(toReport(each));
      assert.equal(report.code, 'internal-error');
      for (const text of [report.message, ...report.causes]) assert.notEqual(text, '');
    }
    assert.equal(toReport('text').message, 'text');
  });

  test('an error report cuts long texts and endless chains of causes to what its schema takes', () => {
    const endless = new Error('again');
    endless.cause = endless;
    const long = 'x'.repeat(10_000);
    const error = new OperatorError({
      code: 'tool-failed',
      message: long,
      hint: long,
      cause: new Error(long, { cause: endless }),
    });
    const report = ErrorReport.parse(toReport(error));
    assert.equal(report.message.length, 4000);
    assert.equal(report.causes.length, 10);
  });

  test('an error report is refused with a code that this version does not know', () => {
    const report = { code: 'toString', message: '', hint: '', causes: [] };
    assert.equal(ErrorReport.safeParse(report).success, false);
  });
});

test('a bug is an internal error, whose hint asks to report it', () => {
  const report = toReport(new TypeError('x is not a function'));
  assert.equal(report.code, 'internal-error');
  assert.match(report.hint, /report it/);
});

test('one line tells message and causes', () => {
  assert.equal(
    describeError(toReport(READING)),
    'reading the partition table of /dev/sda: dd failed: Input/output error',
  );
});

test('every code has an exit status of failure and an HTTP status of failure', () => {
  for (const [code, treatment] of Object.entries(ERROR_TREATMENT)) {
    assert.ok(treatment.exitStatus > 0 && treatment.exitStatus < 126, code);
    assert.ok(treatment.httpStatus >= 400 && treatment.httpStatus < 600, code);
  }
  assert.equal(exitStatusOf(toReport(READING)), 13);
});
