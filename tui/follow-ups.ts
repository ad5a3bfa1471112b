/** The follow-ups by name: what is done with an answer that says more than that the request is done. */

import { notice, push } from './actions.ts';
import type { Model } from './model.ts';
import { openRegistration } from './presentation/registration.ts';
import { taskTitle } from './presentation/tasks/task-title.ts';
import type { Answer } from './requests.ts';
import { FIRST_SCREEN, openSession, openTask, readOperators } from './screens/open.ts';
import { verificationDialog } from './screens/image-verification.ts';
import type { Action, FollowUp, FollowUpName, FollowUps, Then } from './screen-states.ts';
import { textsOf } from './text/catalogue.ts';

type Row<N extends FollowUpName> = (
  answer: Answer,
  params: FollowUps[N],
  model: Model,
) => readonly Action[];

const ROWS: { readonly [N in FollowUpName]: Row<N> } = {
  'task-started': (answer, { wizard, shows, started }, model) => {
    if (answer.method !== 'task.create') return [];
    const task = answer.result;
    return [
      ...wizard.map((name): Action => ({ type: 'close', name })),
      ...(shows === 'session' ? openSession(task) : openTask(task, model)),
      notice(textsOf(model.language)[started].started(taskTitle(task, model))),
    ];
  },
  'shutdown-started': (answer, _, model) => {
    if (answer.method !== 'task.create') return [];
    return [notice(textsOf(model.language).hosts.taskMade(taskTitle(answer.result, model)))];
  },
  'task-cancelled': (answer, _, model) =>
    answer.method === 'task.cancel'
      ? [notice(textsOf(model.language).tasks.cancelled(answer.result.cancelled.length))]
      : [],
  'hosts-woken': (answer, _, model) =>
    answer.method === 'host.wake'
      ? [notice(textsOf(model.language).hosts.woken(answer.result.waking.length))]
      : [],
  'host-added': (answer, _, model) =>
    answer.method === 'host.add'
      ? [notice(textsOf(model.language).hosts.added(answer.result.name))]
      : [],
  'host-saved': (answer, _, model) =>
    answer.method === 'host.edit'
      ? [notice(textsOf(model.language).hosts.saved(answer.result.name))]
      : [],
  'hosts-named': (answer, _, model) =>
    answer.method === 'host.editMany'
      ? [
          { type: 'close', name: 'name-rule' },
          notice(textsOf(model.language).hosts.renamed(answer.result.length)),
        ]
      : [],
  'hosts-addressed': (answer, _, model) =>
    answer.method === 'host.editMany'
      ? [
          { type: 'close', name: 'address-rule' },
          notice(textsOf(model.language).hosts.addressesSet(answer.result.length)),
        ]
      : [],
  'operator-renamed': (answer, { isOwn }, model) => {
    if (answer.method !== 'operator.rename') return [];
    const { name } = answer.result;
    return [
      ...(isOwn ? [{ type: 'called' as const, name }] : []),
      notice(textsOf(model.language).settings.renamed(name)),
      readOperators(model),
    ];
  },
  'logged-in': (answer) => {
    if (answer.method !== 'operator.login') return [];
    const { name, loginToken } = answer.result;
    return [
      { type: 'home', screen: FIRST_SCREEN },
      { type: 'logged-in', name, loginToken },
    ];
  },
  'registration-set': (answer, _, model) => {
    if (answer.method !== 'settings.set') return [];
    const texts = textsOf(model.language).settings;
    const open = openRegistration({ ...model, settings: answer.result });
    return [notice(texts.registrationIs(open ?? texts.off))];
  },
  'image-verified': (answer, { name }, model) =>
    answer.method === 'image.verify'
      ? [push('message', verificationDialog(name, answer.result, model))]
      : [],
};

/** What a request wanted done, now that its answer is there. */
export function followUpActions(then: Then, answer: Answer, model: Model): readonly Action[] {
  return then.type === 'actions' ? then.actions : actionsOf(then, answer, model);
}

function actionsOf<N extends FollowUpName>(
  { name, params }: { readonly name: N; readonly params: FollowUps[N] } & FollowUp,
  answer: Answer,
  model: Model,
): readonly Action[] {
  return ROWS[name](answer, params, model);
}
