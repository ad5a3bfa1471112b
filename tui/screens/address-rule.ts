/** Addresses of many hosts by a rule: the first one and a step, inside its last octet. */

import { z } from 'zod';
import { addressesByRule, conflictsOf } from '../../lib/rules/host-names.ts';
import type { HostId } from '../../lib/model/ids.ts';
import type { Model } from '../model.ts';
import {
  changeLines,
  faultText,
  refusalForChanges,
  type PlannedChange,
} from '../presentation/hosts/change-preview.ts';
import { newForm, textField, valueOf, type Form } from '../values/form.ts';
import { hostsOf } from '../presentation/hosts/chosen-hosts.ts';
import { formScreen } from '../components/form-screen.ts';
import { wholeOf } from '../components/text-checks.ts';
import { followUp, push, request } from '../actions.ts';
import { textsOf } from '../text/catalogue.ts';
import type { Action, ScreenStates } from '../screen-states.ts';

type AddressRule = ScreenStates['address-rule'];

export const ADDRESS_RULE = formScreen<AddressRule>({
  title: ({ hostIds }, { language }) => textsOf(language).hosts.addressesTitle(hostIds.length),
  checks: {
    start: (text, _, { language }) =>
      z.ipv4().safeParse(text).success ? null : textsOf(language).hosts.addressExpected,
    step: (text, _, { language }) =>
      /^-?\d{1,3}$/.test(text) && Number(text) !== 0 ? null : textsOf(language).hosts.stepExpected,
  },
  intro: ({ language }) => textsOf(language).hosts.addressesIntro,
  outcome: (state, model) => changeLines(plannedAddresses(state, model), model),
  label: ({ language }) => textsOf(language).hosts.setAddresses,
  help: ({ language }) => textsOf(language).hosts.setAddressesHelp,
  disabledReason: (state, model) => refusalForChanges(plannedAddresses(state, model), model),
  submit: ({ hostIds, form }, model) => {
    const texts = textsOf(model.language).hosts;
    const hosts = hostsOf(hostIds, model);
    const addresses = addressesByRule(ruleOf(form), hosts.length);
    const changes = hosts.flatMap(({ id }, index) => {
      const ipAddress = addresses[index];
      return ipAddress === undefined || ipAddress === null ? [] : [{ host: id, ipAddress }];
    });
    const then = followUp('hosts-addressed', {});
    return [request(texts.settingAddresses(hosts.length), 'host.editMany', { changes }, then)];
  },
});

/** The hosts get their addresses in this order. */
export function openAddressRule(hostIds: readonly HostId[], model: Model): Action {
  const texts = textsOf(model.language).hosts;
  const form = newForm([
    textField('start', texts.firstAddress, proposalFor(hostIds, model), 15),
    textField('step', texts.step, '1', 4),
  ]);
  return push('address-rule', { hostIds, form, first: 0 });
}

/** What the first host has already, else the address it came from. */
function proposalFor(ids: readonly HostId[], model: Model): string {
  const [first] = hostsOf(ids, model);
  const known = first?.ipAddress ?? first?.address ?? '';
  return z.ipv4().safeParse(known).success ? known : '';
}

function plannedAddresses({ hostIds, form }: AddressRule, model: Model): PlannedChange[] {
  const hosts = hostsOf(hostIds, model);
  const addresses = addressesByRule(ruleOf(form), hosts.length);
  const changes = hosts.map(({ id, ipAddress }, index) => ({
    host: id,
    ipAddress: addresses[index] ?? ipAddress,
  }));
  const conflicts = conflictsOf(model.hosts, changes);
  return hosts.map(({ name, ipAddress }, index) => {
    const to = addresses[index] ?? null;
    const fault =
      to === null
        ? textsOf(model.language).hosts.conflicts.noAddress
        : faultText(conflicts[index] ?? null, model);
    return { host: name, from: ipAddress, to, fault };
  });
}

/** A start that is no address gives nothing. */
function ruleOf(form: Form): Parameters<typeof addressesByRule>[0] {
  const start = valueOf(form, 'start');
  const isAddress = z.ipv4().safeParse(start).success;
  return { start: isAddress ? start : '', step: wholeOf(valueOf(form, 'step')) };
}
