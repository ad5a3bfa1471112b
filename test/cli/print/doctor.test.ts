/** What `openclone doctor` prints: in both languages, broken at words on a terminal, whole for programs. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CheckResult } from '../../../cli/doctor/check.ts';
import { judgeDhcp } from '../../../cli/doctor/checks/dhcp.ts';
import { judgeLink } from '../../../cli/doctor/checks/links.ts';
import { judgePorts } from '../../../cli/doctor/checks/ports.ts';
import { judgeFaults } from '../../../cli/doctor/checks/tools.ts';
import { failure, ok, skipped } from '../../../cli/doctor/finding.ts';
import { KNOWN_FAULTS } from '../../../cli/doctor/known-faults.ts';
import { doctorJson, doctorLines } from '../../../cli/print/doctor.ts';
import { withTexts } from '../../../cli/print/json-messages.ts';
import { textsOf } from '../../../cli/text/catalogue.ts';
import { widthOf } from '../../../lib/columns.ts';
import { OperatorError, toReport } from '../../../lib/errors.ts';
import { message, verbatim } from '../../../lib/model/messages/table.ts';
import { FULL, sampleSite } from '../../installer/sample-site.ts';

const UNREACHED = toReport(
  new OperatorError({
    code: 'connection-failed',
    message: 'connecting to the server at /run/openclone.sock',
    hint: 'See whether it runs.',
    cause: new Error('connect ENOENT'),
  }),
);

/** Some results of every kind. */
const RESULTS: readonly CheckResult[] = [
  {
    name: 'links',
    title: message('check.links'),
    findings: [
      judgeLink('eth0', {
        interfaceName: 'eth0',
        carrier: true,
        mtuBytes: 1500,
        megabitsPerSecond: 100,
        duplex: 'full',
      }),
    ],
  },
  {
    name: 'ports',
    title: message('check.ports'),
    findings: judgePorts(
      { ...sampleSite([FULL]), rootTransport: 'ram' },
      [],
      ['openclone.service'],
    ),
  },
  {
    name: 'server',
    title: message('check.server'),
    findings: [{ type: 'failure', error: UNREACHED }],
  },
  {
    name: 'dhcp',
    title: message('check.dhcp'),
    findings: judgeDhcp({ subnet: FULL, firmware: 'UEFI', answers: [], hasFile: () => true }),
  },
  {
    name: 'igmp',
    title: message('check.igmp'),
    findings: [
      skipped(
        '',
        message('skipped.only-root', { because: message('root.listen') }),
        'sudo openclone doctor',
      ),
    ],
  },
  {
    name: 'tools',
    title: message('check.tools'),
    findings: [
      judgeFaults(
        message('about.package-on-hosts', { name: 'udpcast' }),
        '20120424-2',
        KNOWN_FAULTS.filter((fault) => fault.package === 'udpcast'),
      ),
    ],
  },
];

describe('what doctor prints', () => {
  test('what doctor prints on a German terminal of 80 columns is German, broken at words, with the remedies below', () => {
    assert.deepEqual(doctorLines(textsOf('de'), RESULTS, 80), [
      'WARNUNG   links   eth0: nur 100 Mbit/s: schneller ist keine Übertragung',
      '                  -> Das Kabel (alle acht Adern) und den Port des Switches',
      '                     prüfen.',
      'FEHLER    ports   TFTP (Port udp 69): dort hört niemand',
      '                  -> systemctl restart openclone-dnsmasq.service; siehe',
      '                     journalctl -u openclone-dnsmasq.service -n 50',
      'entfällt  ports   HTTP (Port tcp 80): siehe services: openclone.service',
      'entfällt  ports   Engines (Port tcp 7077): siehe services: openclone.service',
      'FEHLER    ports   DHCP (Port udp 67): dort hört niemand',
      '                  -> systemctl restart openclone-dnsmasq.service; siehe',
      '                     journalctl -u openclone-dnsmasq.service -n 50',
      'FEHLER    server  Es kommt keine Verbindung zustande: connecting to the server',
      '                  at /run/openclone.sock: connect ENOENT',
      '                  -> Prüfen, ob der Server läuft und über das Netz zu erreichen',
      '                     ist.',
      'FEHLER    dhcp    Subnetz main (eth0), UEFI: dieser Server antwortet nicht',
      '                  -> Siehe journalctl -u openclone-dnsmasq.service -n 50, und',
      '                     prüfen, ob eine Regel der Firewall UDP 67 sperrt; dann:',
      '                     systemctl restart openclone-dnsmasq.service',
      'entfällt  igmp    das kann nur root: alle Pakete werden mitgehört',
      '                  -> sudo openclone doctor',
      'gut       tools   udpcast (Rechner): Version 20120424-2: ein Empfänger, der',
      '                  ausfällt, hält alle für einige Sekunden auf, bis er',
      '                  ausgeschlossen wird',
      '',
      '4 Fehler, 1 Warnung, 1 gut, 3 entfallen',
    ]);
  });

  test('what doctor prints in English says the error of a check that did not come to its end, and its hint', () => {
    const lines = doctorLines(textsOf('en'), RESULTS.slice(2, 3), null);
    assert.deepEqual(lines, [
      'FAILURE  server  connecting to the server at /run/openclone.sock: connect ENOENT',
      '                 -> See whether it runs.',
      '',
      '1 failure, 0 warnings, 0 ok, 0 skipped',
    ]);
  });

  test('what doctor prints fits terminals of every width from 60 columns on, in both languages', () => {
    for (const language of ['en', 'de'] as const) {
      for (let columns = 60; columns < 200; columns += 1) {
        for (const line of doctorLines(textsOf(language), RESULTS, columns)) {
          assert.ok(widthOf(line) <= columns, `${columns}: ${line}`);
        }
      }
    }
  });

  test('what doctor prints for programs has each finding on one line, however long', () => {
    const lines = doctorLines(textsOf('en'), RESULTS, null);
    const found = RESULTS.flatMap(({ findings }) => findings);
    assert.equal(lines.filter((line) => /^\S+ +[a-z]+ {2,}\S/.test(line)).length, found.length);
    assert.ok(lines.some((line) => line.length > 150));
  });

  test('what doctor prints is harmless on a terminal, and a remedy of several lines is several', () => {
    const lines = doctorLines(
      textsOf('en'),
      [
        { name: 'tls', title: verbatim(''), findings: [ok('', verbatim('fine'))] },
        {
          name: 'dhcp',
          title: verbatim(''),
          findings: [failure('subnet a', verbatim('bad \u001b[2J'), 'one\ntwo')],
        },
      ],
      80,
    );
    assert.deepEqual(lines, [
      'ok       tls   fine',
      'FAILURE  dhcp  subnet a: bad ·[2J',
      '               -> one',
      '               -> two',
      '',
      '1 failure, 0 warnings, 1 ok, 0 skipped',
    ]);
  });
});

test('JSON of doctor has English texts with their data beside them, and the error of an unfinished check', () => {
  const json = withTexts(doctorJson([...RESULTS.slice(2, 3), ...RESULTS.slice(4, 5)]));
  const because = message('root.listen');
  assert.deepEqual(json, [
    {
      name: 'server',
      title: 'the daemon',
      titleMessage: message('check.server'),
      findings: [
        {
          type: 'failure',
          about: '',
          found: 'connecting to the server at /run/openclone.sock: connect ENOENT',
          remedy: 'See whether it runs.',
          error: UNREACHED,
        },
      ],
    },
    {
      name: 'igmp',
      title: 'IGMP querier',
      titleMessage: message('check.igmp'),
      findings: [
        {
          type: 'skipped',
          about: '',
          found: 'only root can do this: it listens to all packets',
          foundMessage: message('skipped.only-root', { because }),
          remedy: 'sudo openclone doctor',
        },
      ],
    },
  ]);
});
