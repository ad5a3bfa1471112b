/** Asks for an operation of a task: another one, or what one that is there already is to be. */

import { Name } from '../../../lib/model/names.ts';
import { push } from '../../actions.ts';
import { formDialog } from '../../components/form-dialog.ts';
import { checkWith } from '../../components/text-checks.ts';
import type { Model } from '../../model.ts';
import { refusalForCapture } from '../../presentation/images/image-uses.ts';
import type { Action, EditedPlan, ScreenStates } from '../../screen-states.ts';
import { textsOf } from '../../text/catalogue.ts';
import { newForm } from '../../values/form.ts';
import { operationFields, operationIn, operationLabel, type Kind } from './operations.ts';
import { withOperation } from './plan.ts';

export const TASK_OPERATION = formDialog<ScreenStates['task-operation']>({
  title: ({ kind }, model) => operationLabel(kind, model),
  label: (_, { language }) => textsOf(language).newTask.ok,
  checks: { name: (text, _, model) => checkWith(Name, text) ?? refusalForCapture(text, model) },
  submit: ({ form, kind, index, edited }) => {
    const operation = operationIn(kind, form);
    const { plan, selection } = edited;
    const operations =
      index === null
        ? withOperation(plan.operations, operation)
        : plan.operations.with(index, operation);
    const there = index === null ? { ...selection, key: kind } : selection;
    const next = { plan: { ...plan, operations }, selection: there };
    return [{ type: 'replace', screen: { name: 'task-editor', state: next } }];
  },
});

/** Another operation of this kind. */
export function addOperation(kind: Kind, edited: EditedPlan, model: Model): Action {
  const form = newForm(operationFields(kind, null, model));
  return push('task-operation', { kind, index: null, edited, form });
}

/** The operation at `index` of the plan; nothing when there is none. */
export function editOperation(index: number, edited: EditedPlan, model: Model): readonly Action[] {
  const now = edited.plan.operations[index];
  if (now === undefined) return [];
  const form = newForm(operationFields(now.type, now, model));
  return [push('task-operation', { kind: now.type, index, edited, form })];
}
