import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GroupId } from '../../../lib/model/ids.ts';
import {
  groupNamed,
  groupsByName,
  hostsByName,
  hostsNamed,
  targetsByName,
} from '../../../lib/rules/targets.ts';
import { sampleHost } from '../../server/store/sample-data.ts';

const ROOM = GroupId.parse('group-0000000001');
const TWIN = GroupId.parse('group-0000000002');
const HOSTS = [
  { ...sampleHost(1), name: 'pc-1', groupId: ROOM, ipAddress: '10.0.0.1' },
  { ...sampleHost(2), name: 'pc-2', groupId: ROOM, ipAddress: null },
  { ...sampleHost(3), name: 'Twin', groupId: null, ipAddress: '10.0.0.1' },
];
const GROUPS = [
  { id: ROOM, name: 'Lab Ä' },
  { id: TWIN, name: 'twin' },
];
const INVENTORY = { hosts: HOSTS, groups: GROUPS };
const [ONE, TWO, THREE] = HOSTS;
const targetNamed = targetsByName(INVENTORY);

test('a host is meant by its id, its name whatever its capitals, its MAC and its IP address', () => {
  assert.ok(TWO !== undefined);
  const dashed = TWO.mac.replaceAll(':', '-').toUpperCase();
  for (const reference of [TWO.id, 'PC-2', TWO.mac, dashed]) {
    assert.deepEqual(targetNamed(reference), { type: 'host', host: TWO }, reference);
  }
  assert.deepEqual(hostsNamed(HOSTS, '10.0.0.1'), [ONE, THREE]);
});

test('a group is meant by its id or its name, with the hosts that are in it', () => {
  for (const reference of [ROOM, 'lab ä', 'LAB Ä'.normalize('NFD')]) {
    const target = targetNamed(reference);
    assert.deepEqual(target, { type: 'group', group: GROUPS[0], hosts: [ONE, TWO] });
  }
  assert.equal(groupNamed(GROUPS, 'lab'), undefined);
});

test('a target that nothing is called, that two hosts share, or a host and a group, is none', () => {
  assert.deepEqual(targetNamed('pc-9'), { type: 'unknown' });
  assert.deepEqual(targetNamed('10.0.0.1'), {
    type: 'several-hosts',
    hosts: [ONE, THREE],
  });
  assert.deepEqual(targetNamed('twin'), {
    type: 'host-and-group',
    host: THREE,
    group: GROUPS[1],
  });
});

test('one reference means the same hosts and group, asked alone or among many', () => {
  const ofMany = { hosts: hostsByName(HOSTS), group: groupsByName(GROUPS) };
  const own = HOSTS.flatMap(({ id, name, mac, ipAddress }) => [id, name, mac, ipAddress ?? '']);
  const groups = GROUPS.flatMap(({ id, name }) => [id, name]);
  for (const reference of [...own, ...groups, 'TWIN', 'pc', '', '52-54', '__proto__']) {
    assert.deepEqual(ofMany.hosts(reference), hostsNamed(HOSTS, reference), reference);
    assert.deepEqual(ofMany.group(reference), groupNamed(GROUPS, reference), reference);
  }
});
