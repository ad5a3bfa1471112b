import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import type { GivenAnswers } from '../../installer/answers.ts';
import { makePrompter, type Prompter } from '../../installer/terminal/prompter.ts';
import { resolveAnswers } from '../../installer/questions/resolve.ts';
import { answersFromSite, siteFromAnswers } from '../../installer/site-from-answers.ts';
import { SAMPLE_ANSWERS, sampleEnvironment } from './samples.ts';

/** Says yes to every proposal, but for what `says` has for a message; fails on proposals with a fault. */
function agreeing(
  says: Readonly<Record<string, string | boolean>>,
  asked: string[] = [],
): Prompter {
  const answerTo = <T>(message: string, proposal: T): string | boolean | T => {
    asked.push(message);
    return says[message] ?? proposal;
  };
  return {
    explain: () => undefined,
    page: () => Promise.resolve(),
    input: ({ message, proposal, faultOf }) => {
      const text = String(answerTo(message, proposal));
      assert.equal(faultOf(text), null, `${message}: ${text}`);
      return Promise.resolve(text);
    },
    confirm: ({ message, proposal }) => Promise.resolve(answerTo(message, proposal) === true),
    select: ({ message, choices, proposal }) => {
      const value = answerTo(message, proposal);
      return Promise.resolve(choices.find((choice) => choice.value === value)?.value ?? proposal);
    },
    password: ({ message }) => Promise.resolve(String(answerTo(message, ''))),
  };
}

describe('settling the answers', () => {
  test('settling the answers proposes to give addresses where nobody else does', async () => {
    const answers = await resolveAnswers(sampleEnvironment(), null, { operator: null });
    assert.equal(answers.interfaceName, 'eth1');
    assert.deepEqual(answers.dhcp, {
      type: 'full',
      firstAddress: '10.77.0.128',
      lastAddress: '10.77.0.252',
      router: '10.77.0.254',
      nameServers: ['10.77.0.253'],
      leaseSeconds: 3600,
    });
    assert.equal(answers.onlyNetboot, false);
    assert.equal(answers.rootTransport, 'nfs');
    assert.equal(answers.nfsServer, 'kernel');
    assert.equal(answers.httpPort, 80);
  });

  test('settling the answers adds to the answers of an existing DHCP server', async () => {
    const environment = sampleEnvironment({
      findDhcpServers: () =>
        Promise.resolve({ type: 'known', offering: ['10.77.0.254'], proxies: [] }),
    });
    const answers = await resolveAnswers(environment, null, { operator: null });
    assert.deepEqual(answers.dhcp, { type: 'proxy' });
    assert.equal(answers.onlyNetboot, true);
  });

  test('settling the answers gives no addresses when the network could not be asked', async () => {
    const environment = sampleEnvironment({
      findDhcpServers: () => Promise.resolve({ type: 'unknown', reason: 'port 68 is held' }),
    });
    const answers = await resolveAnswers(environment, null, { operator: null });
    assert.deepEqual(answers.dhcp, { type: 'proxy' });
  });

  test('settling the answers proposes a root file system in memory where the kernel serves no NFS', async () => {
    const environment = sampleEnvironment({ canServeNfs: false });
    const answers = await resolveAnswers(environment, null, { operator: null });
    assert.equal(answers.rootTransport, 'ram');
    assert.equal(answers.nfsServer, 'none');
  });

  test('settling the answers takes another HTTP port where 80 is taken', async () => {
    const environment = sampleEnvironment({
      portHolders: [{ protocol: 'tcp', address: '*', port: 80, process: null }],
    });
    assert.notEqual((await resolveAnswers(environment, null, { operator: null })).httpPort, 80);
  });

  test('settling the answers takes 80 where only an IPv6 address of it is held, which leaves it free for us', async () => {
    const environment = sampleEnvironment({
      portHolders: [{ protocol: 'tcp', address: '::1', port: 80, process: null }],
    });
    assert.equal((await resolveAnswers(environment, null, { operator: null })).httpPort, 80);
  });

  test('settling the answers asks nothing when nobody is there, and takes what is given', async () => {
    const given: GivenAnswers = { ...SAMPLE_ANSWERS, httpPort: 8080, kernelOptions: 'nomodeset' };
    assert.deepEqual(await resolveAnswers(sampleEnvironment(), null, given), given);
  });

  test('settling the answers does not ask the network when DHCP is settled already', async () => {
    const environment = sampleEnvironment({
      findDhcpServers: () => Promise.reject(new Error('asked')),
    });
    const answers = await resolveAnswers(environment, null, SAMPLE_ANSWERS);
    assert.deepEqual(answers.dhcp, { type: 'proxy' });
  });

  test('settling the answers: what a person says counts, and later proposals follow from it', async () => {
    const prompter = agreeing({
      Interface: 'eth0',
      DHCP: 'full',
      "Operator's name": 'anna',
      'Password of anna': 'korrekt-pferd',
      'Once more': 'korrekt-pferd',
    });
    const answers = await resolveAnswers(sampleEnvironment(), prompter, {});
    assert.equal(answers.serverAddress, '192.168.1.5');
    assert.deepEqual(answers.dhcp, {
      type: 'full',
      firstAddress: '192.168.1.128',
      lastAddress: '192.168.1.254',
      // The default gateway is in another network.
      router: null,
      nameServers: ['10.77.0.253'],
      leaseSeconds: 3600,
    });
    assert.deepEqual(answers.operator, {
      name: 'anna',
      secret: { type: 'password', password: 'korrekt-pferd' },
    });
  });

  test('settling the answers are numbered as they are asked, whatever the answers before leave out', async () => {
    const headings = async (
      says: Readonly<Record<string, string>>,
      more: Parameters<typeof sampleEnvironment>[0],
      given: GivenAnswers = {},
    ): Promise<string[]> => {
      const found: string[] = [];
      const typed = { "Operator's name": 'anna', 'Password of anna': 'korrekt-pferd' };
      const prompter: Prompter = {
        ...agreeing({ ...typed, 'Once more': 'korrekt-pferd', ...says }),
        explain: (text) => void found.push(...(/^Question .*$/m.exec(text) ?? [])),
      };
      await resolveAnswers(sampleEnvironment(more), prompter, given);
      return found;
    };
    const all = (total: number): string[] =>
      Array.from({ length: total }, (_, index) => `Question ${index + 1} of ${total}`);
    assert.deepEqual(await headings({}, {}), all(10));
    assert.deepEqual(await headings({}, { firewall: 'ufw' }), all(11));
    assert.deepEqual(await headings({}, { canServeNfs: false }), all(9));
    assert.deepEqual(await headings({}, { isUpdate: true }), all(8));
    assert.deepEqual(await headings({}, {}, { operator: null }), all(9));
    // From the answer on that leaves one out, there is one less.
    const none = await headings({ DHCP: 'none' }, {});
    assert.deepEqual(none, [...all(10).slice(0, 2), ...all(9).slice(2)]);
  });

  test('settling the answers offers nothing that this machine cannot do', async () => {
    const holder = (protocol: 'tcp' | 'udp', port: number) =>
      ({ protocol, port, address: '*', process: { name: 'other', pid: 7, unit: null } }) as const;
    const propose = async (...portHolders: ReturnType<typeof holder>[]) =>
      resolveAnswers(sampleEnvironment({ portHolders }), null, { operator: null });
    assert.equal((await propose(holder('tcp', 2049))).rootTransport, 'ram');
    assert.equal((await propose(holder('tcp', 111))).rootTransport, 'ram');
    assert.deepEqual((await propose(holder('udp', 67))).dhcp, { type: 'none' });
    const texts: string[] = [];
    const choices = ['full', 'none'] as const;
    let round = 0;
    const prompter: Prompter = {
      ...agreeing({}),
      explain: (text) => void texts.push(text),
      select: ({ message, choices: offered, proposal }) => {
        if (message !== 'DHCP') return Promise.resolve(proposal);
        const wanted = choices[round++];
        return Promise.resolve(offered.find(({ value }) => value === wanted)?.value ?? proposal);
      },
      input: ({ message, proposal, faultOf }) => {
        if (message === 'HTTP port') {
          assert.match(faultOf('8080') ?? '', /TCP port 8080 .* is taken by other/);
          assert.match(faultOf('7077') ?? '', /engines/);
          assert.equal(faultOf('8081'), null);
        }
        return Promise.resolve(proposal);
      },
    };
    const portHolders = [holder('udp', 67), holder('tcp', 8080)];
    const environment = sampleEnvironment({ portHolders, isUpdate: true });
    const answers = await resolveAnswers(environment, prompter, {});
    assert.deepEqual(answers.dhcp, { type: 'none' });
    assert.match(
      texts.join('\n'),
      /UDP port 67 \(DHCP\) is taken by other \(process 7\), at \*\. Stop/,
    );
  });

  test('settling the answers asks for the password until it was typed the same twice', async () => {
    const typed = ['one-password', 'another-one', 'third-password', 'third-password'];
    const prompter: Prompter = {
      ...agreeing({}),
      password: () => Promise.resolve(typed.shift() ?? ''),
    };
    const answers = await resolveAnswers(sampleEnvironment(), prompter, {});
    assert.equal(answers.operator?.secret.type, 'password');
    assert.deepEqual(answers.operator.secret, { type: 'password', password: 'third-password' });
    assert.deepEqual(typed, []);
  });

  test('settling the answers: an update asks with what is there as defaults, and asks for no operator', async () => {
    const site = siteFromAnswers({ ...SAMPLE_ANSWERS, httpPort: 8080 }, 24, null);
    const asked: string[] = [];
    const answers = await resolveAnswers(
      sampleEnvironment({ isUpdate: true }),
      agreeing({}, asked),
      answersFromSite(site),
    );
    assert.deepEqual(siteFromAnswers(answers, 24, site), site);
    assert.equal(answers.operator, null);
    assert.equal(answers.automaticRegistration, null);
    assert.ok(!asked.includes("Operator's name"));
  });
});

describe('the site of the answers', () => {
  test('a site gives the answers that give the site', () => {
    const answers = {
      ...SAMPLE_ANSWERS,
      otherSubnets: [
        {
          name: 'room-2',
          interfaceName: 'eth0',
          serverAddress: '192.168.1.5',
          networkAddress: '192.168.1.0',
          prefixLength: 24,
          relayed: false,
          dhcp: { type: 'none' } as const,
        },
      ],
    };
    const site = siteFromAnswers(answers, 24, null);
    assert.equal(site.subnets[0]?.networkAddress, '10.77.0.0');
    const again = siteFromAnswers({ ...answers, ...required(answersFromSite(site)) }, 24, site);
    assert.deepEqual(again, site);
  });

  test('the site of the answers keeps the name that somebody gave the main subnet', () => {
    const site = siteFromAnswers(SAMPLE_ANSWERS, 24, null);
    const [main] = site.subnets;
    assert.ok(main !== undefined);
    const renamed = { ...site, subnets: [{ ...main, name: 'east-wing' }] };
    assert.equal(siteFromAnswers(SAMPLE_ANSWERS, 24, renamed).subnets[0]?.name, 'east-wing');
  });
});

describe('the prompter on a terminal', () => {
  test('the prompter on a terminal hands on what is typed, and never shows a password', async () => {
    let shown = '';
    // inquirer ends the output it is given after each question, unless it is the terminal's.
    const typing = async <T>(
      ask: (prompter: Prompter) => Promise<T>,
      prompt: string,
      keys: string,
    ): Promise<T> => {
      const input = new PassThrough();
      const output = new PassThrough();
      output.setEncoding('utf8').on('data', (text: string) => (shown += text));
      const answer = ask(
        makePrompter({ input, output }, { signal: new AbortController().signal, hint: '' }),
      );
      const deadline = Date.now() + 10_000;
      while (!shown.includes(prompt)) {
        assert.ok(Date.now() < deadline, shown);
        await new Promise((resolve) => setImmediate(resolve));
      }
      input.write(keys);
      return answer;
    };
    const faultOf = (text: string): string | null => (text.length < 4 ? 'too short' : null);
    const choices = ['a', 'b'].map((value) => ({ value, name: value, description: '' }));
    const name = await typing(
      (prompter) => prompter.input({ message: 'Name?', proposal: 'operator', faultOf }),
      'Name?',
      '\r',
    );
    assert.equal(name, 'operator');
    const isSure = await typing(
      (prompter) => prompter.confirm({ message: 'Sure?', proposal: false }),
      'Sure?',
      'y\r',
    );
    assert.equal(isSure, true);
    const secret = await typing(
      (prompter) => prompter.password({ message: 'Secret?', faultOf }),
      'Secret?',
      'geheim\r',
    );
    assert.equal(secret, 'geheim');
    const chosen = await typing(
      (prompter) => prompter.select({ message: 'Which?', choices, proposal: 'b' }),
      'Which?',
      '\r',
    );
    assert.equal(chosen, 'b');
    assert.ok(!shown.includes('geheim'));
  });
});

/** Without what is undefined. */
function required(answers: GivenAnswers): Partial<typeof SAMPLE_ANSWERS> {
  return Object.fromEntries(Object.entries(answers).filter(([, value]) => value !== undefined));
}
