/** Entering a host by hand, and changing what is stored of one. */

import { z } from 'zod';
import { conflictsOf } from '../../lib/rules/host-names.ts';
import { LocalBoot, type HostView } from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import { Hostname, MacAddress } from '../../lib/model/names.ts';
import type { DisabledReason } from '../disabled-reason.ts';
import type { Model } from '../model.ts';
import { faultText } from '../presentation/hosts/change-preview.ts';
import { formDialog } from '../components/form-dialog.ts';
import { choiceField, newForm, textField, valueOf, type Field, type Form } from '../values/form.ts';
import { checkWith } from '../components/text-checks.ts';
import { followUp, notice, push, request } from '../actions.ts';
import { textsOf } from '../text/catalogue.ts';
import type { Action, EditedHost, ScreenStates } from '../screen-states.ts';

const NO_GROUP = '';

export const HOST_ADD = formDialog<ScreenStates['host-add']>({
  title: (_, { language }) => textsOf(language).hosts.addTitle,
  intro: ({ language }) => [textsOf(language).hosts.addIntro],
  label: (_, { language }) => textsOf(language).hosts.addVerb,
  checks: {
    name: (text, _, model) => checkName(text, null, model),
    address: (text, _, model) => checkAddress(text, null, model),
    mac: (text, _, model) => checkMac(text, null, model),
  },
  submit: ({ form }, { language }) => {
    const mac = valueOf(form, 'mac').trim();
    const name = valueOf(form, 'name');
    const ipAddress = valueOf(form, 'address');
    const group = valueOf(form, 'group');
    const params = {
      mac,
      ...(name === '' ? {} : { name }),
      ...(ipAddress === '' ? {} : { ipAddress }),
      ...(group === NO_GROUP ? {} : { group }),
    };
    const title = textsOf(language).hosts.adding(name === '' ? mac : name);
    return [request(title, 'host.add', params, followUp('host-added', {}))];
  },
});

export function addHost(model: Model): Action {
  const texts = textsOf(model.language).hosts;
  const form = newForm([
    textField('mac', texts.macField, '', 17),
    textField('name', texts.nameField, '', 63),
    textField('address', texts.addressField, '', 15),
    groupField(null, model),
  ]);
  return push('host-add', { form });
}

export const HOST_EDIT = formDialog<ScreenStates['host-edit']>({
  title: ({ host }, { language }) => textsOf(language).hosts.editTitle(host.name),
  label: (_, { language }) => textsOf(language).hosts.save,
  checks: {
    name: (text, { host }, model) => checkName(text, host.id, model),
    address: (text, { host }, model) => checkAddress(text, host.id, model),
    mac: (text, { host }, model) => checkMac(text, host.id, model),
  },
  submit: ({ form, host }, { language }) => {
    const texts = textsOf(language).hosts;
    const changes = changesOf(form, host);
    if (Object.keys(changes).length === 0) return [notice(texts.nothingChanges)];
    const params = { host: host.id, ...changes };
    return [request(texts.saving(host.name), 'host.edit', params, followUp('host-saved', {}))];
  },
});

export function editHost(host: HostView, model: Model): Action {
  const texts = textsOf(model.language).hosts;
  const { id, name, mac, ipAddress, groupId, serialNumber, localBoot } = host;
  const form = newForm([
    textField('name', texts.nameField, name, 63),
    textField('address', texts.addressField, ipAddress ?? '', 15),
    groupField(groupId, model),
    textField('mac', texts.macField, mac, 17),
    textField('serial', texts.serial, serialNumber ?? '', 64),
    localBootField(localBoot, model),
  ]);
  const before = { id, name, mac, ipAddress, groupId, serialNumber, localBoot };
  return push('host-edit', { form, host: before });
}

type HostChanges = {
  readonly name?: string;
  readonly mac?: string;
  readonly ipAddress?: string | null;
  readonly group?: string | null;
  readonly serialNumber?: string | null;
  readonly localBoot?: LocalBoot;
};

/** Only what differs: what somebody else changes meanwhile stays. */
function changesOf(form: Form, host: EditedHost): HostChanges {
  const orNull = (text: string): string | null => (text === '' ? null : text);
  const wanted = {
    name: valueOf(form, 'name'),
    mac: MacAddress.parse(valueOf(form, 'mac')),
    ipAddress: orNull(valueOf(form, 'address')),
    group: orNull(valueOf(form, 'group')),
    serialNumber: orNull(valueOf(form, 'serial').trim()),
    localBoot: LocalBoot.parse(valueOf(form, 'localBoot')),
  };
  return {
    ...(wanted.name === host.name ? {} : { name: wanted.name }),
    ...(wanted.mac === host.mac ? {} : { mac: wanted.mac }),
    ...(wanted.ipAddress === host.ipAddress ? {} : { ipAddress: wanted.ipAddress }),
    ...(wanted.group === host.groupId ? {} : { group: wanted.group }),
    ...(wanted.serialNumber === host.serialNumber ? {} : { serialNumber: wanted.serialNumber }),
    ...(wanted.localBoot === host.localBoot ? {} : { localBoot: wanted.localBoot }),
  };
}

/** `id` is null for a new host. */
function checkName(name: string, id: HostId | null, model: Model): DisabledReason | null {
  if (name === '' && id === null) return null;
  return checkWith(Hostname, name) ?? takenBy({ name }, id, model);
}

function checkAddress(ipAddress: string, id: HostId | null, model: Model): string | null {
  if (ipAddress === '') return null;
  if (!z.ipv4().safeParse(ipAddress).success) {
    return textsOf(model.language).hosts.addressExpected;
  }
  return takenBy({ ipAddress }, id, model);
}

function checkMac(typed: string, hostId: HostId | null, model: Model): DisabledReason | null {
  const texts = textsOf(model.language).hosts;
  const wrong = checkWith(MacAddress, typed);
  if (wrong !== null) return wrong;
  const wanted = MacAddress.parse(typed);
  const other = model.hosts.find(({ id, mac }) => mac === wanted && id !== hostId);
  return other === undefined ? null : texts.conflicts.taken(other.name);
}

function groupField(groupId: string | null, model: Model): Field {
  const texts = textsOf(model.language).hosts;
  return choiceField(
    'group',
    texts.groupField,
    [
      { value: NO_GROUP, label: texts.noGroup, disabledReason: null },
      ...model.groups.map(({ id, name }) => ({ value: id, label: name, disabledReason: null })),
    ],
    groupId ?? NO_GROUP,
  );
}

function localBootField(localBoot: LocalBoot, model: Model): Field {
  const texts = textsOf(model.language).hosts;
  return choiceField(
    'localBoot',
    texts.localBootField,
    LocalBoot.options.map((value) => ({
      value,
      label: texts.localBoots[value],
      disabledReason: null,
    })),
    localBoot,
  );
}

/** Whether another host has the name or the address. */
function takenBy(
  change: { readonly name?: string; readonly ipAddress?: string },
  id: HostId | null,
  model: Model,
): string | null {
  if (id !== null)
    return faultText(conflictsOf(model.hosts, [{ host: id, ...change }])[0] ?? null, model);
  const other = model.hosts.find(
    ({ name, ipAddress }) =>
      name.toLowerCase() === change.name?.toLowerCase() ||
      (change.ipAddress !== undefined && ipAddress === change.ipAddress),
  );
  return other === undefined ? null : textsOf(model.language).hosts.conflicts.taken(other.name);
}
