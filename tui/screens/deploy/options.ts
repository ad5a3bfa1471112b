/** Deploying, fourth step: the way to the hosts, waking, and what they do afterwards. */

import { TransportChoice } from '../../../lib/model/operations/deploy.ts';
import type { Model } from '../../model.ts';
import { afterwardsField, afterwardsIn } from '../../presentation/tasks/afterwards-field.ts';
import { wrap } from '../../components/dialog.ts';
import {
  checkboxField,
  choiceField,
  isOn,
  newForm,
  refused,
  valueOf,
  type Form,
} from '../../components/form.ts';
import {
  gatherField,
  gatherMsIn,
  momentAfter,
  untilField,
  waitMsIn,
} from '../../presentation/tasks/wait-field.ts';
import { formScreen } from '../../components/form-screen.ts';
import { unfinishedRuns } from '../../presentation/hosts/host-condition.ts';
import { line, span, type Line } from '../../picture.ts';
import type { Screen } from '../../screen.ts';
import { textsOf } from '../../text/catalogue.ts';
import { bytesText } from '../../../lib/text/quantities.ts';
import {
  gatherMs,
  imageOf,
  isMulticast,
  offHosts,
  targetsOf,
  type Plan,
  type TargetDisks,
} from './plan.ts';
import { deploySummaryScreen } from './summary.ts';

type Note = readonly [text: string, style: 'plain' | 'warn'];

export function deployOptionsScreen(targets: TargetDisks, model: Model): Screen {
  const texts = textsOf(model.language).deploy;
  const off = offHosts(targets, model).length;
  return formScreen({
    name: 'deploy-options',
    title: (now) => {
      const name = imageOf(targets, now)?.image.name ?? '';
      return textsOf(now.language).deploy.optionsTitle(name);
    },
    form: newForm([
      choiceField(
        'transport',
        texts.transport,
        TransportChoice.options.map((value) => ({
          value,
          label: texts.transports[value],
          whyNot: null,
        })),
      ),
      ...(off === 0
        ? []
        : [checkboxField('wake', texts.wake(off), model.settings?.deployWake ?? true)]),
      afterwardsField(model),
      ...(targets.hostIds.length > 1 ? [gatherField(null, model)] : []),
      untilField(model),
    ]),
    intro: (_, { language }) => textsOf(language).deploy.optionsIntro,
    outcome: (form, now, width) =>
      refused(form) === null ? explanation(planOf(targets, form, now), now, width) : [],
    label: ({ language }) => textsOf(language).deploy.next,
    help: ({ language }) => textsOf(language).deploy.optionsHelp,
    whyNot: (_, now) =>
      imageOf(targets, now) === null ? textsOf(now.language).deploy.imageGone : null,
    submit: (form, now) => [
      { type: 'push', screen: deploySummaryScreen(planOf(targets, form, now)) },
    ],
  });
}

function planOf(targets: TargetDisks, form: Form, model: Model): Plan {
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
function explanation(plan: Plan, model: Model, width: number): Line[] {
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
