/** Deploying, fourth step: the way to the hosts, waking, and what they do afterwards. */

import { TransportChoice } from '../../../lib/model/operations/deploy.ts';
import type { Model } from '../../model.ts';
import { afterwardsField, afterwardsIn } from '../../presentation/tasks/afterwards-field.ts';
import { wrap } from '../../components/dialog.ts';
import { checkboxField, choiceField, isOn, newForm, refused, valueOf } from '../../values/form.ts';
import {
  gatherField,
  gatherMsIn,
  momentAfter,
  UNTIL_CHECK,
  untilField,
  waitMsIn,
} from '../../presentation/tasks/wait-field.ts';
import { formScreen } from '../../components/form-screen.ts';
import { unfinishedRuns } from '../../presentation/hosts/host-condition.ts';
import { line, span, type Line } from '../../picture.ts';
import { textsOf } from '../../text/catalogue.ts';
import { bytesText } from '../../../lib/text/quantities.ts';
import { gatherMs, imageOf, isMulticast, offHosts, targetsOf } from './plan.ts';
import { push } from '../../actions.ts';
import { checkOf } from '../../components/form-commands.ts';
import type { Action, DeployPlan, ScreenStates, TargetDisks } from '../../screen-states.ts';

type Note = readonly [text: string, style: 'plain' | 'warn'];

type DeployOptions = ScreenStates['deploy-options'];

export const DEPLOY_OPTIONS = formScreen<DeployOptions>({
  title: ({ targets }, model) => {
    const name = imageOf(targets, model)?.image.name ?? '';
    return textsOf(model.language).deploy.optionsTitle(name);
  },
  checks: UNTIL_CHECK,
  intro: ({ language }) => textsOf(language).deploy.optionsIntro,
  outcome: (state, model, width) => {
    const isRight = refused(state.form, checkOf(UNTIL_CHECK, state, model)) === null;
    return isRight ? explanation(planOf(state, model), model, width) : [];
  },
  label: ({ language }) => textsOf(language).deploy.next,
  help: ({ language }) => textsOf(language).deploy.optionsHelp,
  disabledReason: ({ targets }, model) =>
    imageOf(targets, model) === null ? textsOf(model.language).deploy.imageGone : null,
  submit: (state, model) => [push('deploy-summary', { plan: planOf(state, model), first: 0 })],
});

export function openDeployOptions(targets: TargetDisks, model: Model): Action {
  const texts = textsOf(model.language).deploy;
  const off = offHosts(targets, model).length;
  const isWoken = model.settings?.deployWake ?? true;
  const form = newForm([
    choiceField(
      'transport',
      texts.transport,
      TransportChoice.options.map((value) => ({
        value,
        label: texts.transports[value],
        disabledReason: null,
      })),
    ),
    ...(off === 0 ? [] : [checkboxField('wake', texts.wake(off), isWoken)]),
    afterwardsField(model),
    ...(targets.hostIds.length > 1 ? [gatherField(null, model)] : []),
    untilField(model),
  ]);
  return push('deploy-options', { targets, form, first: 0 });
}

function planOf({ targets, form }: DeployOptions, model: Model): DeployPlan {
  const hasWake = form.fields.some(({ name }) => name === 'wake');
  return {
    ...targets,
    transport: TransportChoice.parse(valueOf(form, 'transport')),
    chosenGatherMs: gatherMsIn(form),
    wake: hasWake && isOn(form, 'wake'),
    waitMs: waitMsIn(form, model),
    afterwards: afterwardsIn(form),
  };
}

/** What the choices come to, and what can go wrong with them. */
function explanation(plan: DeployPlan, model: Model, width: number): Line[] {
  const texts = textsOf(model.language).deploy;
  const count = plan.hostIds.length;
  const bytes = imageOf(plan, model)?.version.storedBytes ?? 0;
  const size = bytesText(bytes, model);
  const off = offHosts(plan, model).length;
  const way = isMulticast(plan)
    ? count === 1
      ? texts.explainMulticastOne
      : texts.explainMulticast(count, size)
    : count === 1
      ? texts.explainUnicastOne(size)
      : texts.explainUnicast(count, size, bytesText(bytes * count, model));
  const isPoor = !isMulticast(plan) && count > 1;
  const notes: Note[] = [[way, isPoor ? 'warn' : 'plain']];
  if (off > 0) {
    notes.push(plan.wake ? [texts.explainWake(off), 'plain'] : [texts.explainNoWake(off), 'warn']);
  }
  const busy = targetsOf(plan, model).filter(({ id }) => unfinishedRuns(id, model) > 0).length;
  if (busy > 0) notes.push([texts.explainBusy(busy), 'warn']);
  if (off + busy > 0) notes.push([texts.explainUntil(momentAfter(plan.waitMs, model)), 'plain']);
  if (isMulticast(plan) && count > 1) {
    notes.push([texts.explainGather(gatherMs(plan) / 60_000), 'plain']);
  }
  notes.push([texts.explainAfterwards[plan.afterwards ?? 'stay'], 'plain']);
  return notes.flatMap(([text, style]) => [
    ...wrap(text, Math.min(100, width - 5)).map((part, index) =>
      line(span(index === 0 ? ' - ' : '   ', 'dim'), span(part, style)),
    ),
  ]);
}
