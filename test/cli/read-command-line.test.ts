import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { commandTable } from '../../cli/command-table/table.ts';
import { helpTextsOf } from '../../cli/text/help/catalogue.ts';
import { helpOf, readCommandLine, type Globals } from '../../cli/read-command-line.ts';
import { OperatorError } from '../../lib/errors.ts';

const STYLE = { language: 'en', columns: 80 } as const;

type Read = { readonly path: string; readonly globals: Globals; readonly input: unknown };

async function read(line: string): Promise<Read> {
  const invocation = readCommandLine(wordsOf(line), STYLE);
  assert.ok(invocation.type === 'command', line);
  const { command, globals, entered } = invocation;
  const action = await command.load();
  return { path: command.path, globals, input: action.read(command, entered).input };
}

/** Words between spaces; '' is an empty one. */
function wordsOf(line: string): string[] {
  return line.split(' ').map((word) => (word === "''" ? '' : word));
}

async function refusal(line: string): Promise<OperatorError> {
  try {
    await read(line);
  } catch (error) {
    if (error instanceof OperatorError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: `"${line}" was accepted` });
}

const ONLY = { type: 'only' };
const TASK = 'task-0123456789';

describe('the command line', () => {
  const ACCEPTED: readonly (readonly [line: string, path: string, input: object])[] = [
    ['host list', 'host list', {}],
    ['host list --group room-1', 'host list', { group: 'room-1' }],
    ['host show 52:54:00:77:00:01', 'host show', { host: '52:54:00:77:00:01' }],
    [
      'host edit pc-1 --name pc-2 --mac 52-54-00-77-00-0A --group r --serial X1 --ip 10.0.0.1',
      'host edit',
      {
        host: 'pc-1',
        name: 'pc-2',
        mac: '52:54:00:77:00:0a',
        group: 'r',
        serial: 'X1',
        ip: '10.0.0.1',
      },
    ],
    [
      'host edit pc-1 --no-group --no-serial --no-ip',
      'host edit',
      { host: 'pc-1', group: null, serial: null, ip: null },
    ],
    ['host edit pc-1 --no-debug-shell', 'host edit', { host: 'pc-1', debugShell: false }],
    ['host edit pc-1 --debug-shell', 'host edit', { host: 'pc-1', debugShell: true }],
    [
      'host add 52-54-00-77-00-0A --name pc-2 --group r --ip 10.0.0.1',
      'host add',
      { mac: '52:54:00:77:00:0a', name: 'pc-2', group: 'r', ip: '10.0.0.1' },
    ],
    ['host approve pc-1 pc-2', 'host approve', { hosts: ['pc-1', 'pc-2'] }],
    ['host clear pc-1', 'host clear', { host: 'pc-1', yes: false }],
    ['settings', 'settings', {}],
    [
      'settings --automatic-registration on',
      'settings',
      { automaticRegistration: { automaticRegistration: true } },
    ],
    [
      'settings --automatic-registration 90m',
      'settings',
      { automaticRegistration: { automaticRegistrationMinutes: 90 } },
    ],
    [
      'settings --compression lzo --afterwards shutdown --deploy-wake off',
      'settings',
      { compression: 'lzo', afterwards: 'power-off', deployWake: false },
    ],
    ['settings --afterwards wait', 'settings', { afterwards: null }],
    ['boot refresh', 'boot refresh', {}],
    ['host delete pc-1 --yes', 'host delete', { host: 'pc-1', yes: true }],
    ['group list', 'group list', {}],
    ['group show room-1', 'group show', { group: 'room-1' }],
    ['group create room-1', 'group create', { name: 'room-1', hosts: [] }],
    ['group create room-1 a b', 'group create', { name: 'room-1', hosts: ['a', 'b'] }],
    [
      'group edit room-1 --name room-2 --add a b --remove c',
      'group edit',
      { group: 'room-1', name: 'room-2', add: ['a', 'b'], remove: ['c'] },
    ],
    ['group delete room-1', 'group delete', { group: 'room-1', yes: false }],
    ['image list', 'image list', {}],
    ['image show --by-hand win11', 'image show', { image: 'win11', byHand: true }],
    [
      'image layout win11 pc-01 --disk sda',
      'image layout',
      { image: 'win11', host: 'pc-01', disk: { type: 'address', value: '/dev/sda' } },
    ],
    ['image verify win11 --all-versions', 'image verify', { image: 'win11', allVersions: true }],
    ['image rename win11 win12', 'image rename', { image: 'win11', newName: 'win12' }],
    ['image protect win11', 'image protect', { image: 'win11' }],
    ['image unprotect win11', 'image unprotect', { image: 'win11' }],
    ['image delete win11 -y', 'image delete', { image: 'win11', yes: true }],
    [
      'capture pc-1 --disk serial:S3Z8 --name win11',
      'capture',
      {
        host: 'pc-1',
        disk: { type: 'serial', value: 'S3Z8' },
        name: 'win11',
        compression: 'zstd',
        wake: false,
        detach: false,
      },
    ],
    [
      'capture pc-1 --disk only --name win11 --compression none --then reboot --detach',
      'capture',
      {
        host: 'pc-1',
        disk: ONLY,
        name: 'win11',
        compression: 'none',
        then: 'reboot',
        wake: false,
        detach: true,
      },
    ],
    [
      'deploy win11 --to room-1 pc-9 --to pc-10 --disk wwn:0x5 --transport multicast --wait 0 --then shutdown',
      'deploy',
      {
        image: 'win11',
        to: ['room-1', 'pc-9', 'pc-10'],
        disk: { type: 'wwn', value: '0x5' },
        transport: 'multicast',
        wait: 0,
        then: 'power-off',
        wake: false,
        detach: false,
        yes: false,
      },
    ],
    [
      'partition win11 --to room-1',
      'partition',
      { image: 'win11', to: ['room-1'], disk: ONLY, wake: false, detach: false, yes: false },
    ],
    ['status --watch', 'status', { watch: true }],
    ['task list', 'task list', { limit: 20 }],
    ['task list --limit 7', 'task list', { limit: 7 }],
    [`task show ${TASK}`, 'task show', { id: TASK }],
    [`task put-away ${TASK}`, 'task put-away', { id: TASK }],
    [`task cancel ${TASK} --host pc-1`, 'task cancel', { id: TASK, host: 'pc-1' }],
    ['session start session-0123456789', 'session start', { id: 'session-0123456789' }],
    [
      'shutdown room-1 pc-9',
      'shutdown',
      { targets: ['room-1', 'pc-9'], mode: 'power-off', detach: false },
    ],
    ['shutdown a --mode exit', 'shutdown', { targets: ['a'], mode: 'exit', detach: false }],
    [
      'server --data /tmp/x --socket /tmp/s --help',
      'server',
      { options: ['--data', '/tmp/x', '--socket', '/tmp/s', '--help'] },
    ],
    ['help host edit', 'help', { topic: ['host', 'edit'] }],
  ];

  for (const [line, path, input] of ACCEPTED) {
    test(`the command line understands "${line}"`, async () => {
      const { path: readPath, input: readInput } = await read(line);
      assert.equal(readPath, path);
      assert.deepEqual(readInput, input);
    });
  }

  const REFUSED: readonly (readonly [line: string, message: RegExp])[] = [
    ['hots', /unknown command 'hots'.*Did you mean host/],
    ['host list --goup x', /unknown option '--goup'.*Did you mean --group/],
    ['host list extra', /too many arguments/],
    ['host show', /missing required argument 'host'/],
    ['host edit pc-1 --name -x-', /reading --name "-x-": a host name has letters/],
    ['host edit pc-1 --mac 1234', /reading --mac "1234": not a MAC address/],
    ['host edit pc-1 --ip 300.1.1.1', /reading --ip "300.1.1.1": not an IPv4 address/],
    ['group create a/b', /reading NAME "a\/b": a name cannot contain a slash/],
    ["group create ''", /a name cannot be empty/],
    ["group create r ''", /reading HOSTS/],
    ['capture pc-1 --name win11', /required option '--disk <disk>' not specified/],
    ['capture pc-1 --disk only', /required option '--name <name>' not specified/],
    ['capture pc-1 --disk a*b --name x', /reading the disk "a\*b"/],
    ['capture pc-1 --disk only --name x --compression xz', /"xz": one of zstd, lzo, gzip, none/],
    ['capture pc-1 --disk only --name x --then sleep', /"sleep": one of shutdown, reboot, exit/],
    ['deploy win11', /required option '--to <target...>' not specified/],
    ['deploy --to room-1 win11', /missing required argument 'image'/],
    ['deploy win11 --to a --transport avian', /one of auto, multicast, unicast is expected/],
    ['deploy win11 --to a --wait soon', /reading --wait "soon": a whole number from 0 to 86400/],
    ['deploy win11 --to a --wait 86401', /a whole number from 0 to 86400/],
    ['task list --limit 0', /reading --limit "0": a whole number from 1 to 10000/],
    ['task show 17', /reading ID "17": not the id of a task/],
    ['session start task-0123456789', /reading ID "task-0123456789": not the id of a session/],
    ['shutdown', /missing required argument 'targets'/],
    ['shutdown a --mode sleep', /one of power-off, reboot, exit is expected/],
  ];

  for (const [line, message] of REFUSED) {
    test(`the command line refuses "${line}" and says what is expected`, async () => {
      const error = await refusal(line);
      assert.equal(error.code, 'bad-argument');
      assert.match(error.message, message);
      assert.notEqual(error.hint, '');
    });
  }

  test('the hint of a bad command line names the help of its command, also behind global options', async () => {
    for (const line of ['task show', '--language de task show', '--socket /s task show']) {
      assert.equal((await refusal(line)).hint, 'See `openclone task show --help`.', line);
    }
  });

  test('the command line takes global options before, between and after the words of a command', async () => {
    const expected: Globals = { socket: '/s', json: true, quiet: false, language: null };
    for (const line of [
      '--json --socket /s host list',
      'host --json --socket /s list',
      'host list --json --socket /s',
      '--socket /other host list --json --socket /s',
    ]) {
      assert.deepEqual((await read(line)).globals, expected, line);
    }
    assert.equal((await read('-q status')).globals.quiet, true);
  });

  test('the command line explains every command, and itself with exit status 2 when no command is named', () => {
    for (const { path } of commandTable(helpTextsOf('en'))) {
      assert.match(helpOf(path.split(' '), STYLE) ?? '', /^Usage: openclone /, path);
    }
    assert.deepEqual(
      ['', 'host'].map((line) => {
        const invocation = readCommandLine(line === '' ? [] : [line], STYLE);
        return invocation.type === 'help' ? invocation.exitStatus : invocation;
      }),
      [2, 2],
    );
    const asked = readCommandLine(['deploy', '--help'], STYLE);
    assert.ok(asked.type === 'help' && asked.exitStatus === 0);
    assert.ok(asked.text.split('\n').every((line) => line.length <= 80));
  });
});
