/** Where operating systems keep their loaders for UEFI. */

/** On an EFI system partition, tried in this order: those that show a menu of all systems come first. */
export const UEFI_LOADERS = [
  ...['debian', 'ubuntu', 'fedora', 'opensuse', 'rocky', 'almalinux', 'redhat', 'centos'].map(
    (name) => `/EFI/${name}/shimx64.efi`,
  ),
  '/EFI/Microsoft/Boot/bootmgfw.efi',
  ...['debian', 'ubuntu', 'fedora', 'opensuse', 'arch'].map((name) => `/EFI/${name}/grubx64.efi`),
  '/EFI/systemd/systemd-bootx64.efi',
  '/EFI/BOOT/BOOTX64.EFI',
] as const;
