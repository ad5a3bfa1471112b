/** Capturing, last step: the name, how it is compressed, what the host does afterwards; then it starts. */

import { isSameName } from '../../../lib/rules/same-name.ts';
import { refusalFor } from '../../../lib/rules/capability.ts';
import type { HostView } from '../../../lib/model/host.ts';
import { Compression, type Image } from '../../../lib/model/image.ts';
import { filesystemTraits } from '../../../lib/filesystems/kinds.ts';
import { Name } from '../../../lib/model/names.ts';
import type { Disk } from '../../../lib/model/system-info.ts';
import { withShutdown, type TaskRequest } from '../../../lib/model/task-request.ts';
import type { Model } from '../../model.ts';
import { afterwardsField, afterwardsIn } from '../../presentation/tasks/afterwards-field.ts';
import { wholeHost } from '../../presentation/hosts/chosen-hosts.ts';
import { compressionField } from '../../presentation/images/compression-field.ts';
import { wrap } from '../../components/dialog.ts';
import { checkboxField, isOn, newForm, refused, textField, valueOf } from '../../values/form.ts';
import {
  momentAfter,
  UNTIL_CHECK,
  untilField,
  waitMsIn,
} from '../../presentation/tasks/wait-field.ts';
import { formScreen } from '../../components/form-screen.ts';
import { isRunning } from '../../presentation/hosts/host-filter.ts';
import { refusalForCapture } from '../../presentation/images/image-uses.ts';
import { checkWith } from '../../components/text-checks.ts';
import { line, span, type Line, type Style } from '../../picture.ts';
import { followUp, push, request } from '../../actions.ts';
import { textsOf } from '../../text/catalogue.ts';
import { bytesText } from '../../../lib/text/quantities.ts';
import type { DisabledReason } from '../../disabled-reason.ts';
import { checkOf } from '../../components/form-commands.ts';
import { isTaskBeingMade } from '../task-being-made.ts';
import type { Action, CaptureSource, ScreenStates } from '../../screen-states.ts';

type CaptureOptions = ScreenStates['capture-options'];

/** The screens of the wizard, from the last to the first. */
const WIZARD = ['capture-options', 'capture-disk', 'capture-host'] as const;

export const CAPTURE_OPTIONS = formScreen<CaptureOptions>({
  title: ({ source }, model) =>
    textsOf(model.language).capture.optionsTitle(hostIn(source, model)?.name ?? '', source.disk),
  checks: {
    name: (text) => checkWith(Name, text),
    ...UNTIL_CHECK,
  },
  intro: ({ language }) => textsOf(language).capture.optionsIntro,
  outcome: explanation,
  label: ({ language }) => textsOf(language).capture.start,
  help: ({ language }) => textsOf(language).capture.startHelp,
  disabledReason: refusalForStart,
  submit: startActions,
});

export function openCaptureOptions(source: CaptureSource, model: Model): Action {
  const texts = textsOf(model.language).capture;
  const host = hostIn(source, model);
  const isOff = host !== null && !isRunning(host);
  const form = newForm([
    textField('name', texts.imageName, host === null ? '' : proposal(host, model), 64),
    compressionField(model.settings?.captureCompression ?? null, model),
    afterwardsField(model),
    ...(isOff ? [checkboxField('wake', texts.wake, true)] : []),
    untilField(model),
  ]);
  return push('capture-options', { source, form, first: 0 });
}

function hostIn({ hostId }: CaptureSource, model: Model): HostView | null {
  return wholeHost(hostId, model)?.host ?? null;
}

function diskIn(source: CaptureSource, model: Model): Disk | null {
  const disks = hostIn(source, model)?.systemInfo?.disks ?? [];
  return disks.find(({ address }) => address === source.disk) ?? null;
}

/**
 * The image that was last captured from this host gets a new version, else one is called after its system; where that may
 * not be captured (it is protected, or somebody captures it now), a new one is called nearly so.
 */
function proposal(host: HostView, model: Model): string {
  const name = lastImageOf(host, model) ?? nameAfterSystem(host);
  return refusalForCapture(name, model) === null ? name : freeName(name, model);
}

function lastImageOf(host: HostView, { images }: Model): string | null {
  const ofHost = images
    .flatMap(({ name, versions }) =>
      versions.map(({ hostId, capturedAt }) => ({ name, hostId, capturedAt })),
    )
    .filter(({ hostId }) => hostId === host.id)
    .toSorted((one, other) => Date.parse(other.capturedAt) - Date.parse(one.capturedAt));
  return ofHost[0]?.name ?? null;
}

function nameAfterSystem(host: HostView): string {
  const [system] = host.systemInfo?.operatingSystems ?? [];
  const words = (system?.name ?? host.name).toLowerCase().split(/[^\p{L}\p{N}.]+/u);
  const name = words
    .filter((word) => word !== '')
    .slice(0, 3)
    .join('-');
  return Name.safeParse(name).success ? name : host.name;
}

/** "win11-2": the first that no image has and no capture will make; empty when all up to 99 are taken. */
function freeName(name: string, model: Model): string {
  for (let number = 2; number <= 99; number += 1) {
    const free = `${name.slice(0, 61).trimEnd()}-${number}`;
    if (imageOf(free, model) === null && refusalForCapture(free, model) === null) return free;
  }
  return '';
}

/** The image of this name. */
function imageOf(wanted: string, { images }: Model): Image | null {
  return images.find(({ name }) => isSameName(name, wanted)) ?? null;
}

function refusalForStart({ source, form }: CaptureOptions, model: Model): DisabledReason | null {
  const { capture: texts, hosts } = textsOf(model.language);
  const host = hostIn(source, model);
  if (host === null) return hosts.gone;
  if (diskIn(source, model) === null) return texts.diskGone;
  const name = valueOf(form, 'name');
  if (isTaskBeingMade(model, [host.id])) return texts.isStarting;
  return refusalFor('host.work', { approval: host.approval }) ?? refusalForCapture(name, model);
}

function startActions({ source, form }: CaptureOptions, model: Model): readonly Action[] {
  const texts = textsOf(model.language).capture;
  const host = hostIn(source, model);
  const hasWake = form.fields.some(({ name }) => name === 'wake');
  const params: TaskRequest = {
    targets: [source.hostId],
    disk: { type: 'address', value: source.disk },
    operations: withShutdown(
      [
        {
          type: 'capture',
          imageName: imageOf(valueOf(form, 'name'), model)?.name ?? valueOf(form, 'name'),
          compression: Compression.parse(valueOf(form, 'compression')),
        },
      ],
      afterwardsIn(form),
    ),
    wake: hasWake && isOn(form, 'wake'),
    waitMs: waitMsIn(form, model),
  };
  return [
    request(
      texts.starting(host?.name ?? ''),
      'task.create',
      params,
      followUp('task-started', { wizard: WIZARD, shows: 'task', started: 'capture' }),
    ),
  ];
}

/** What the choices come to, and what can go wrong. */
function explanation({ source, form }: CaptureOptions, model: Model, width: number): Line[] {
  const check = checkOf(
    { name: (text: string) => checkWith(Name, text), ...UNTIL_CHECK },
    null,
    model,
  );
  const texts = textsOf(model.language).capture;
  const host = hostIn(source, model);
  const disk = diskIn(source, model);
  const image = imageOf(valueOf(form, 'name'), model);
  const free = model.status?.server.imageStore.freeBytes ?? null;
  const kind = Compression.parse(valueOf(form, 'compression'));
  const notes: (readonly [string, Style])[] = [
    [
      image === null
        ? texts.newImage(valueOf(form, 'name'))
        : texts.newVersion(image.name, image.versions.length),
      'strong',
    ],
    [texts.compressions[kind], 'plain'],
  ];
  if (disk !== null && free !== null) {
    const isTight = free < disk.sizeBytes;
    notes.push([
      isTight
        ? texts.maybeFull(bytesText(free, model), bytesText(disk.sizeBytes, model))
        : texts.space(bytesText(free, model)),
      isTight ? 'warn' : 'plain',
    ]);
  }
  if (host !== null && host.state !== 'idle' && refused(form, check) === null) {
    const until = momentAfter(waitMsIn(form, model), model);
    const isWaiting = isRunning(host) ? texts.isWorking : texts.isOff;
    notes.push([isWaiting(host.name, until), 'warn']);
  }
  if (host !== null && host.halfWritten !== null) notes.push([texts.isHalfWritten, 'bad']);
  const hasWindows =
    disk?.partitions.some(
      ({ filesystem }) => filesystemTraits(filesystem?.type ?? null).isOfWindows === true,
    ) === true;
  if (hasWindows) notes.push([texts.windows, 'plain']);
  return notes.flatMap(([text, style]) =>
    wrap(text, Math.min(100, width - 5)).map((part, index) =>
      line(span(index === 0 ? ' - ' : '   ', 'dim'), span(part, style)),
    ),
  );
}
