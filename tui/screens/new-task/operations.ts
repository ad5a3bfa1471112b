/** Each kind of operation as the editor of a task has it, a row each: how it is called, asked for, read and judged. */

import { Compression } from '../../../lib/model/image.ts';
import type { WantedOperation } from '../../../lib/model/operation.ts';
import { TransportChoice } from '../../../lib/model/operations/deploy.ts';
import { ShutdownMode } from '../../../lib/model/operations/shutdown.ts';
import type { DisabledReason } from '../../disabled-reason.ts';
import type { Model } from '../../model.ts';
import { compressionField } from '../../presentation/images/compression-field.ts';
import { refusalForCapture, refusalForDeploy } from '../../presentation/images/image-uses.ts';
import { gatherField, gatherMsIn } from '../../presentation/tasks/wait-field.ts';
import { textsOf, type Texts } from '../../text/catalogue.ts';
import {
  choiceField,
  textField,
  valueOf,
  type ChoiceOption,
  type Field,
  type Form,
} from '../../values/form.ts';
import { imageNamed } from './image-named.ts';

export type Kind = WantedOperation['type'];

type OperationOf<K extends Kind> = Extract<WantedOperation, { type: K }>;

type OperationRow<K extends Kind> = {
  /** "deploy", in the table of the editor. */
  readonly name: (texts: Texts['newTask']) => string;
  /** "deploy: write an image to the disk", where it is chosen. */
  readonly label: (texts: Texts['newTask']) => string;
  /** Whether it is about an image that must be there. */
  readonly needsImage: boolean;
  /** The fields that ask for it; `now` is what it is already. */
  readonly fields: (now: OperationOf<K> | null, model: Model) => Field[];
  readonly read: (form: Form) => OperationOf<K>;
  /** "win11, multicast". */
  readonly text: (operation: OperationOf<K>, model: Model) => string;
  /** What stands against it; null: nothing. */
  readonly fault: (operation: OperationOf<K>, model: Model) => DisabledReason | null;
};

/** How long a session waits for the others after the first host is ready. */
const GATHER_MS = 120_000;

const ROWS: { readonly [K in Kind]: OperationRow<K> } = {
  capture: {
    name: ({ kinds }) => kinds.capture,
    label: ({ kindLabels }) => kindLabels.capture,
    needsImage: false,
    fields: (now, model) => [
      textField('name', textsOf(model.language).newTask.imageName, now?.imageName ?? '', 64),
      compressionField(now?.compression ?? model.settings?.captureCompression ?? null, model),
    ],
    read: (form) => ({
      type: 'capture',
      imageName: valueOf(form, 'name'),
      compression: Compression.parse(valueOf(form, 'compression')),
    }),
    text: ({ imageName, compression }, { language }) => {
      const { newTask, capture } = textsOf(language);
      return newTask.captureText(imageName, capture.compressionNames[compression]);
    },
    fault: ({ imageName }, model) => refusalForCapture(imageName, model),
  },
  deploy: {
    name: ({ kinds }) => kinds.deploy,
    label: ({ kindLabels }) => kindLabels.deploy,
    needsImage: true,
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
    text: ({ image, transport }, model) => {
      const { newTask, deploy } = textsOf(model.language);
      return newTask.deployText(nameOf(image, model), deploy.transports[transport]);
    },
    fault: ({ image }, model) => imageFault(image, model),
  },
  partition: {
    name: ({ kinds }) => kinds.partition,
    label: ({ kindLabels }) => kindLabels.partition,
    needsImage: true,
    fields: (now, model) => [imageField(now?.image ?? null, model)],
    read: (form) => ({ type: 'partition', image: valueOf(form, 'image') }),
    text: ({ image }, model) => textsOf(model.language).newTask.partitionText(nameOf(image, model)),
    fault: ({ image }, model) => imageFault(image, model),
  },
  shutdown: {
    name: ({ kinds }) => kinds.shutdown,
    label: ({ kindLabels }) => kindLabels.shutdown,
    needsImage: false,
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
    text: ({ mode }, { language }) => textsOf(language).newTask.modes[mode],
    fault: () => null,
  },
};

export function operationName(kind: Kind, { language }: Pick<Model, 'language'>): string {
  return ROWS[kind].name(textsOf(language).newTask);
}

export function operationLabel(kind: Kind, { language }: Pick<Model, 'language'>): string {
  return ROWS[kind].label(textsOf(language).newTask);
}

export function needsImage(kind: Kind): boolean {
  return ROWS[kind].needsImage;
}

export function operationFields<K extends Kind>(
  kind: K,
  now: OperationOf<K> | null,
  model: Model,
): Field[] {
  const row: OperationRow<K> = ROWS[kind];
  return row.fields(now, model);
}

export function operationIn(kind: Kind, form: Form): WantedOperation {
  return ROWS[kind].read(form);
}

/** Of an operation of this kind. */
export function operationText<K extends Kind>(
  kind: K,
  operation: OperationOf<K>,
  model: Model,
): string {
  const row: OperationRow<K> = ROWS[kind];
  return row.text(operation, model);
}

export function operationFault<K extends Kind>(
  kind: K,
  operation: OperationOf<K>,
  model: Model,
): DisabledReason | null {
  const row: OperationRow<K> = ROWS[kind];
  return row.fault(operation, model);
}

function nameOf(reference: string, model: Model): string {
  return imageNamed(reference, model)?.name ?? textsOf(model.language).newTask.imageGone;
}

function imageFault(reference: string, model: Model): DisabledReason | null {
  const image = imageNamed(reference, model);
  return image === null ? textsOf(model.language).newTask.imageGone : refusalForDeploy(image);
}

function imageField(now: string | null, { images, language }: Model): Field {
  const options = images.map((image): ChoiceOption => ({
    value: image.id,
    label: image.name,
    disabledReason: refusalForDeploy(image),
  }));
  const [first] = options.filter((each) => each.disabledReason === null);
  const label = textsOf(language).newTask.image;
  return choiceField('image', label, options, now ?? first?.value ?? null);
}
