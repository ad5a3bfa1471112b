import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { Journal } from '../../installer/changes/journal.ts';
import { install } from '../../installer/install.ts';
import { answersOfInstalled } from '../../installer/kept-answers.ts';
import type { Prompter } from '../../installer/terminal/prompter.ts';
import { readRecord, type Begun } from '../../installer/changes/record.ts';
import { siteFromAnswers } from '../../installer/site-from-answers.ts';
import { STEPS } from '../../installer/steps/table.ts';
import type { System } from '../../installer/machine/system.ts';
import { OperatorError } from '../../lib/errors.ts';
import { SAMPLE_ANSWERS, withMachine, type Call } from './samples.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const ADDRESS = {
  ifname: 'room9',
  link_type: 'ether',
  flags: ['UP', 'LOWER_UP'],
  addr_info: [{ family: 'inet', local: '10.77.0.1', prefixlen: 24 }],
};
const RAM = { rootTransport: 'ram', nfsServer: 'none' } as const;
const ANSWERS = { ...SAMPLE_ANSWERS, interfaceName: 'room9', rootfs: 'later' as const, ...RAM };

class Left extends Error {
  override readonly name = 'ExitPromptError';
}

/** Takes every proposal and yes, and leaves at the prompt of that number. */
function leavingAt(last: number, asked: string[], texts: string[] = []): Prompter {
  const answer = <T>(message: string, value: T): Promise<T> => {
    asked.push(message);
    return asked.length > last ? Promise.reject(new Left()) : Promise.resolve(value);
  };
  return {
    explain: (text) => void texts.push(text),
    page: () => Promise.resolve(),
    input: ({ message, proposal }) => answer(message, proposal),
    confirm: ({ message }) => answer(message, true),
    select: ({ message, proposal }) => answer(message, proposal),
    password: ({ message }) => answer(message, 'korrekt-pferd'),
  };
}

function onMachine(
  use: (system: System) => Promise<void>,
  answer: (call: Call) => string | null = () => null,
): Promise<void> {
  return withMachine(
    async (system) => {
      await write(system, '/etc/os-release', 'ID=debian\nVERSION_ID="12"\n');
      await write(system, '/run/systemd/system/any', '');
      await use(system);
    },
    (call) => {
      const own = answer(call);
      if (own !== null) return own;
      if (call[0] === 'ip') return JSON.stringify(call.includes('route') ? [] : [ADDRESS]);
      if (!call[0].endsWith('/openclone')) return '';
      throw new OperatorError({ code: 'tool-missing', message: 'running openclone', hint: '' });
    },
  );
}

async function write(system: System, path: string, text: string): Promise<void> {
  await mkdir(join(system.root, dirname(path)), { recursive: true });
  await writeFile(join(system.root, path), text);
}

async function start(system: System, prompter: Prompter, said: string[] = []): Promise<number> {
  return install({
    system,
    prompter,
    steps: STEPS,
    sourceDirectory: PROJECT,
    answersFile: null,

    dryRun: false,
    refresh: false,
    force: true,
    serverHardware: null,
    signal: new AbortController().signal,
    print: (lines) => void said.push(...lines),
    show: () => Promise.reject(new Error('a program was started')),
  });
}

async function installed(system: System): Promise<void> {
  const site = siteFromAnswers(ANSWERS, 24, null);
  await write(system, '/etc/openclone/site.json', JSON.stringify(site));
  const journal = await Journal.open(system, '0.2.0');
  await journal.note({ type: 'file', path: '/etc/openclone/site.json', previous: null });
  await journal.finish(answersOfInstalled(ANSWERS));
}

const AGREED: Begun = {
  at: '2026-11-30T18:00:00.000Z',
  isAgreed: true,
  isUpdate: false,
  draft: undefined,
  answers: { ...answersOfInstalled(ANSWERS), imageDirectory: '/agreed', operator: null },
};

describe('an installer that is left', () => {
  test('an installer that is left at any question has kept the answers before it, and goes on with them as proposals', async () => {
    let last = 0;
    let asked: string[] = [];
    while (asked.at(-1) !== 'Do all this?') {
      await onMachine(async (system) => {
        asked = [];
        await assert.rejects(start(system, leavingAt(last, asked)), Left);
        const begun = (await readRecord(system))?.begun;
        assert.equal(begun?.isAgreed, last === 0 ? undefined : false, asked.join());
        const texts: string[] = [];
        await assert.rejects(start(system, leavingAt(0, [], texts)), Left);
        assert.equal(/are proposed/.test(texts.join()), last > 0);
      });
      last += 1;
    }
  });

  test('an installer that is left after "update only" has said nothing, so the next one offers that again', async () => {
    await onMachine(async (system) => {
      await installed(system);
      for (let round = 0; round < 2; round += 1) {
        const asked: string[] = [];
        await assert.rejects(start(system, leavingAt(1, asked)), Left);
        assert.deepEqual(asked, ['Update only?', 'Do all this?']);
        assert.equal((await readRecord(system))?.begun, undefined);
      }
    });
  });

  test('an installer that is left leaves what was agreed before as it was: nobody has said yes to something else', async () => {
    await onMachine(async (system) => {
      await (await Journal.open(system, '9.9.9')).begin(AGREED);
      await assert.rejects(
        start(system, {
          ...leavingAt(5, []),
          input: ({ message, proposal }) =>
            message === 'Image directory'
              ? Promise.resolve('/later')
              : message === 'HTTP port'
                ? Promise.reject(new Left())
                : Promise.resolve(proposal),
        }),
        Left,
      );
      const begun = (await readRecord(system))?.begun;
      assert.equal(begun?.answers.imageDirectory, '/agreed');
      assert.equal(begun.draft?.imageDirectory, '/later');
    });
  });
});

describe('before the first question', () => {
  test('before the first question: all that no answer helps against is said at once, with the mirrors that were tried', async () => {
    const held =
      'udp UNCONN 0 0 0.0.0.0:69 0.0.0.0:* users:(("in.tftpd",pid=1,fd=4))\ntcp LISTEN 0 511 *:7077 *:* users:(("other",pid=1,fd=5))';
    const away =
      "E: Failed to fetch http://deb.example/debian/dists/bookworm/InRelease  Could not resolve 'deb.example'";
    await withMachine(
      async (system) => {
        await write(system, '/etc/os-release', 'ID=debian\nVERSION_ID="12"\n');
        const [asked, said]: [string[], string[]] = [[], []];
        await assert.rejects(
          install({
            system,
            prompter: leavingAt(99, asked),
            steps: STEPS,
            sourceDirectory: PROJECT,

            answersFile: null,
            dryRun: false,
            refresh: false,
            force: false,
            serverHardware: null,
            signal: new AbortController().signal,
            print: (lines) => void said.push(...lines),
            show: () => Promise.reject(new Error('a program was started')),
          }),
          (error) => error instanceof OperatorError && error.code === 'not-allowed',
        );
        assert.deepEqual(asked, []);
        const text = said.join('\n');
        assert.match(text, /^! systemd does not run here$/m);
        assert.match(text, /^! UDP port 69 \(boot loaders by TFTP\) is taken by /m);
        assert.match(text, /^! TCP port 7077 \(engines on the hosts\) is taken by /m);
        assert.match(
          text,
          /^! no Debian mirror .*http:\/\/deb\.example\/debian \(Could not resolve 'deb\.example'\)$/m,
        );
        assert.equal(await readRecord(system), null);
      },
      (call) => {
        if (call[0] === 'ip') return JSON.stringify(call.includes('route') ? [] : [ADDRESS]);
        if (call[0] === 'ss') return held;
        if (call.includes('--print-uris')) {
          return "'http://deb.example/debian/dists/bookworm/InRelease' x 0\n'http://deb.example/debian/dists/bookworm-updates/InRelease' y 0\n";
        }
        if (call.includes('download-file')) return { stdout: '', stderr: away, exitStatus: 100 };
        return '';
      },
    );
  });

  test('before the first question: a machine without any IPv4 address is told so', async () => {
    await onMachine(
      async (system) => {
        const said: string[] = [];
        await assert.rejects(start(system, leavingAt(99, []), said), OperatorError);
        assert.match(said.join('\n'), /no network interface has an IPv4 address/);
      },
      (call) => (call[0] === 'ip' ? '[]' : null),
    );
  });
});
