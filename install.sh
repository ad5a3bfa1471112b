#!/bin/bash
# Bootstrap on a fresh Debian: installs what is missing, then hands over. The list of packages is installer/packages.txt.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
log=

usage() {
  cat <<'TEXT'
Usage: ./install.sh --lab [OPTIONS]   install what the lab needs, then capture a disk of one virtual host,
                                      deploy it to several others by multicast, verify and boot it
       ./install.sh --test            install what the tests need, then run them all
       ./install.sh --help

OPTIONS go to the lab: --hosts 4, --rate 200mbit, --source gpt, --disk FILE, --keep DIRECTORY, --json;
./install.sh --lab --help lists them. Run as root on Debian 12 or newer (amd64). Nothing is set up as a
service; packages are installed from Debian and npm, and only those that are missing.
TEXT
}

say() {
  printf '%s\n' "$*" >&2
}

fail() {
  say "install.sh: $1"
  [ $# -lt 2 ] || say "$2"
  exit 1
}

# quietly TITLE COMMAND...: says TITLE; what the command says is shown only when it fails.
quietly() {
  local title=$1
  shift
  say "→ $title"
  if ! "$@" >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    fail "this failed: $title" "The command was: $*"
  fi
}

check_machine() {
  [ "$(id -u)" = 0 ] || fail 'please run this as root' 'The lab makes network namespaces and disks: sudo ./install.sh …'
  [ -r /etc/os-release ] || fail 'this is not Debian: there is no /etc/os-release'
  # shellcheck source=/dev/null
  (
    . /etc/os-release
    [ "${ID-}" = debian ] || fail "this is ${PRETTY_NAME:-an unknown system}, and the packages are Debian's" 'Use Debian 12 or newer.'
    # Testing and unstable have no number.
    [ "${VERSION_ID:-99}" -ge 12 ] || fail "this is ${PRETTY_NAME:-Debian}: it is too old" 'Use Debian 12 or newer.'
  ) || exit 1
  local architecture
  architecture=$(dpkg --print-architecture)
  [ "$architecture" = amd64 ] || fail "this machine's architecture is $architecture" 'OpenClone runs on amd64 for now.'
  [ -e /proc/self/ns/net ] || fail '/proc is not mounted' 'In a chroot, mount /proc, /sys and /dev first.'
  unshare --mount --net true 2>/dev/null ||
    fail 'no namespaces can be made here' \
      'A container needs to be privileged; the root of a chroot has to be a mount point (mount --bind DIR DIR).'
}

is_installed() {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# install_packages SET: everything of SET and of "both" that is not there.
install_packages() {
  local set package missing=()
  while read -r set package _; do
    case $set in "$1" | both) is_installed "$package" || missing+=("$package") ;; esac
  done <"$here/installer/packages.txt"
  # Debian's npm brings a Node of its own, only to run npm ci: everything else runs on the Node that this installs.
  command -v npm >/dev/null || missing+=(npm)
  [ ${#missing[@]} -gt 0 ] || return 0
  export DEBIAN_FRONTEND=noninteractive
  quietly 'Updating the list of packages' apt-get -q update
  quietly "Installing ${#missing[@]} packages: ${missing[*]}" \
    apt-get -q -y --no-install-recommends -o Dpkg::Use-Pty=0 install "${missing[@]}"
}

# The packages of npm, unless those of this package-lock.json are there already.
install_modules() {
  local stamp=$here/node_modules/.openclone-installed wanted
  wanted=$(sha256sum <"$here/package-lock.json")
  if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    quietly 'Installing Node and the npm packages' npm --prefix "$here" ci --no-audit --no-fund
    printf '%s\n' "$wanted" >"$stamp"
  fi
  quietly 'Building the engine' npm --prefix "$here" run build
}

prepare() {
  check_machine
  log=$(mktemp /tmp/openclone-install.XXXXXX)
  trap 'rm -f "$log"' EXIT
  install_packages "$1"
  install_modules
  # exec runs no trap.
  rm -f "$log"
  cd "$here"
}

case ${1-} in
  --lab)
    shift
    prepare lab
    # As `npm run lab`, without a process between that would keep signals from it.
    exec node_modules/.bin/node test/lab/main.ts "$@"
    ;;
  --test)
    [ $# = 1 ] || fail "--test takes no options, and got: ${*:2}"
    prepare test
    exec npm test
    ;;
  -h | --help)
    usage
    ;;
  '')
    usage >&2
    exit 2
    ;;
  *)
    say "install.sh: $1 is not known."
    say 'Installing the server for real comes with a later version; for now there are the lab and the tests.'
    say ''
    usage >&2
    exit 2
    ;;
esac
