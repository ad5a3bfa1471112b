/** The site: how this server serves its rooms. Written by the installer, read by server, doctor and boot media. */

import { z } from 'zod';

/** Raised whenever an older program would misread the file. */
export const SITE_FORMAT_VERSION = 1;

const AbsolutePath = z
  .string()
  .max(200)
  .regex(/^(\/[A-Za-z0-9._@+-]+)+$/, 'an absolute path of letters, digits and . _ @ + - is needed')
  .refine((path) => !path.split('/').some((part) => part === '.' || part === '..'), 'no . or ..');

/** The kernel's rule for names of interfaces, without what configuration files could misread. */
export const InterfaceName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/);

/** What OpenClone does about DHCP in a subnet. */
export const DhcpMode = z.discriminatedUnion('type', [
  /** We give addresses, from first to last, both included. */
  z.object({
    type: z.literal('full'),
    firstAddress: z.ipv4(),
    lastAddress: z.ipv4(),
    router: z.ipv4().nullable(),
    nameServers: z.array(z.ipv4()).max(4),
    leaseSeconds: z.number().int().min(120).max(31_536_000),
  }),
  /** Somebody else gives addresses; we add what PXE needs. */
  z.object({ type: z.literal('proxy') }),
  /** Somebody else does all of it and names us as boot server. */
  z.object({ type: z.literal('none') }),
]);
export type DhcpMode = z.infer<typeof DhcpMode>;

export const Subnet = z.object({
  /** Names files and tags: "main", "room-2". */
  name: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/, 'lower-case letters, digits and dashes'),
  /** The server's interface by which its packets come and go. */
  interfaceName: InterfaceName,
  /** The server's address that hosts of this subnet can reach; inside the subnet unless it is relayed. */
  serverAddress: z.ipv4(),
  /** The network's own address, "10.77.0.0". */
  networkAddress: z.ipv4(),
  prefixLength: z.number().int().min(8).max(30),
  /** Whether DHCP of this subnet reaches us through a relay on its router. */
  relayed: z.boolean(),
  dhcp: DhcpMode,
});
export type Subnet = z.infer<typeof Subnet>;

/** How hosts get their root file system: read from the server while they run, or fetched into memory at once. */
export const RootTransport = z.enum(['nfs', 'ram']);
export type RootTransport = z.infer<typeof RootTransport>;

/**
 * How a BIOS goes on from PXELINUX to the disk: by the boot sector of the host's own disk where that is known, else by the
 * BIOS' own boot order; or always by that.
 */
export const BiosLocalBoot = z.enum(['first-disk', 'next-device']);
export type BiosLocalBoot = z.infer<typeof BiosLocalBoot>;

/**
 * How UEFI goes on from GRUB: by ending GRUB, or by the boot loaders on the host's own disk where that is known, else by
 * those that are found on any.
 */
export const UefiLocalBoot = z.enum(['next-entry', 'search']);
export type UefiLocalBoot = z.infer<typeof UefiLocalBoot>;

export const Site = z.object({
  formatVersion: z.literal(SITE_FORMAT_VERSION),
  /** The first one is the main one. */
  subnets: z.array(Subnet).min(1).max(64),
  /** Whether DHCP answers PXE and net-boot clients only. */
  onlyNetboot: z.boolean(),
  tftpDirectory: AbsolutePath,
  /** Root file systems and kernels for the hosts, each build in a directory of its own. */
  netbootDirectory: AbsolutePath,
  imageDirectory: AbsolutePath,
  rootTransport: RootTransport,
  /** "none": the root file systems are exported by another NFS server of this machine than the kernel's. */
  nfsServer: z.enum(['kernel', 'none']).optional(),
  /** TCP port of kernel, initramfs and squashfs; GRUB and UEFI HTTP boot only know 80. */
  httpPort: z.number().int().min(1).max(65_535),
  /** TCP port for engines. */
  enginePort: z.number().int().min(1).max(65_535),
  biosLocalBoot: BiosLocalBoot,
  uefiLocalBoot: UefiLocalBoot,
  /** Added to the kernel command line of every host: "nomodeset". Readable by everybody on the network. */
  kernelOptions: z
    .string()
    .max(300)
    .regex(/^[\x21-\x7e]*( [\x21-\x7e]+)*$/, 'words with one space between'),
});
export type Site = z.infer<typeof Site>;
