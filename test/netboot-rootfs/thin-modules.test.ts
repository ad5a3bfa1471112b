import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { run } from '../../lib/exec/run.ts';

const DATA = join(import.meta.dirname, '../../netboot-rootfs/data/base');

/** Modules and what they need, as depmod writes it. */
const MODULES: Readonly<Record<string, readonly string[]>> = {
  'kernel/drivers/net/ethernet/intel/ixgbe/ixgbe.ko.xz': ['kernel/net/xfrm/xfrm_algo.ko.xz'],
  'kernel/drivers/net/ethernet/intel/ice/ice.ko.xz': ['kernel/drivers/gnss/gnss.ko.xz'],
  'kernel/drivers/net/ethernet/intel/igc/igc.ko.xz': [],
  'kernel/drivers/gnss/gnss.ko.xz': [],
  'kernel/net/xfrm/xfrm_algo.ko.xz': [],
  'kernel/net/xfrm/xfrm_user.ko.xz': ['kernel/net/xfrm/xfrm_algo.ko.xz'],
  'kernel/net/bridge/bridge.ko.xz': ['kernel/net/llc/llc.ko.xz'],
  'kernel/net/bridges.ko.xz': [],
  'kernel/net/llc/llc.ko.xz': [],
  'kernel/drivers/platform/x86/toshiba_acpi.ko.xz': ['kernel/drivers/iio/industrialio.ko.xz'],
  'kernel/drivers/iio/industrialio.ko.xz': [],
  'kernel/lib/test_bpf.ko.xz': [],
};

type Tree = { readonly modules: string; readonly list: (name: string, text: string) => string };

function treeOf(t: TestContext): Tree {
  const directory = mkdtempSync(join(tmpdir(), 'openclone-modules-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const modules = join(directory, '6.12-test');
  for (const path of Object.keys(MODULES)) {
    mkdirSync(join(modules, dirname(path)), { recursive: true });
    writeFileSync(join(modules, path), '');
  }
  const lines = Object.entries(MODULES).map(([path, parts]) => `${path}: ${parts.join(' ')}\n`);
  writeFileSync(join(modules, 'modules.dep'), lines.join(''));
  return {
    modules,
    list: (name, text) => {
      writeFileSync(join(directory, name), text);
      return join(directory, name);
    },
  };
}

const UNNEEDED = `# a list
net/xfrm     # encryption
net/bridge
drivers/iio  # sensors
drivers/gnss
lib/test*.ko*
`;

async function thin(tree: Tree, required: string, ...lists: string[]): Promise<string[]> {
  const { stdout } = await run('sh', [
    join(DATA, 'thin-modules.sh'),
    tree.modules,
    tree.list('needed', 'drivers/net/  # the way to the server\n'),
    tree.list('required', required),
    ...lists,
  ]);
  const gone = stdout.trim().split('\n').sort();
  for (const path of Object.keys(MODULES)) {
    assert.equal(existsSync(join(tree.modules, path)), !gone.includes(path), path);
  }
  return gone;
}

describe('Modules', () => {
  test('Modules that a network card needs stay; others go with what they need', async (t) => {
    const tree = treeOf(t);
    assert.deepEqual(await thin(tree, 'ixgbe igc\n', tree.list('unneeded', UNNEEDED)), [
      'kernel/drivers/iio/industrialio.ko.xz',
      'kernel/drivers/platform/x86/toshiba_acpi.ko.xz',
      'kernel/lib/test_bpf.ko.xz',
      'kernel/net/bridge/bridge.ko.xz',
      'kernel/net/xfrm/xfrm_user.ko.xz',
    ]);
  });

  test('Modules of servers go with what only they need', async (t) => {
    const tree = treeOf(t);
    const lists = [
      tree.list('unneeded', UNNEEDED),
      tree.list('server', 'drivers/net/ethernet/intel/ice\n'),
    ];
    const gone = await thin(tree, '', ...lists);
    assert.ok(gone.includes('kernel/drivers/net/ethernet/intel/ice/ice.ko.xz'));
    assert.ok(gone.includes('kernel/drivers/gnss/gnss.ko.xz'));
    assert.ok(!gone.includes('kernel/net/xfrm/xfrm_algo.ko.xz'));
  });

  test('Modules that are required are never removed: nothing is', async (t) => {
    const tree = treeOf(t);
    const server = tree.list('server', 'drivers/net/ethernet/intel\n');
    await assert.rejects(thin(tree, '# cards\nigc r8169  # both\n', server), (error: Error) =>
      /would go: igc/.test(String(error.cause)),
    );
    for (const path of Object.keys(MODULES)) assert.ok(existsSync(join(tree.modules, path)));
  });
});

test('Cards that lost their driver are named by the patterns of their ids.', async (t) => {
  const tree = treeOf(t);
  const gone = tree.list(
    'gone',
    'kernel/drivers/net/ethernet/mellanox/mlx5/core/mlx5_core.ko.xz\nkernel/drivers/net/ethernet/qlogic/qed/qed-x.ko\nkernel/drivers/scsi/lpfc/lpfc.ko\n',
  );
  const aliases = tree.list(
    'aliases',
    'alias pci:v000015B3d00001017sv*sd*bc*sc*i* mlx5_core\nalias pci:v000010DFd0000F0A5sv*sd*bc*sc*i* lpfc\n' +
      'alias auxiliary:mlx5_core.eth mlx5_core\nalias pci:v00001077d00001634sv*sd*bc*sc*i* qed_x\nalias pci:v00008086d000015F3sv*sd*bc*sc*i* igc\n',
  );
  const { stdout } = await run('sh', [join(DATA, 'left-out-cards.sh'), gone, aliases]);
  assert.equal(
    stdout,
    'pci:v000015B3d00001017sv*sd*bc*sc*i* mlx5_core\npci:v00001077d00001634sv*sd*bc*sc*i* qed_x\n',
  );
});

test('Every list of what goes has one pattern a line, each of them once, and none that leads elsewhere.', () => {
  const linesOf = (name: string): string[] =>
    readFileSync(join(DATA, name), 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  for (const name of readdirSync(DATA).filter((each) => /^(unneeded|server)-.*\.txt$/.test(each))) {
    const entries = linesOf(name).map((line) => line.replace(/\s*#.*/, ''));
    assert.deepEqual(
      entries.filter(
        (entry, index) => entries.indexOf(entry) !== index || /\s|^\/|\.\./.test(entry),
      ),
      [],
      name,
    );
  }
});
