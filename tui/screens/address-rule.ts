/** Addresses of many hosts by a rule: the first one and a step, inside its last octet. */

import { z } from 'zod';
import { addressesByRule, conflictsOf } from '../../lib/rules/host-names.ts';
import type { HostId } from '../../lib/model/ids.ts';
import type { Model } from '../model.ts';
import {
  changeLines,
  faultText,
  whyNotChange,
  type PlannedChange,
} from '../presentation/hosts/change-preview.ts';
import { newForm, textField, valueOf, type Form } from '../components/form.ts';
import { hostsOf } from '../presentation/hosts/chosen-hosts.ts';
import { formScreen } from '../components/form-screen.ts';
import { wholeOf } from '../components/text-checks.ts';
import { request } from '../requests.ts';
import type { Screen } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';

/** The hosts get their addresses in this order. */
export function addressRuleScreen(hostIds: readonly HostId[], model: Model): Screen {
  const texts = textsOf(model.language).hosts;
  return formScreen({
    name: 'address-rule',
    title: ({ language }) => textsOf(language).hosts.addressesTitle(hostIds.length),
    form: newForm([
      textField('start', texts.firstAddress, proposalFor(hostIds, model), {
        mostCharacters: 15,
        check: (text) => (z.ipv4().safeParse(text).success ? null : texts.addressExpected),
      }),
      textField('step', texts.step, '1', {
        mostCharacters: 4,
        check: (text) =>
          /^-?\d{1,3}$/.test(text) && Number(text) !== 0 ? null : texts.stepExpected,
      }),
    ]),
    intro: (_, { language }) => textsOf(language).hosts.addressesIntro,
    outcome: (form, now) => changeLines(plannedAddresses(hostIds, form, now), now),
    label: ({ language }) => textsOf(language).hosts.setAddresses,
    help: ({ language }) => textsOf(language).hosts.setAddressesHelp,
    whyNot: (form, now) => whyNotChange(plannedAddresses(hostIds, form, now), now),
    submit: (form, now) => {
      const { hosts: words } = textsOf(now.language);
      const hosts = hostsOf(hostIds, now);
      const addresses = addressesByRule(ruleOf(form), hosts.length);
      const changes = hosts.flatMap(({ id }, index) => {
        const ipAddress = addresses[index];
        return ipAddress === undefined || ipAddress === null ? [] : [{ host: id, ipAddress }];
      });
      return [
        request(words.settingAddresses(hosts.length), 'host.editMany', { changes }, (changed) => [
          { type: 'close', name: 'address-rule' },
          { type: 'notice', text: words.addressesSet(changed.length), isBad: false },
        ]),
      ];
    },
  });
}

/** What the first host has already, else the address it came from. */
function proposalFor(ids: readonly HostId[], model: Model): string {
  const [first] = hostsOf(ids, model);
  const known = first?.ipAddress ?? first?.address ?? '';
  return z.ipv4().safeParse(known).success ? known : '';
}

function plannedAddresses(ids: readonly HostId[], form: Form, model: Model): PlannedChange[] {
  const hosts = hostsOf(ids, model);
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
