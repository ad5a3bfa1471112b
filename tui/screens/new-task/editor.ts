/** Putting a task together: the operations in order, on one disk of each host; then it starts. */

import { cut, padEnd, widthOf } from '../../../lib/columns.ts';
import { parseWaitEnd } from '../../../lib/client/wait-end.ts';
import type { WantedOperation } from '../../../lib/model/operation.ts';
import { layoutOf } from '../../layout.ts';
import type { Model } from '../../model.ts';
import { wrap } from '../../components/dialog.ts';
import { diskName } from '../../presentation/hosts/disk-choice.ts';
import { isRunning } from '../../presentation/hosts/host-filter.ts';
import {
  entryAt,
  TOP,
  moveSelection,
  resolveSelection,
  type ListSource,
} from '../../values/selection.ts';
import { tableRows, tableView, type Column } from '../../components/table-view.ts';
import { defaultUntil, momentAfter } from '../../presentation/tasks/wait-field.ts';
import {
  line,
  span,
  splitRows,
  stack,
  textPicture,
  type Area,
  type Line,
  type Picture,
} from '../../picture.ts';
import { confirm, followUp, push, request } from '../../actions.ts';
import { perform, reaction, type Command, type Reaction, type ScreenKind } from '../../screen.ts';
import { glyphsOf } from '../../glyphs.ts';
import { textsOf } from '../../text/catalogue.ts';
import { bytesText } from '../../../lib/text/quantities.ts';
import { reasonIn } from '../../text/reasons.ts';
import { openUntil } from './editor-dialogs.ts';
import { editOperation } from './operation-dialog.ts';
import { operationName, operationText } from './operations.ts';
import { chosenDisk, faultsOf, overwrites, targetsOf } from './plan.ts';
import { openedBy } from '../../components/double-click.ts';
import { discardCommand } from '../../components/discard-command.ts';
import type { Action, EditedPlan, TaskPlan } from '../../screen-states.ts';

const LIST = 'task-operations';
const NAME = 'task-editor';
const HEAD_ROWS = 5;

export const TASK_EDITOR: ScreenKind<EditedPlan> = {
  title: (_, { language }) => textsOf(language).newTask.title,
  commands: commandsFor,
  update: (state, event, model) => {
    const { plan } = state;
    const { table } = partsOf(plan, layoutOf(model).body);
    const selection = moveSelection(state.selection, event, listedIn(plan), tableRows(table));
    if (selection === null) return perform();
    const next = { plan, selection };
    return openedBy(
      event,
      next,
      () => commandsFor(next, model),
      ({ name }) => name === 'edit',
    );
  },
  view,
};

/** Each kind is there once: its name tells one from the others. */
function listedIn({ operations }: TaskPlan): ListSource<WantedOperation> {
  return { list: LIST, rows: operations, keyOf: ({ type }) => type };
}

function commandsFor(edited: EditedPlan, model: Model): Command<EditedPlan>[] {
  const { plan, selection } = edited;
  const { newTask: texts } = textsOf(model.language);
  const { operations } = plan;
  const { index } = resolveSelection(selection, listedIn(plan), 1);
  const operation = entryAt(selection, listedIn(plan));
  const isPast = waitMsIn(plan, model) === null;
  const [fault = isPast ? textsOf(model.language).deploy.untilFault : null] = faultsOf(plan, model);
  const moveTo = (to: number): Reaction<EditedPlan> => {
    if (operation === null) return perform();
    const moved = operations.toSpliced(index, 1).toSpliced(to, 0, operation);
    const at = { ...selection, index: to, key: operation.type };
    return reaction({ plan: { ...plan, operations: moved }, selection: at });
  };
  const none = operation === null ? texts.nothing : null;
  const question = { title: texts.discardTitle, text: texts.discardText, label: texts.discard };
  return [
    {
      name: 'add',
      keys: ['a', 'n', 'insert'],
      label: texts.add,
      help: texts.addHelp,
      disabledReason: null,
      run: () => perform(push('task-add', { edited, selection: TOP })),
    },
    {
      name: 'edit',
      keys: ['enter', 'e'],
      label: texts.edit,
      help: texts.editHelp,
      disabledReason: none,
      run: () => perform(...editOperation(index, edited, model)),
    },
    {
      name: 'remove',
      keys: ['x', 'delete'],
      label: texts.remove,
      help: texts.removeHelp,
      disabledReason: none,
      run: () => {
        const rest = operations.toSpliced(index, 1);
        return reaction({
          plan: { ...plan, operations: rest },
          selection: { ...selection, key: null },
        });
      },
    },
    {
      name: 'up',
      keys: ['-', 'K'],
      label: texts.up,
      help: texts.upHelp,
      disabledReason: none ?? (index === 0 ? texts.isFirst : null),
      run: () => moveTo(index - 1),
    },
    {
      name: 'down',
      keys: ['+', 'J'],
      label: texts.down,
      help: texts.downHelp,
      disabledReason: none ?? (index >= operations.length - 1 ? texts.isLast : null),
      run: () => moveTo(index + 1),
    },
    {
      name: 'disk',
      keys: ['d'],
      label: texts.diskLabel,
      help: texts.diskHelp,
      disabledReason: null,
      run: () => perform(push('task-disk', { edited, selection: TOP })),
    },
    {
      name: 'wake',
      keys: ['w'],
      label: texts.wake,
      help: texts.wakeHelp,
      disabledReason: null,
      run: () => reaction({ plan: { ...plan, wake: !plan.wake }, selection }),
    },
    {
      name: 'until',
      keys: ['u'],
      label: texts.untilLabel,
      help: texts.untilHelp,
      disabledReason: null,
      run: () => perform(openUntil(edited, model)),
    },
    {
      name: 'start',
      keys: ['s'],
      label: texts.start,
      help: texts.startHelp,
      disabledReason: fault,
      run: () => perform(...startActions(plan, model)),
    },
    ...(operations.length === 0 ? [] : [discardCommand(NAME, question, model)]),
  ];
}

/** A moment that was typed may have passed since: then the start is refused. */
function waitMsIn(plan: TaskPlan, model: Model): number | null {
  return parseWaitEnd(plan.until ?? defaultUntil(model), model.now);
}

function startActions(plan: TaskPlan, model: Model): readonly Action[] {
  const texts = textsOf(model.language).newTask;
  const { hostIds, disk, operations, wake } = plan;
  const waitMs = waitMsIn(plan, model);
  if (waitMs === null) return [];
  const params = { targets: [...hostIds], disk, operations: [...operations], wake, waitMs };
  const then = followUp('task-started', {
    wizard: [NAME, 'task-hosts'],
    shows: 'task',
    started: 'newTask',
  });
  const send = request(texts.starting, 'task.create', params, then);
  if (!overwrites(plan)) return [send];
  const question = confirm(
    texts.lossTitle,
    [
      texts.loss(hostIds.length, diskName({ selector: disk }, model)),
      '',
      texts.lossHosts(hostNames(plan, model, 200)),
    ],
    texts.overwrite,
    [send],
  );
  return [question];
}

function hostNames(plan: TaskPlan, model: Model, width: number): string {
  const names = targetsOf(plan, model).map(({ name }) => name);
  return cut(names.join(', '), width, glyphsOf(model).cut);
}

function partsOf(
  { operations }: TaskPlan,
  area: Area,
): {
  readonly head: Area;
  readonly table: Area;
  readonly verdict: Area;
} {
  const [head, rest] = splitRows(area, HEAD_ROWS);
  const [table, verdict] = splitRows(rest, Math.max(operations.length, 2) + 2);
  return { head, table, verdict };
}

function view({ plan, selection }: EditedPlan, model: Model, area: Area): Picture {
  const texts = textsOf(model.language).newTask;
  const { head, table, verdict } = partsOf(plan, area);
  const listed = listedIn(plan);
  return stack(
    textPicture(head, headLines(plan, model, head.width)),
    tableView(
      {
        list: LIST,
        columns: columns(plan, model),
        rows: listed.rows,
        cursor: resolveSelection(selection, listed, tableRows(table)),
        isMarked: null,
        empty: [texts.empty, texts.emptyHint],
      },
      model,
      table,
    ),
    textPicture(verdict, verdictLines(plan, model, verdict.width)),
  );
}

function headLines(plan: TaskPlan, model: Model, width: number): Line[] {
  const texts = textsOf(model.language).newTask;
  const off = targetsOf(plan, model).filter((host) => !isRunning(host)).length;
  const choice = chosenDisk(plan, model);
  const smallest = choice?.smallestBytes ?? null;
  const facts: readonly (readonly [string, string])[] = [
    [texts.hosts, texts.hostsText(plan.hostIds.length, hostNames(plan, model, width - 20))],
    [
      texts.disk,
      `${diskName({ selector: plan.disk }, model)}${smallest === null ? '' : `, ${bytesText(smallest, model)}`}`,
    ],
    [texts.wakeLabel, plan.wake ? texts.wakeOn(off) : texts.wakeOff(off)],
    [textsOf(model.language).deploy.summaryWaits, waitsText(plan, model)],
  ];
  const nameWidth = Math.max(...facts.map(([name]) => widthOf(name)));
  return facts.map(([name, text]) => line(span(` ${padEnd(name, nameWidth)}  `, 'dim'), text));
}

function waitsText(plan: TaskPlan, model: Model): string {
  const texts = textsOf(model.language).deploy;
  const waitMs = waitMsIn(plan, model);
  return waitMs === null ? texts.untilFault : texts.waitsFact(momentAfter(waitMs, model));
}

function verdictLines(plan: TaskPlan, model: Model, width: number): Line[] {
  const texts = textsOf(model.language).newTask;
  const faults = plan.operations.length === 0 ? [] : faultsOf(plan, model);
  if (plan.operations.length === 0) return [];
  if (faults.length === 0) return [line(span(` ${texts.ready}`, 'good'))];
  return [
    line(span(` ${texts.notReady}`, 'warn')),
    ...faults.flatMap((fault) =>
      wrap(reasonIn(model.language, fault), Math.max(20, width - 6)).map((part, index) =>
        line(span(index === 0 ? ` ${glyphsOf(model).failed} ` : '   ', 'bad'), part),
      ),
    ),
  ];
}

function columns({ operations }: TaskPlan, model: Model): Column<WantedOperation>[] {
  const texts = textsOf(model.language).newTask;
  return [
    {
      title: texts.number,
      width: 3,
      align: 'right',
      cell: (operation) => String(operations.indexOf(operation) + 1),
    },
    {
      title: texts.operation,
      width: 16,
      cell: ({ type }) => span(operationName(type, model), 'strong'),
    },
    {
      title: texts.details,
      width: 'rest',
      cell: (operation) => operationText(operation.type, operation, model),
    },
  ];
}
