/** Entering a host by hand, and changing what is stored of one. */

import { z } from 'zod';
import { conflictsOf } from '../../lib/rules/host-names.ts';
import { LocalBoot, type HostView } from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import { Hostname, MacAddress } from '../../lib/model/names.ts';
import type { Model } from '../model.ts';
import { faultText } from '../presentation/hosts/change-preview.ts';
import { formDialog } from '../components/form-dialog.ts';
import {
  choiceField,
  newForm,
  textField,
  valueOf,
  type Field,
  type Form,
} from '../components/form.ts';
import { checkWith } from '../components/text-checks.ts';
import { request } from '../requests.ts';
import type { Action } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';

const NO_GROUP = '';

export function addHostDialog(model: Model): Action {
  const texts = textsOf(model.language).hosts;
  return {
    type: 'push',
    screen: formDialog({
      name: 'host-add',
      title: texts.addTitle,
      intro: [texts.addIntro],
      label: texts.addVerb,
      form: newForm([
        macField('', null, model),
        nameField('', null, model),
        addressField('', null, model),
        groupField(null, model),
      ]),
      submit: (form) => {
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
        return [
          request(texts.adding(name === '' ? mac : name), 'host.add', params, (host) => [
            { type: 'notice', text: texts.added(host.name), isBad: false },
          ]),
        ];
      },
    }),
  };
}

export function editHostDialog(host: HostView, model: Model): Action {
  const texts = textsOf(model.language).hosts;
  const serial = textField('serial', texts.serial, host.serialNumber ?? '', { mostCharacters: 64 });
  return {
    type: 'push',
    screen: formDialog({
      name: 'host-edit',
      title: texts.editTitle(host.name),
      intro: [],
      label: texts.save,
      form: newForm([
        nameField(host.name, host, model),
        addressField(host.ipAddress ?? '', host, model),
        groupField(host.groupId, model),
        macField(host.mac, host, model),
        serial,
        localBootField(host.localBoot, model),
      ]),
      submit: (form) => {
        const changes = changesOf(form, host);
        if (Object.keys(changes).length === 0) {
          return [{ type: 'notice', text: texts.nothingChanges, isBad: false }];
        }
        return [
          request(texts.saving(host.name), 'host.edit', { host: host.id, ...changes }, (edited) => [
            { type: 'notice', text: texts.saved(edited.name), isBad: false },
          ]),
        ];
      },
    }),
  };
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
function changesOf(form: Form, host: HostView): HostChanges {
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

function nameField(text: string, host: HostView | null, model: Model): Field {
  return textField('name', textsOf(model.language).hosts.nameField, text, {
    mostCharacters: 63,
    check: (name) => {
      if (name === '' && host === null) return null;
      return checkWith(Hostname, name) ?? takenBy({ name }, host, model);
    },
  });
}

function addressField(text: string, host: HostView | null, model: Model): Field {
  const texts = textsOf(model.language).hosts;
  return textField('address', texts.addressField, text, {
    mostCharacters: 15,
    check: (ipAddress) => {
      if (ipAddress === '') return null;
      if (!z.ipv4().safeParse(ipAddress).success) return texts.addressExpected;
      return takenBy({ ipAddress }, host, model);
    },
  });
}

function macField(text: string, host: HostView | null, model: Model): Field {
  const texts = textsOf(model.language).hosts;
  return textField('mac', texts.macField, text, {
    mostCharacters: 17,
    check: (typed) => {
      const parsed = MacAddress.safeParse(typed);
      if (!parsed.success) return texts.macExpected;
      const other = model.hosts.find(({ id, mac }) => mac === parsed.data && id !== host?.id);
      return other === undefined ? null : texts.conflicts.taken(other.name);
    },
  });
}

function groupField(groupId: string | null, model: Model): Field {
  const texts = textsOf(model.language).hosts;
  return choiceField(
    'group',
    texts.groupField,
    [
      { value: NO_GROUP, label: texts.noGroup, whyNot: null },
      ...model.groups.map(({ id, name }) => ({ value: id, label: name, whyNot: null })),
    ],
    groupId ?? NO_GROUP,
  );
}

function localBootField(localBoot: LocalBoot, model: Model): Field {
  const texts = textsOf(model.language).hosts;
  return choiceField(
    'localBoot',
    texts.localBootField,
    LocalBoot.options.map((value) => ({ value, label: texts.localBoots[value], whyNot: null })),
    localBoot,
  );
}

/** Whether another host has the name or the address; `host` is null for a new one. */
function takenBy(
  change: { readonly name?: string; readonly ipAddress?: string },
  host: HostView | null,
  model: Model,
): string | null {
  const id: HostId | null = host?.id ?? null;
  if (id !== null)
    return faultText(conflictsOf(model.hosts, [{ host: id, ...change }])[0] ?? null, model);
  const other = model.hosts.find(
    ({ name, ipAddress }) =>
      name.toLowerCase() === change.name?.toLowerCase() ||
      (change.ipAddress !== undefined && ipAddress === change.ipAddress),
  );
  return other === undefined ? null : textsOf(model.language).hosts.conflicts.taken(other.name);
}
