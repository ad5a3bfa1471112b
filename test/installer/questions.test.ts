import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import type { GivenAnswers } from '../../installer/answers.ts';
import { makePrompter, type Prompter } from '../../installer/prompter.ts';
import { settleAnswers } from '../../installer/questions/settle.ts';
import { answersFromSite, siteFromAnswers } from '../../installer/site-from-answers.ts';
import { SAMPLE_ANSWERS, sampleSurroundings } from './samples.ts';

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
  test('proposes to give addresses where nobody else does', async () => {
    const answers = await settleAnswers(sampleSurroundings(), null, { operator: null });
    assert.equal(answers.interfaceName, 'eth1');
    assert.deepEqual(answers.dhcp, {
      ...{ type: 'full', firstAddress: '10.77.0.128', lastAddress: '10.77.0.252' },
      ...{ router: '10.77.0.254', nameServers: ['10.77.0.253'], leaseSeconds: 3600 },
    });
    assert.equal(answers.onlyNetboot, false);
    assert.equal(answers.rootTransport, 'nfs');
    assert.equal(answers.nfsServer, 'kernel');
    assert.equal(answers.httpPort, 80);
  });

  test('adds to the answers of an existing DHCP server', async () => {
    const surroundings = sampleSurroundings({
      findDhcpServers: () =>
        Promise.resolve({ type: 'known', offering: ['10.77.0.254'], proxies: [] }),
    });
    const answers = await settleAnswers(surroundings, null, { operator: null });
    assert.deepEqual(answers.dhcp, { type: 'proxy' });
    assert.equal(answers.onlyNetboot, true);
  });

  test('gives no addresses when the network could not be asked', async () => {
    const surroundings = sampleSurroundings({
      findDhcpServers: () => Promise.resolve({ type: 'unknown', reason: 'port 68 is held' }),
    });
    const answers = await settleAnswers(surroundings, null, { operator: null });
    assert.deepEqual(answers.dhcp, { type: 'proxy' });
  });

  test('proposes a root file system in memory where the kernel serves no NFS', async () => {
    const surroundings = sampleSurroundings({ canServeNfs: false });
    const answers = await settleAnswers(surroundings, null, { operator: null });
    assert.equal(answers.rootTransport, 'ram');
    assert.equal(answers.nfsServer, 'none');
  });

  test('takes another HTTP port where 80 is taken', async () => {
    const surroundings = sampleSurroundings({
      portHolders: [{ protocol: 'tcp', address: '*', port: 80, process: null }],
    });
    assert.notEqual((await settleAnswers(surroundings, null, { operator: null })).httpPort, 80);
  });

  test('takes 80 where only an IPv6 address of it is held, which leaves it free for us', async () => {
    const surroundings = sampleSurroundings({
      portHolders: [{ protocol: 'tcp', address: '::1', port: 80, process: null }],
    });
    assert.equal((await settleAnswers(surroundings, null, { operator: null })).httpPort, 80);
  });

  test('asks nothing when nobody is there, and takes what is given', async () => {
    const given: GivenAnswers = { ...SAMPLE_ANSWERS, httpPort: 8080, kernelOptions: 'nomodeset' };
    assert.deepEqual(await settleAnswers(sampleSurroundings(), null, given), given);
  });

  test('does not ask the network when DHCP is settled already', async () => {
    const surroundings = sampleSurroundings({
      findDhcpServers: () => Promise.reject(new Error('asked')),
    });
    const answers = await settleAnswers(surroundings, null, SAMPLE_ANSWERS);
    assert.deepEqual(answers.dhcp, { type: 'proxy' });
  });

  test('what a person says counts, and later proposals follow from it', async () => {
    const prompter = agreeing({
      Interface: 'eth0',
      DHCP: 'full',
      "Operator's name": 'anna',
      'Password of anna': 'korrekt-pferd',
      'Once more': 'korrekt-pferd',
    });
    const answers = await settleAnswers(sampleSurroundings(), prompter, {});
    assert.equal(answers.serverAddress, '192.168.1.5');
    assert.deepEqual(answers.dhcp, {
      ...{ type: 'full', firstAddress: '192.168.1.128', lastAddress: '192.168.1.254' },
      // The default gateway is in another network.
      ...{ router: null, nameServers: ['10.77.0.253'], leaseSeconds: 3600 },
    });
    assert.deepEqual(answers.operator, {
      ...{ name: 'anna', secret: { type: 'password', password: 'korrekt-pferd' } },
    });
  });

  test('asks for the password until it was typed the same twice', async () => {
    const typed = ['one-password', 'another-one', 'third-password', 'third-password'];
    const prompter: Prompter = {
      ...agreeing({}),
      password: () => Promise.resolve(typed.shift() ?? ''),
    };
    const answers = await settleAnswers(sampleSurroundings(), prompter, {});
    assert.equal(answers.operator?.secret.type, 'password');
    assert.deepEqual(answers.operator.secret, { type: 'password', password: 'third-password' });
    assert.deepEqual(typed, []);
  });

  test('an update asks with what is there as defaults, and asks for no operator', async () => {
    const site = siteFromAnswers({ ...SAMPLE_ANSWERS, httpPort: 8080 }, 24, null);
    const asked: string[] = [];
    const answers = await settleAnswers(
      sampleSurroundings({ isUpdate: true }),
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
          ...{ name: 'room-2', interfaceName: 'eth0', serverAddress: '192.168.1.5' },
          ...{ networkAddress: '192.168.1.0', prefixLength: 24, relayed: false },
          dhcp: { type: 'none' } as const,
        },
      ],
    };
    const site = siteFromAnswers(answers, 24, null);
    assert.equal(site.subnets[0]?.networkAddress, '10.77.0.0');
    const again = siteFromAnswers({ ...answers, ...required(answersFromSite(site)) }, 24, site);
    assert.deepEqual(again, site);
  });

  test('keeps the name that somebody gave the main subnet', () => {
    const site = siteFromAnswers(SAMPLE_ANSWERS, 24, null);
    const [main] = site.subnets;
    assert.ok(main !== undefined);
    const renamed = { ...site, subnets: [{ ...main, name: 'east-wing' }] };
    assert.equal(siteFromAnswers(SAMPLE_ANSWERS, 24, renamed).subnets[0]?.name, 'east-wing');
  });
});

describe('the prompter on a terminal', () => {
  test('hands on what is typed, and never shows a password', async () => {
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
      const answer = ask(makePrompter({ input, output }));
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
      ...(['Name?', '\r'] as const),
    );
    assert.equal(name, 'operator');
    const isSure = await typing(
      (prompter) => prompter.confirm({ message: 'Sure?', proposal: false }),
      ...(['Sure?', 'y\r'] as const),
    );
    assert.equal(isSure, true);
    const secret = await typing(
      (prompter) => prompter.password({ message: 'Secret?', faultOf }),
      ...(['Secret?', 'geheim\r'] as const),
    );
    assert.equal(secret, 'geheim');
    const chosen = await typing(
      (prompter) => prompter.select({ message: 'Which?', choices, proposal: 'b' }),
      ...(['Which?', '\r'] as const),
    );
    assert.equal(chosen, 'b');
    assert.ok(!shown.includes('geheim'));
  });
});

/** Without what is undefined. */
function required(answers: GivenAnswers): Partial<typeof SAMPLE_ANSWERS> {
  return Object.fromEntries(Object.entries(answers).filter(([, value]) => value !== undefined));
}
