/** How each kind of operation is asked for, and how it reads in the editor. */

import { Compression } from '../../../lib/model/image.ts';
import { Name } from '../../../lib/model/names.ts';
import { ShutdownMode } from '../../../lib/model/operations/shutdown.ts';
import { TransportChoice } from '../../../lib/model/operations/deploy.ts';
import type { WantedOperation } from '../../../lib/model/operation.ts';
import { unreachable } from '../../../lib/unreachable.ts';
import type { Model } from '../../model.ts';
import { compressionField } from '../../presentation/images/compression-field.ts';
import { formDialog } from '../../components/form-dialog.ts';
import {
  choiceField,
  newForm,
  textField,
  valueOf,
  type ChoiceOption,
  type Field,
  type Form,
} from '../../values/form.ts';
import { whyNotCapture } from '../../presentation/images/image-uses.ts';
import { gatherField, gatherMsIn } from '../../presentation/tasks/wait-field.ts';
import { checkWith } from '../../components/text-checks.ts';
import { textsOf } from '../../text/catalogue.ts';
import { refusalFor } from '../../../lib/rules/capability.ts';
import { imageNamed, withOperation, type Kind } from './plan.ts';
import { push } from '../../actions.ts';
import type { Action, EditedPlan, ScreenStates } from '../../screen-states.ts';

/** How long a session waits for the others after the first host is ready. */
const GATHER_MS = 120_000;

type KindOf<K extends Kind> = {
  readonly fields: (now: Extract<WantedOperation, { type: K }> | null, model: Model) => Field[];
  readonly read: (form: Form) => WantedOperation;
};

const OPERATION_FORMS: { readonly [K in Kind]: KindOf<K> } = {
  capture: {
    fields: (now, model) => [
      textField('name', textsOf(model.language).newTask.imageName, now?.imageName ?? '', 64),
      compressionField(now?.compression ?? model.settings?.captureCompression ?? null, model),
    ],
    read: (form) => ({
      type: 'capture',
      imageName: valueOf(form, 'name'),
      compression: Compression.parse(valueOf(form, 'compression')),
    }),
  },
  deploy: {
    fields: (now, model) => [
      imageField(now?.image ?? null, model),
      choiceField(
        'transport',
        textsOf(model.language).newTask.transport,
        TransportChoice.options.map((value) => ({
          value,
          label: textsOf(model.language).deploy.transports[value],
          disabledReason: null,
        })),
        now?.transport ?? null,
      ),
      gatherField(now?.gatherMs ?? GATHER_MS, model),
    ],
    read: (form) => ({
      type: 'deploy',
      image: valueOf(form, 'image'),
      transport: TransportChoice.parse(valueOf(form, 'transport')),
      gatherMs: gatherMsIn(form) ?? GATHER_MS,
    }),
  },
  partition: {
    fields: (now, model) => [imageField(now?.image ?? null, model)],
    read: (form) => ({ type: 'partition', image: valueOf(form, 'image') }),
  },
  shutdown: {
    fields: (now, model) => [
      choiceField(
        'mode',
        textsOf(model.language).newTask.mode,
        ShutdownMode.options.map((value) => ({
          value,
          label: textsOf(model.language).newTask.modes[value],
          disabledReason: null,
        })),
        now?.mode ?? null,
      ),
    ],
    read: (form) => ({ type: 'shutdown', mode: ShutdownMode.parse(valueOf(form, 'mode')) }),
  },
};

export const TASK_OPERATION = formDialog<ScreenStates['task-operation']>({
  title: ({ kind }, { language }) => textsOf(language).newTask.kindLabels[kind],
  label: (_, { language }) => textsOf(language).newTask.ok,
  checks: { name: (text, _, model) => checkWith(Name, text) ?? whyNotCapture(text, model) },
  submit: ({ form, kind, index, edited }) => {
    const operation = OPERATION_FORMS[kind].read(form);
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

/** Asks for an operation of this kind: another one, or that at `index` of the plan. */
export function openOperation(
  kind: Kind,
  index: number | null,
  edited: EditedPlan,
  model: Model,
): Action {
  const now = index === null ? null : (edited.plan.operations[index] ?? null);
  return push('task-operation', { kind, index, edited, form: newForm(fieldsOf(kind, now, model)) });
}

/** "win11, multicast". */
export function operationText(operation: WantedOperation, model: Model): string {
  const { newTask: texts, capture, deploy } = textsOf(model.language);
  const nameOf = (reference: string): string =>
    imageNamed(reference, model)?.name ?? texts.imageGone;
  switch (operation.type) {
    case 'capture':
      return texts.captureText(
        operation.imageName,
        capture.compressionNames[operation.compression],
      );
    case 'deploy':
      return texts.deployText(nameOf(operation.image), deploy.transports[operation.transport]);
    case 'partition':
      return texts.partitionText(nameOf(operation.image));
    case 'shutdown':
      return texts.modes[operation.mode];
    default:
      return unreachable(operation);
  }
}

function fieldsOf(kind: Kind, now: WantedOperation | null, model: Model): Field[] {
  switch (kind) {
    case 'capture':
      return OPERATION_FORMS.capture.fields(now?.type === kind ? now : null, model);
    case 'deploy':
      return OPERATION_FORMS.deploy.fields(now?.type === kind ? now : null, model);
    case 'partition':
      return OPERATION_FORMS.partition.fields(now?.type === kind ? now : null, model);
    case 'shutdown':
      return OPERATION_FORMS.shutdown.fields(now?.type === kind ? now : null, model);
    default:
      return unreachable(kind);
  }
}

function imageField(now: string | null, model: Model): Field {
  const options = model.images.map(({ id, name, versions }): ChoiceOption => ({
    value: id,
    label: name,
    disabledReason: refusalFor('image.deploy', { versions: versions.length }),
  }));
  const [first] = options.filter((each) => each.disabledReason === null);
  return choiceField(
    'image',
    textsOf(model.language).newTask.image,
    options,
    now ?? first?.value ?? null,
  );
}
