/** What the editor of a task asks: which operation comes, which disk it is about, how long it waits. */

import { push } from '../../actions.ts';
import { choiceDialog } from '../../components/choice-dialog.ts';
import { formDialog, textForm } from '../../components/form-dialog.ts';
import { valueOf } from '../../values/form.ts';
import type { Model } from '../../model.ts';
import { diskFaultText, diskName } from '../../presentation/hosts/disk-choice.ts';
import { checkUntil, defaultUntil } from '../../presentation/tasks/wait-field.ts';
import { textsOf } from '../../text/catalogue.ts';
import type { Action, EditedPlan, ScreenStates, TaskPlan } from '../../screen-states.ts';
import { addOperation } from './operation-dialog.ts';
import { operationLabel } from './operations.ts';
import { disksOf, KINDS, refusalForAdding } from './plan.ts';

export const TASK_ADD = choiceDialog<ScreenStates['task-add']>({
  list: 'task-add',
  title: (_, { language }) => textsOf(language).newTask.addTitle,
  options: ({ edited }, model) =>
    KINDS.map((kind) => ({
      value: kind,
      label: operationLabel(kind, model),
      disabledReason: refusalForAdding(kind, edited.plan, model),
    })),
  choose: (value, { edited }, model) => {
    const kind = KINDS.find((each) => each === value);
    return kind === undefined ? [] : [addOperation(kind, edited, model)];
  },
});

export const TASK_DISK = choiceDialog<ScreenStates['task-disk']>({
  list: 'task-disk',
  title: (_, { language }) => textsOf(language).newTask.diskTitle,
  options: ({ edited }, model) =>
    disksOf(edited.plan, model).map((choice) => ({
      value: diskName(choice, model),
      label: diskName(choice, model),
      disabledReason: choice.fault === null ? null : diskFaultText(choice.fault, model),
    })),
  choose: (value, { edited }, model) => {
    const choice = disksOf(edited.plan, model).find((each) => diskName(each, model) === value);
    return choice === undefined ? [] : [changed(edited, { disk: choice.selector })];
  },
});

export const TASK_UNTIL = formDialog<ScreenStates['task-until']>({
  title: (_, { language }) => textsOf(language).newTask.untilTitle,
  label: (_, { language }) => textsOf(language).newTask.ok,
  checks: { text: (text, _, model) => checkUntil(text, model) },
  submit: ({ form, edited }) => [changed(edited, { until: valueOf(form, 'text') })],
});

export function openUntil(edited: EditedPlan, model: Model): Action {
  const prompt = textsOf(model.language).deploy.until;
  const form = textForm(prompt, edited.plan.until ?? defaultUntil(model));
  return push('task-until', { edited, form });
}

/** The dialog is gone when this is done: the editor is on top again. */
function changed({ plan, selection }: EditedPlan, change: Partial<TaskPlan>): Action {
  const state = { plan: { ...plan, ...change }, selection };
  return { type: 'replace', screen: { name: 'task-editor', state } };
}
