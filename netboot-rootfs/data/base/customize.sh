#!/bin/sh
# Run by mmdebstrap at the end of a base, outside the new system, which is $1. Environment:
#   OPENCLONE_DATA      the directory of this file
#   OPENCLONE_FIRMWARE  packages to install when the sources have them
#   OPENCLONE_SERVER_HARDWARE  "y": with the drivers of server-modules.txt
#   OPENCLONE_REPORT    a file for what others should know: one line each
set -eu
root=$1

# Of all that mmdebstrap says only its end is read.
tell_problem() {
  cat "$root/../problem" >&2
  sed 's/^/problem /' "$root/../problem" >>"$OPENCLONE_REPORT"
  exit 1
}

for package in $OPENCLONE_FIRMWARE; do
  if APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-cache show "$package" >/dev/null 2>&1; then
    APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get --yes install \
      -oDPkg::Chroot-Directory="$root" "$package" >&2
    echo "firmware $package" >>"$OPENCLONE_REPORT"
  else
    echo "no-firmware $package" >>"$OPENCLONE_REPORT"
  fi
done

rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
du -xsk "$root" | sed 's/[^0-9].*//; s/^/kib-before-pruning /' >>"$OPENCLONE_REPORT"
dpkg-query --admindir="$root/var/lib/dpkg" -W -f '${db:Status-Abbrev} ${Package} ${Version}\n' |
  sed -n 's/^ii *//p' >"$root/usr/share/openclone-packages.txt"

# A screen works by the firmware's frame buffer, networks are cables.
modules=$(echo "$root"/usr/lib/modules/*)
test -d "$modules" || { echo "one kernel is expected, there are: $modules" >&2; exit 1; }
chroot "$root" depmod "${modules##*/}"
# What names a device's driver, of all drivers: says later which ones this base lacks.
cp "$modules/modules.alias" "$root/../all.alias"
set -- "$OPENCLONE_DATA/unneeded-modules.txt"
[ "${OPENCLONE_SERVER_HARDWARE:-}" = y ] || set -- "$@" "$OPENCLONE_DATA/server-modules.txt"
sh "$OPENCLONE_DATA/thin-modules.sh" "$modules" "$OPENCLONE_DATA/needed-modules.txt" \
  "$OPENCLONE_DATA/required-modules.txt" "$@" >"$root/../gone" 2>"$root/../problem" || tell_problem
find "$modules/kernel" -depth -type d -empty -delete
chroot "$root" depmod "${modules##*/}"
mkdir "$root/etc/initramfs-tools/openclone"
sh "$OPENCLONE_DATA/left-out-cards.sh" "$root/../gone" "$root/../all.alias" \
  >"$root/etc/initramfs-tools/openclone/left-out-cards"
rm "$root/../gone" "$root/../all.alias"

# Firmware of devices that we have no modules for any more, or are no network cards.
if [ -d "$root/usr/lib/firmware" ]; then
  for path in "$root"/usr/lib/firmware/*; do
    grep -qx "${path##*/}" "$OPENCLONE_DATA/network-firmware.txt" || rm -rf "$path"
  done
fi

# Hooks of packages would bring disk drivers, RAID and LVM into the initramfs. Only the network belongs there.
for hook in "$root"/usr/share/initramfs-tools/hooks/*; do
  case ${hook##*/} in
    udev | kmod | klibc-utils | zz-busybox*) ;;
    *) rm -f "$hook" ;;
  esac
done
rm -f "$root"/etc/initramfs-tools/hooks/* "$root"/etc/initramfs-tools/conf.d/*
install -m 755 "$OPENCLONE_DATA/initramfs/hook" "$root/etc/initramfs-tools/hooks/zzz-openclone"
install -m 644 "$OPENCLONE_DATA/initramfs/initramfs.conf" "$root/etc/initramfs-tools/conf.d/openclone"
: >"$root/etc/initramfs-tools/modules"
chroot "$root" mkinitramfs -o /boot/openclone-initrd "${modules##*/}"
mv "$root/boot/openclone-initrd" "$root/../initrd.img"
mv "$root/boot/vmlinuz-${modules##*/}" "$root/../vmlinuz"
echo "kernel ${modules##*/}" >>"$OPENCLONE_REPORT"

# (base.ts throws the rest of apt and dpkg away: mmdebstrap is not done with them.)
sed 's/#.*//' "$OPENCLONE_DATA/unneeded-files.txt" | while read -r pattern; do
  # shellcheck disable=SC2086
  [ -z "$pattern" ] || (cd "$root" && rm -rf $pattern)
done
mkdir -p "$root/var/cache" "$root/var/log"

# The host touches no disk by itself. udev's rules for assembling RAID (mdadm writes superblocks), for activating
# LVM and for tuning disks are switched off by an empty file of the same name; the settings below say it again.
mkdir -p "$root/etc/udev/rules.d" "$root/etc/modprobe.d" "$root/etc/lvm" "$root/etc/mdadm"
for rule in $(sed 's/#.*//' "$OPENCLONE_DATA/switched-off-rules.txt"); do
  ln -sf /dev/null "$root/etc/udev/rules.d/$rule"
done
echo 'AUTO -all' >"$root/etc/mdadm/mdadm.conf"
printf 'global { event_activation = 0 }\nactivation { auto_activation_volume_list = [] }\n' \
  >"$root/etc/lvm/lvmlocal.conf"
# Should somebody assemble an array by hand, nothing is written to it before the first real write.
echo 'options md_mod start_ro=1' >"$root/etc/modprobe.d/openclone.conf"

# What was thrown away above was needed by nobody: otherwise it shows here, and not on a host.
sh "$OPENCLONE_DATA/check-tools.sh" "$root" "$OPENCLONE_DATA/required-tools.txt" 2>"$root/../problem" || tell_problem
rm -f "$root/../problem"

# Names: the same for all hosts; the engine knows who it is.
echo openclone >"$root/etc/hostname"
printf '127.0.0.1 localhost\n::1 localhost\n127.0.1.1 openclone\n' >"$root/etc/hosts"
: >"$root/etc/machine-id"
: >"$root/etc/fstab"
rm -f "$root/etc/passwd-" "$root/etc/group-" "$root/etc/shadow-" "$root/etc/gshadow-"
# No password works for anybody.
sed -i 's/^\([^:]*\):[^:]*:/\1:*:/' "$root/etc/shadow"

# On the server these are files in an exported directory that nobody keeps up to date: none may give rights, and
# NFS without root's rights must be able to read them all.
# (/dev, /proc and /sys are the server's own while this runs.)
find "$root" -xdev \( -path "$root/dev" -o -path "$root/proc" -o -path "$root/sys" \) -prune -o \
  \( -type f -o -type d \) -exec chmod ug-s,a+rX {} +
