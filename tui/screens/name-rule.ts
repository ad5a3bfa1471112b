/** Names of many hosts by a rule: prefix, first number, step; every change is seen before it is made. */

import { conflictsOf, LAST_NAME_NUMBER, namesByRule } from '../../lib/rules/host-names.ts';
import type { HostId } from '../../lib/model/ids.ts';
import type { Model } from '../model.ts';
import {
  changeLines,
  faultText,
  whyNotChange,
  type PlannedChange,
} from '../presentation/hosts/change-preview.ts';
import { newForm, textField, valueOf, type Form } from '../components/form.ts';
import { formScreen } from '../components/form-screen.ts';
import { hostsOf } from '../presentation/hosts/chosen-hosts.ts';
import { wholeOf } from '../components/text-checks.ts';
import { request } from '../requests.ts';
import type { Screen } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';

/** The hosts get their names in this order. */
export function nameRuleScreen(hostIds: readonly HostId[], model: Model): Screen {
  const texts = textsOf(model.language).hosts;
  return formScreen({
    name: 'name-rule',
    title: ({ language }) => textsOf(language).hosts.namesTitle(hostIds.length),
    form: newForm([
      textField('prefix', texts.prefix, 'WS-', { mostCharacters: 60 }),
      textField('start', texts.firstNumber, '010', { mostCharacters: 3, check: checkNumber }),
      textField('step', texts.step, '10', { mostCharacters: 4, check: checkStep }),
    ]),
    intro: (_, { language }) => textsOf(language).hosts.namesIntro,
    outcome: (form, now) => changeLines(plannedNames(hostIds, form, now), now),
    label: ({ language }) => textsOf(language).hosts.rename,
    help: ({ language }) => textsOf(language).hosts.renameHelp,
    whyNot: (form, now) => whyNotChange(plannedNames(hostIds, form, now), now),
    submit: (form, now) => {
      const { hosts: words } = textsOf(now.language);
      const hosts = hostsOf(hostIds, now);
      const names = namesByRule(ruleOf(form), hosts.length);
      const changes = hosts.flatMap(({ id }, index) => {
        const name = names[index];
        return name === undefined || name === null ? [] : [{ host: id, name }];
      });
      return [
        request(words.renaming(hosts.length), 'host.editMany', { changes }, (changed) => [
          { type: 'close', name: 'name-rule' },
          { type: 'notice', text: words.renamed(changed.length), isBad: false },
        ]),
      ];
    },
  });

  function checkNumber(text: string): string | null {
    return /^\d{1,3}$/.test(text) ? null : texts.numberExpected(LAST_NAME_NUMBER);
  }

  function checkStep(text: string): string | null {
    return /^-?\d{1,3}$/.test(text) && Number(text) !== 0 ? null : texts.stepExpected;
  }
}

function plannedNames(ids: readonly HostId[], form: Form, model: Model): PlannedChange[] {
  const hosts = hostsOf(ids, model);
  const names = namesByRule(ruleOf(form), hosts.length);
  const changes = hosts.map(({ id, name }, index) => ({ host: id, name: names[index] ?? name }));
  const conflicts = conflictsOf(model.hosts, changes);
  return hosts.map(({ name }, index) => {
    const to = names[index] ?? null;
    const fault =
      to === null
        ? textsOf(model.language).hosts.conflicts.noNumber(LAST_NAME_NUMBER)
        : faultText(conflicts[index] ?? null, model);
    return { host: name, from: name, to, fault };
  });
}

function ruleOf(form: Form): Parameters<typeof namesByRule>[0] {
  return {
    prefix: valueOf(form, 'prefix'),
    start: wholeOf(valueOf(form, 'start')),
    step: wholeOf(valueOf(form, 'step')),
  };
}
