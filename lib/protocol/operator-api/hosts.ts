/** Operators' calls about hosts. */

import { z } from 'zod';
import { HostView, LocalBoot } from '../../model/host.ts';
import { MAX_HOSTS } from '../../model/limits.ts';
import { MachineText } from '../../model/machine-text.ts';
import { Hostname, MacAddress, Reference } from '../../model/names.ts';
import { Targets } from '../../model/task-request.ts';
import { Wake } from '../../model/wake.ts';
import { changes, polls, reads, type OperatorMethod } from './method.ts';
import { HostReference, Nothing } from './references.ts';

const HostViews = z.array(HostView).max(MAX_HOSTS);

export const HOST_METHODS = {
  'host.list': polls(z.object({ group: Reference.nullable() }), HostViews),
  /** The hosts that targets of a task mean, each once, by name. */
  'host.resolve': reads(z.object({ targets: Targets }), HostViews),
  'host.show': reads(z.object({ host: HostReference }), HostView),
  'host.edit': changes(
    ['hosts', 'groups'],
    z.object({
      host: HostReference,
      name: Hostname.optional(),
      mac: MacAddress.optional(),
      /** null takes the host out of its group. */
      group: Reference.nullable().optional(),
      serialNumber: MachineText.nullable().optional(),
      ipAddress: z.ipv4().max(15).nullable().optional(),
      /** A shell on the host's own console, for the next start of its engine. */
      debugShell: z.boolean().optional(),
      /** How it goes on from the boot loader to its own disk. */
      localBoot: LocalBoot.optional(),
    }),
    HostView,
  ),
  /** All changes or none: a conflict of one (also with another one of them) refuses them all. */
  'host.editMany': changes(
    ['hosts', 'groups'],
    z.object({
      changes: z
        .array(
          z.object({
            host: HostReference,
            name: Hostname.optional(),
            ipAddress: z.ipv4().max(15).nullable().optional(),
            /** null takes the host out of its group. */
            group: Reference.nullable().optional(),
          }),
        )
        .min(1)
        .max(10_000),
    }),
    HostViews,
  ),
  /** Makes a host known, and approved, before its engine has ever been here. */
  'host.add': changes(
    ['hosts', 'groups'],
    z.object({
      mac: MacAddress,
      /** Absent: it is called after its MAC address. */
      name: Hostname.optional(),
      group: Reference.optional(),
      ipAddress: z.ipv4().max(15).optional(),
    }),
    HostView,
  ),
  /** Approves pending hosts; approved ones stay so. */
  'host.approve': changes(
    ['hosts'],
    z.object({ hosts: z.array(HostReference).min(1).max(10_000) }),
    HostViews,
  ),
  /** The operator says that the half-written disk is fine: the host boots from it again. */
  'host.clear': changes(['hosts', 'tasks'], z.object({ host: HostReference }), HostView),
  /**
   * From now on the host is another machine, one of its `otherMachines`. Which one has to be said if there are several;
   * null: the one that tells no serial number.
   */
  'host.acceptMachine': changes(
    ['hosts'],
    z.object({
      host: HostReference,
      serialNumber: MachineText.nullable().optional(),
      /** The network adapter that it sent from, where several did. */
      hardwareAddress: MacAddress.optional(),
    }),
    HostView,
  ),
  'host.delete': changes(['hosts', 'groups'], z.object({ host: HostReference }), Nothing),
  /** Sends magic packets to those that are off, and returns which; the status says how it goes on. */
  'host.wake': changes(
    [],
    z.object({ targets: Targets }),
    z.object({
      waking: z.array(Wake).max(MAX_HOSTS),
      alreadyOn: z.array(z.string().max(253)).max(MAX_HOSTS),
    }),
  ),
} as const satisfies Record<string, OperatorMethod>;
