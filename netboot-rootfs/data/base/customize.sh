#!/bin/sh
# Run by mmdebstrap at the end of a base, outside the new system, which is $1. Environment:
#   OPENCLONE_DATA      the directory of this file
#   OPENCLONE_FIRMWARE  packages to install when the sources have them
#   OPENCLONE_REPORT    a file for what others should know: one line each
set -eu
root=$1

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

# Modules that no host needs to copy disks: a screen works by the firmware's frame buffer, networks are cables.
modules=$(echo "$root"/usr/lib/modules/*)
test -d "$modules" || { echo "one kernel is expected, there are: $modules" >&2; exit 1; }
sed 's/#.*//' "$OPENCLONE_DATA/unneeded-modules.txt" | while read -r path; do
  if [ -n "$path" ]; then rm -rf "$modules/kernel/$path"; fi
done
chroot "$root" depmod "${modules##*/}"

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

# What only a system that installs packages or talks to people needs. (base.ts throws apt and dpkg away: mmdebstrap
# is not done with them.)
rm -rf "$root"/boot/* "$root"/var/cache/* "$root"/var/log/* "$root"/var/lib/systemd "$root"/usr/share/initramfs-tools \
  "$root"/etc/initramfs-tools "$root"/usr/share/info "$root"/usr/share/lintian "$root"/usr/share/bug \
  "$root"/usr/share/zoneinfo "$root"/usr/share/bash-completion "$root"/usr/share/python3 \
  "$root"/usr/lib/python3* "$root"/usr/share/perl "$root"/usr/share/perl5 "$root"/usr/share/locale \
  "$root"/usr/lib/x86_64-linux-gnu/perl "$root"/usr/lib/x86_64-linux-gnu/libperl.so* \
  "$root"/usr/bin/python3* "$root"/usr/bin/hivexml "$root"/usr/lib/x86_64-linux-gnu/libxml2.so* \
  "$root"/usr/lib/x86_64-linux-gnu/libicu* "$root"/usr/lib/udev/hwdb.d "$root"/tmp/* "$root"/run/* \
  "$root"/vmlinuz* "$root"/initrd.img* "$root"/etc/resolv.conf
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
for tool in $(sed 's/#.*//' "$OPENCLONE_DATA/required-tools.txt"); do
  path=$(chroot "$root" sh -c "command -v $tool") || { echo "$tool is missing" >&2; exit 1; }
  lacks=$(chroot "$root" ldd "$path" 2>/dev/null | grep 'not found' || true)
  [ -z "$lacks" ] || { echo "$path lacks $lacks" >&2; exit 1; }
done

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
