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
} from '../../components/form.ts';
import { whyNotCapture } from '../../presentation/images/image-uses.ts';
import { gatherField, gatherMsIn } from '../../presentation/tasks/wait-field.ts';
import { checkWith } from '../../components/text-checks.ts';
import type { Action, Screen } from '../../screen.ts';
import { textsOf } from '../../text/catalogue.ts';
import { refusalFor } from '../../../lib/rules/capability.ts';
import { imageNamed, type Kind } from './plan.ts';

/** How long a session waits for the others after the first host is ready. */
const GATHER_MS = 120_000;

type KindOf<K extends Kind> = {
  readonly fields: (now: Extract<WantedOperation, { type: K }> | null, model: Model) => Field[];
  readonly read: (form: Form) => WantedOperation;
};

const DIALOGS: { readonly [K in Kind]: KindOf<K> } = {
  capture: {
    fields: (now, model) => {
      const texts = textsOf(model.language).newTask;
      const check = (text: string): string | null =>
        checkWith(Name, text) ?? whyNotCapture(text, model);
      return [
        textField('name', texts.imageName, now?.imageName ?? '', { check, mostCharacters: 64 }),
        compressionField(now?.compression ?? model.settings?.captureCompression ?? null, model),
      ];
    },
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
          whyNot: null,
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
          whyNot: null,
        })),
        now?.mode ?? null,
      ),
    ],
    read: (form) => ({ type: 'shutdown', mode: ShutdownMode.parse(valueOf(form, 'mode')) }),
  },
};

/** Asks for an operation of this kind; what follows when it has been said. */
export function operationDialog(
  kind: Kind,
  now: WantedOperation | null,
  model: Model,
  then: (operation: WantedOperation) => readonly Action[],
): Screen {
  const texts = textsOf(model.language).newTask;
  const { read } = DIALOGS[kind];
  return formDialog({
    name: `task-${kind}`,
    title: texts.kindLabels[kind],
    intro: [],
    form: newForm(fieldsOf(kind, now, model)),
    label: texts.ok,
    submit: (form) => then(read(form)),
  });
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
      return DIALOGS.capture.fields(now?.type === kind ? now : null, model);
    case 'deploy':
      return DIALOGS.deploy.fields(now?.type === kind ? now : null, model);
    case 'partition':
      return DIALOGS.partition.fields(now?.type === kind ? now : null, model);
    case 'shutdown':
      return DIALOGS.shutdown.fields(now?.type === kind ? now : null, model);
    default:
      return unreachable(kind);
  }
}

function imageField(now: string | null, model: Model): Field {
  const options = model.images.map(({ id, name, versions }): ChoiceOption => ({
    value: id,
    label: name,
    whyNot: refusalFor('image.deploy', { versions: versions.length }),
  }));
  const [first] = options.filter((each) => each.whyNot === null);
  return choiceField(
    'image',
    textsOf(model.language).newTask.image,
    options,
    now ?? first?.value ?? null,
  );
}
