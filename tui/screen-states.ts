/** What the screens hold and what they want done, all of it plain data: JSON says everything about what is open. */

import type { DiskChoice } from '../lib/disk/disk-choices.ts';
import type { HostView } from '../lib/model/host.ts';
import type { GroupId, HostId, ImageId, RunId, SessionId, TaskId } from '../lib/model/ids.ts';
import type { Manifest } from '../lib/model/image.ts';
import type { WantedOperation } from '../lib/model/operation.ts';
import type { TransportChoice } from '../lib/model/operations/deploy.ts';
import type { ShutdownMode } from '../lib/model/operations/shutdown.ts';
import type { Run, Task } from '../lib/model/task.ts';
import type { ParamsIn } from '../lib/protocol/contract.ts';
import type { OperatorMethods } from '../lib/protocol/operator-api/table.ts';
import type { OperatorView } from '../lib/model/operator-account.ts';
import type { TaskView } from '../lib/client/task-view.ts';
import type { Form } from './values/form.ts';
import type { DisabledReason } from './disabled-reason.ts';
import type { Selection } from './values/selection.ts';
import type { ScreenEvent } from './events.ts';
import type { Style } from './picture.ts';
import type { HostListState, MarkedList } from './values/host-list-state.ts';
import type { Method } from './requests.ts';

/** The state of each screen and dialog, by its name; what a screen does with it stands in `table.ts`. */
export type ScreenStates = {
  readonly overview: Listed;
  readonly hosts: HostListState;
  readonly group: MarkedList & { readonly groupId: GroupId | null };
  readonly host: Scrolled & {
    readonly hostId: HostId;
    /** Tasks that were read when this was opened; what the server pushes is newer. */
    readonly read: readonly Task[];
  };
  readonly groups: Listed;
  readonly 'group-members': Listed & {
    readonly groupId: GroupId;
    /** What was changed and is not saved: true for hosts that come, false for those that go. */
    readonly changes: MemberChanges;
  };
  readonly images: Listed;
  readonly image: Scrolled & {
    readonly imageId: ImageId;
    /** Null until the server has answered. */
    readonly details: ImageDetails | null;
  };
  readonly tasks: Listed & {
    /** What was read last; the server pushes the newest ones by itself. */
    readonly read: readonly Task[];
    readonly limit: number;
  };
  readonly task: Listed & { readonly taskId: TaskId; readonly read: ReadTask | null };
  readonly run: Scrolled & {
    readonly taskId: TaskId;
    readonly runId: RunId;
    readonly read: ReadTask | null;
  };
  readonly log: {
    readonly run: Run;
    readonly hostName: string;
    /** Null until it has been read. */
    readonly read: { readonly lines: readonly string[]; readonly isCut: boolean } | null;
    /** Null: the end, where the newest is. */
    readonly first: number | null;
  };
  readonly session: Listed & {
    readonly taskId: TaskId;
    /** Null: the newest of the task. */
    readonly sessionId: SessionId | null;
    readonly read: ReadTask | null;
  };
  readonly events: Listed & { readonly isOnlyBad: boolean };
  readonly settings: Listed & {
    /** Null until they have been read. */
    readonly operators: readonly OperatorView[] | null;
  };
  readonly help: Scrolled & {
    /** The title of the screen that the keys belong to. */
    readonly of: string;
    readonly entries: readonly HelpEntry[];
  };
  readonly login: Filled;
  readonly 'no-server': Empty;

  readonly 'deploy-image': Listed & {
    /** The hosts that were chosen before; null: none. */
    readonly hostIds: readonly HostId[] | null;
  };
  readonly 'deploy-targets': HostListState & { readonly imageId: ImageId };
  readonly 'deploy-disk': Listed & { readonly targets: Targets };
  readonly 'deploy-options': Filled & Scrolled & { readonly targets: TargetDisks };
  readonly 'deploy-summary': Scrolled & { readonly plan: DeployPlan };
  readonly 'capture-host': Listed;
  readonly 'capture-disk': Listed & { readonly hostId: HostId };
  readonly 'capture-options': Filled & Scrolled & { readonly source: CaptureSource };
  readonly 'task-hosts': HostListState;
  readonly 'task-editor': EditedPlan;
  readonly 'name-rule': Filled & Scrolled & { readonly hostIds: readonly HostId[] };
  readonly 'address-rule': Filled & Scrolled & { readonly hostIds: readonly HostId[] };

  readonly confirm: {
    readonly title: string;
    readonly texts: readonly string[];
    readonly label: string;
    /** What follows when the answer is yes. */
    readonly actions: readonly Action[];
  };
  readonly message: {
    readonly title: string;
    readonly texts: readonly string[];
    readonly style: Style;
  };
  readonly 'choose-group': Listed;
  readonly 'to-group': Listed & { readonly hostIds: readonly HostId[] };
  readonly 'accept-machine': Listed & { readonly hostId: HostId };
  readonly registration: Listed;
  readonly 'group-add': Filled & {
    /** The hosts that go into it. */
    readonly hostIds: readonly HostId[];
  };
  readonly 'group-rename': Filled & { readonly groupId: GroupId; readonly name: string };
  readonly 'image-rename': Filled & { readonly imageId: ImageId; readonly name: string };
  readonly 'host-add': Filled;
  readonly 'host-edit': Filled & {
    /** As it was when the dialog was opened. */
    readonly host: EditedHost;
  };
  readonly 'settings-idle': Filled;
  readonly 'settings-defaults': Filled;
  readonly 'operator-add': Filled & { readonly known: readonly OperatorView[] };
  readonly 'operator-password': Filled & NamedOperator;
  readonly 'operator-rename': Filled & NamedOperator & { readonly known: readonly OperatorView[] };
  readonly elsewhere: Filled;
  readonly 'task-add': Listed & { readonly edited: EditedPlan };
  readonly 'task-disk': Listed & { readonly edited: EditedPlan };
  readonly 'task-until': Filled & { readonly edited: EditedPlan };
  readonly 'task-operation': Filled & {
    readonly edited: EditedPlan;
    readonly kind: WantedOperation['type'];
    /** Where in the plan it stands already; null for a new one. */
    readonly index: number | null;
  };
};

export type ScreenName = keyof ScreenStates;

/** A screen of this name, as it lies on the stack. */
export type ScreenOf<N extends ScreenName> = { readonly name: N; readonly state: ScreenStates[N] };

export type Screen = { readonly [N in ScreenName]: ScreenOf<N> }[ScreenName];

type Empty = Readonly<Record<string, never>>;
type Listed = { readonly selection: Selection };
/** `first` is the line that is seen first. */
type Scrolled = { readonly first: number };
type Filled = { readonly form: Form };

export type MemberChanges = Readonly<Record<HostId, boolean>>;
/** A task as it was read; what the server pushes is newer. */
export type ReadTask = Pick<TaskView, 'task' | 'hostNames'>;
export type ImageDetails = { readonly manifest: Manifest; readonly directory: string };
/** `isOwn`: it is the account of who works here, who says the password too. */
export type NamedOperator = { readonly name: string; readonly isOwn: boolean };
export type EditedHost = Pick<
  HostView,
  'id' | 'name' | 'mac' | 'ipAddress' | 'groupId' | 'serialNumber' | 'localBoot'
>;
export type HelpEntry = {
  readonly keys: readonly string[];
  readonly help: string;
  readonly disabledReason: DisabledReason | null;
};

/** What the steps of the wizard collect for a deployment. */
export type Targets = { readonly imageId: ImageId; readonly hostIds: readonly HostId[] };
export type TargetDisks = Targets & { readonly disk: DiskChoice['selector'] };
export type DeployPlan = TargetDisks & {
  readonly transport: TransportChoice;
  /** How long a session waits for missing hosts after the first is ready; null: as gatherMs thinks right. */
  readonly chosenGatherMs: number | null;
  readonly wake: boolean;
  /** How long the work waits for hosts that are off or busy. */
  readonly waitMs: number;
  readonly afterwards: ShutdownMode | null;
};

export type CaptureSource = { readonly hostId: HostId; readonly disk: string };

/** The task that is being put together: hosts, one disk, operations in order. */
export type TaskPlan = {
  readonly hostIds: readonly HostId[];
  readonly disk: DiskChoice['selector'];
  readonly operations: readonly WantedOperation[];
  readonly wake: boolean;
  /** How long it waits for its hosts, as it was typed; null: as the settings say. */
  readonly until: string | null;
};
export type EditedPlan = { readonly plan: TaskPlan; readonly selection: Selection };

/** What a screen wants done. */
export type Action =
  | Request
  /** Put a screen on top; Esc comes back to this one. */
  | { readonly type: 'push'; readonly screen: Screen }
  /** Leave this screen. */
  | { readonly type: 'pop' }
  /** Leave the topmost screen of this name, wherever it is by now: for answers that come later. */
  | { readonly type: 'close'; readonly name: ScreenName }
  /** Leave this screen for another one. */
  | { readonly type: 'replace'; readonly screen: Screen }
  /** Begin again with this screen alone. */
  | { readonly type: 'home'; readonly screen: Screen }
  /** Tell the screen that is on top by then: how a dialog answers the screen below. */
  | { readonly type: 'tell'; readonly event: ScreenEvent }
  | { readonly type: 'notice'; readonly text: string; readonly isBad: boolean }
  /** Read groups, images and settings again. */
  | { readonly type: 'refresh' }
  /** Who works here has another name now. */
  | { readonly type: 'called'; readonly name: string }
  /** The server knows now who this is. */
  | { readonly type: 'logged-in'; readonly name: string; readonly loginToken: string }
  /** Take the connection up again at once. */
  | { readonly type: 'try-now' }
  /** Leave this server for one on the network. */
  | { readonly type: 'elsewhere'; readonly server: string }
  /** Write the last events to a file. */
  | { readonly type: 'record' }
  | { readonly type: 'quit' };

/** A call of `method`. */
export type RequestOf<M extends Method> = {
  readonly type: 'request';
  /** What is being done, while it lasts and for the message when it fails: "deploying win11". */
  readonly title: string;
  readonly method: M;
  readonly params: ParamsIn<OperatorMethods, M>;
  readonly then: Then;
  /** Nobody waits for it: it is not shown, and that it was lost with the connection is not said. */
  readonly isQuiet: boolean;
};

export type Request = { readonly [M in Method]: RequestOf<M> }[Method];

/** What is done when the answer is there: something that is known before, or a follow-up that looks at the answer. */
export type Then = { readonly type: 'actions'; readonly actions: readonly Action[] } | FollowUp;

/** By name, what each of `follow-ups.ts` has to know besides the answer. */
export type FollowUps = {
  /** A deployment, capture or composed task: its wizard goes, its page or session comes. */
  readonly 'task-started': {
    readonly wizard: readonly ScreenName[];
    readonly shows: 'task' | 'session';
    readonly started: 'deploy' | 'capture' | 'newTask';
  };
  readonly 'shutdown-started': Empty;
  readonly 'task-cancelled': Empty;
  readonly 'hosts-woken': Empty;
  readonly 'host-added': Empty;
  readonly 'host-saved': Empty;
  readonly 'hosts-named': Empty;
  readonly 'hosts-addressed': Empty;
  readonly 'operator-renamed': NamedOperator;
  readonly 'logged-in': Empty;
  readonly 'registration-set': Empty;
  readonly 'image-verified': { readonly name: string };
};

export type FollowUpName = keyof FollowUps;
export type FollowUp = {
  readonly [N in FollowUpName]: {
    readonly type: 'follow-up';
    readonly name: N;
    readonly params: FollowUps[N];
  };
}[FollowUpName];

/** A request that is not answered yet; its secrets are gone. */
export type PendingRequest = Request & { readonly id: number; readonly since: number };
