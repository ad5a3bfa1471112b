import assert from 'node:assert/strict';
import { compare } from 'bcrypt';
import { describe, test } from 'node:test';
import { Answers, type GivenAnswers } from '../../installer/answers.ts';
import { Journal } from '../../installer/changes/journal.ts';
import {
  answerKeeper,
  answersOfInstalled,
  knownAnswers,
  mergeAnswers,
} from '../../installer/kept-answers.ts';
import { resolveAnswers } from '../../installer/questions/resolve.ts';
import { readRecord, type Begun } from '../../installer/changes/record.ts';
import { siteFromAnswers } from '../../installer/site-from-answers.ts';
import type { Site } from '../../lib/model/site.ts';
import { sampleEnvironment, SAMPLE_ANSWERS, withMachine } from './samples.ts';
import { NONE } from './sample-site.ts';

/** Each answer otherwise than it would be proposed. */
const UNUSUAL: Answers = Answers.parse({
  interfaceName: 'eth0',
  serverAddress: '192.168.1.5',
  dhcp: { type: 'none' },
  otherSubnets: [NONE],
  onlyNetboot: true,
  tftpDirectory: '/data/tftp',
  netbootDirectory: '/data/netboot',
  imageDirectory: '/data/images',
  rootTransport: 'ram',
  nfsServer: 'none',
  httpPort: 8099,
  enginePort: 7099,
  biosLocalBoot: 'next-device',
  uefiLocalBoot: 'next-entry',
  kernelOptions: 'nomodeset',
  automaticRegistration: null,
  operator: null,
  rootfs: 'later',
  serverHardware: true,
  networkFirmware: true,
  rootfsPacking: 'quick',
  firewall: 'leave',
});

const begun = (answers: GivenAnswers, rest: Partial<Begun>): Begun => ({
  at: '2026-11-30T18:00:00.000Z',
  isAgreed: true,
  isUpdate: false,
  answers: { ...answers, operator: null },
  ...rest,
});

function siteOf(answers: Answers): Site {
  return siteFromAnswers(answers, 24, null);
}

describe('the answers of an installed server', () => {
  test('the answers of an installed server differ from what is proposed, each of them', async () => {
    const proposed = await resolveAnswers(sampleEnvironment(), null, {});
    for (const key of Answers.omit({ operator: true }).keyof().options) {
      assert.notDeepEqual(proposed[key], UNUSUAL[key], key);
    }
  });

  test('the answers of an installed server are all read back from the record: an update without questions changes none', async () => {
    await withMachine(async (system) => {
      const journal = await Journal.open(system, '9.9.9');
      await journal.finish(answersOfInstalled(UNUSUAL));
      const record = await readRecord(system);
      const known = knownAnswers({ site: siteOf(UNUSUAL), record, isComplete: true }, false);
      const environment = sampleEnvironment({ isUpdate: true });
      assert.deepEqual(await resolveAnswers(environment, null, known), UNUSUAL);
    });
  });

  test('the answers of an installed server are those of the site where a person has changed it by hand', () => {
    const record = {
      formatVersion: 1 as const,
      programVersion: '9.9.9',
      changes: [],
      answers: answersOfInstalled(UNUSUAL),
    };
    const site = { ...siteOf(UNUSUAL), httpPort: 81 };
    assert.equal(knownAnswers({ site, record, isComplete: true }, false).httpPort, 81);
  });

  test('the answers of an installed server are as proposed where the record of an older version has none', async () => {
    const site = siteOf(SAMPLE_ANSWERS);
    const known = knownAnswers({ site, record: null, isComplete: true }, false);
    const answers = await resolveAnswers(sampleEnvironment({ isUpdate: true }), null, known);
    assert.deepEqual(answers, { ...SAMPLE_ANSWERS, automaticRegistration: null });
  });

  test('the answers of an installed server say in the site that another NFS server exports, and only then', () => {
    assert.equal(siteOf({ ...SAMPLE_ANSWERS, nfsServer: 'none' }).nfsServer, 'none');
    assert.ok(!('nfsServer' in siteOf(SAMPLE_ANSWERS)));
    assert.ok(!('nfsServer' in siteOf(UNUSUAL)));
  });

  test('the answers of an installed server change by a file of answers in what it says, and in what followed from it', () => {
    const known: GivenAnswers = { ...UNUSUAL, rootTransport: 'ram', nfsServer: 'none' };
    assert.deepEqual(mergeAnswers(known, { firewall: 'open' }), { ...known, firewall: 'open' });
    assert.equal(mergeAnswers(known, { rootTransport: 'nfs' }).nfsServer, undefined);
    assert.equal(mergeAnswers(known, { rootTransport: 'ram' }).nfsServer, 'none');
    const both = mergeAnswers(known, { rootTransport: 'nfs', nfsServer: 'none' });
    assert.equal(both.nfsServer, 'none');
  });
});

describe('the answers of a run that was broken off', () => {
  const site = siteOf(SAMPLE_ANSWERS);
  const recordWith = (some: Begun) => ({
    formatVersion: 1 as const,
    programVersion: '9.9.9',
    changes: [],
    answers: answersOfInstalled(SAMPLE_ANSWERS),
    begun: some,
  });

  test('the answers of a run that was broken off hold once somebody has said yes; before that a person sees them again', () => {
    const other: GivenAnswers = { ...SAMPLE_ANSWERS, firewall: 'leave' };
    const known = (isAgreed: boolean, isAsked: boolean): GivenAnswers =>
      knownAnswers(
        { site, record: recordWith(begun(other, { isAgreed, isUpdate: true })), isComplete: true },
        isAsked,
      );
    assert.equal(known(true, false).firewall, 'leave');
    assert.equal(known(false, true).firewall, 'leave');
    assert.equal(known(false, false).firewall, 'open');
  });

  test('the answers of a run that was broken off have a password in no other form than its hash', async () => {
    await withMachine(async (system) => {
      const keep = answerKeeper();
      const secret = { type: 'password', password: 'korrekt-pferd' } as const;
      const answers = await keep({ ...SAMPLE_ANSWERS, operator: { name: 'anna', secret } });
      const journal = await Journal.open(system, '9.9.9');
      await journal.begin({ ...begun({}, {}), answers });
      const record = await readRecord(system);
      assert.ok(!JSON.stringify(record).includes('korrekt-pferd'));
      const { operator } = knownAnswers({ site: null, record, isComplete: false }, false);
      assert.ok(operator?.secret.type === 'hash');
      assert.ok(await compare('korrekt-pferd', operator.secret.hash));
    });
  });

  test('the answers of a run that was broken off are gone when it is uninstalled or installed', async () => {
    await withMachine(async (system) => {
      const journal = await Journal.open(system, '9.9.9');
      await journal.begin(begun(SAMPLE_ANSWERS, {}));
      await journal.finish(answersOfInstalled(SAMPLE_ANSWERS));
      assert.equal((await readRecord(system))?.begun, undefined);
      await journal.end();
      assert.equal(await readRecord(system), null);
    });
  });
});
