/**
 * What the installer changed on this machine, as data: written to the record before it is done, taken back in
 * reverse order when a step fails and when OpenClone is uninstalled.
 */

import { z } from 'zod';

const Path = z.string().startsWith('/');

/** What lies in a directory that operators would miss. */
const Data = z.enum(['images', 'store']);

export const Change = z.discriminatedUnion('type', [
  /** A file of ours with its text before, null when there was none. */
  z.object({
    type: z.literal('file'),
    path: Path,
    previous: z.object({ text: z.string(), mode: z.number().int() }).nullable(),
  }),
  /** A symbolic link of ours, with what it pointed to before. */
  z.object({ type: z.literal('link'), path: Path, previousTarget: z.string().nullable() }),
  /** A directory that was not there; `tree` when all that is in it is ours as well. */
  z.object({
    type: z.literal('directory'),
    path: Path,
    tree: z.boolean(),
    data: Data.nullable(),
  }),
  /** A directory that was there, and belonged to somebody else until it became ours. */
  z.object({
    type: z.literal('owner'),
    path: Path,
    previous: z.object({ user: z.number().int(), group: z.number().int(), mode: z.number().int() }),
    data: Data.nullable(),
  }),
  z.object({ type: z.literal('group'), name: z.string() }),
  z.object({ type: z.literal('user'), name: z.string() }),
  /** Debian packages that were not there before: those asked for, and what they brought along. */
  z.object({
    type: z.literal('packages'),
    asked: z.array(z.string()),
    brought: z.array(z.string()),
  }),
  /** A systemd unit that was enabled and started. */
  z.object({
    type: z.literal('unit'),
    unit: z.string(),
    wasEnabled: z.boolean(),
    wasActive: z.boolean(),
  }),
  /** Something has to read its files again after they are as before. */
  z.object({ type: z.literal('reload'), what: z.enum(['systemd', 'exports']) }),
  /** Networks that ufw lets in to our ports, and interfaces on which it lets in who has no address yet. */
  z.object({
    type: z.literal('firewall-rules'),
    networks: z.array(z.string()),
    dhcpInterfaces: z.array(z.string()).default([]),
  }),
  /** Rules in zones of firewalld, for now and for good. */
  z.object({
    type: z.literal('firewalld-rules'),
    rules: z.array(z.object({ zone: z.string(), rule: z.string() })),
  }),
]);
export type Change = z.infer<typeof Change>;

/** Two changes with the same key are about the same thing. */
export function keyOf(change: Change): string {
  switch (change.type) {
    case 'file':
    case 'link':
    case 'directory':
    case 'owner':
      return `${change.type} ${change.path}`;
    case 'group':
    case 'user':
      return `${change.type} ${change.name}`;
    case 'packages':
      return `packages ${change.asked.join(' ')}`;
    case 'unit':
      return `unit ${change.unit}`;
    case 'reload':
      return `reload ${change.what}`;
    case 'firewall-rules':
      return ['firewall-rules', ...change.networks, ...change.dhcpInterfaces].join(' ');
    case 'firewalld-rules':
      return ['firewalld-rules', ...change.rules.map(({ zone, rule }) => `${zone}: ${rule}`)].join(
        ' ',
      );
  }
}
