/** Names of many hosts by a rule: prefix, first number, step; every change is seen before it is made. */

import { conflictsOf, LAST_NAME_NUMBER, namesByRule } from '../../lib/rules/host-names.ts';
import type { HostId } from '../../lib/model/ids.ts';
import type { Model } from '../model.ts';
import {
  changeLines,
  faultText,
  refusalForChanges,
  type PlannedChange,
} from '../presentation/hosts/change-preview.ts';
import { newForm, textField, valueOf, type Form } from '../values/form.ts';
import { formScreen } from '../components/form-screen.ts';
import { hostsOf } from '../presentation/hosts/chosen-hosts.ts';
import { wholeOf } from '../components/text-checks.ts';
import { followUp, push, request } from '../actions.ts';
import { textsOf } from '../text/catalogue.ts';
import type { Action, ScreenStates } from '../screen-states.ts';

type NameRule = ScreenStates['name-rule'];

export const NAME_RULE = formScreen<NameRule>({
  title: ({ hostIds }, { language }) => textsOf(language).hosts.namesTitle(hostIds.length),
  checks: { start: checkNumber, step: checkStep },
  intro: ({ language }) => textsOf(language).hosts.namesIntro,
  outcome: (state, model) => changeLines(plannedNames(state, model), model),
  label: ({ language }) => textsOf(language).hosts.rename,
  help: ({ language }) => textsOf(language).hosts.renameHelp,
  disabledReason: (state, model) => refusalForChanges(plannedNames(state, model), model),
  submit: ({ hostIds, form }, model) => {
    const texts = textsOf(model.language).hosts;
    const hosts = hostsOf(hostIds, model);
    const names = namesByRule(ruleOf(form), hosts.length);
    const changes = hosts.flatMap(({ id }, index) => {
      const name = names[index];
      return name === undefined || name === null ? [] : [{ host: id, name }];
    });
    const then = followUp('hosts-named', {});
    return [request(texts.renaming(hosts.length), 'host.editMany', { changes }, then)];
  },
});

/** The hosts get their names in this order. */
export function openNameRule(hostIds: readonly HostId[], model: Model): Action {
  const texts = textsOf(model.language).hosts;
  const form = newForm([
    textField('prefix', texts.prefix, 'WS-', 60),
    textField('start', texts.firstNumber, '010', 3),
    textField('step', texts.step, '10', 4),
  ]);
  return push('name-rule', { hostIds, form, first: 0 });
}

function checkNumber(text: string, _: NameRule, { language }: Model): string | null {
  const texts = textsOf(language).hosts;
  return /^\d{1,3}$/.test(text) ? null : texts.numberExpected(LAST_NAME_NUMBER);
}

function checkStep(text: string, _: NameRule, { language }: Model): string | null {
  const isStep = /^-?\d{1,3}$/.test(text) && Number(text) !== 0;
  return isStep ? null : textsOf(language).hosts.stepExpected;
}

function plannedNames({ hostIds, form }: NameRule, model: Model): PlannedChange[] {
  const hosts = hostsOf(hostIds, model);
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
