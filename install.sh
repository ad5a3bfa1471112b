#!/bin/bash
# Bootstrap on a fresh Debian or Ubuntu: brings Node, then hands over. The list of packages is installer/packages.txt.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
log=

usage() {
  cat <<'TEXT'
Usage: sudo ./install.sh [OPTIONS]    make this machine an OpenClone server, or update the one that it is
       sudo ./install.sh --uninstall  remove OpenClone; images, hosts and keys stay (--purge-data, --remove-packages)
       ./install.sh --lab [OPTIONS]   install what the lab needs, then capture a disk of one virtual host,
                                      deploy it to several others by multicast, verify and boot it
       ./install.sh --test            install what the tests need, then run them all
       ./install.sh --help

Installing asks, shows every package, file and service that it will touch, and changes nothing before you said yes
(in a clone it fetches npm packages, and npm itself, first: a release needs neither).
  --answers FILE  answers as JSON (docs/install.md)    --yes      ask nothing
  --dry-run       show the plan, change nothing        --refresh  boot loaders and root file system again
  --force         in spite of what could be wrong but need not be
It runs on Debian 12 and 13 and on Ubuntu 24.04 and 26.04 (amd64), also again, to update.

The lab and the tests run on Debian 12 or newer. Their OPTIONS: --hosts 4, --rate 200mbit, --source gpt, --disk FILE,
--keep DIRECTORY, --json; ./install.sh --lab --help lists them. Nothing is set up as a service by them; packages are
installed from Debian and npm, and only those that are missing.
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
    fail "this failed: $title" "${remedy:-The command was: $*}"
  fi
}

# check_machine PURPOSE: "server" runs on Ubuntu as well, the lab and the tests need namespaces.
check_machine() {
  [ "$(id -u)" = 0 ] || fail 'please run this as root' 'It installs packages, services and namespaces: sudo ./install.sh …'
  [ -r /etc/os-release ] || fail 'this is not Debian: there is no /etc/os-release'
  # shellcheck source=/dev/null
  (
    . /etc/os-release
    # Testing and unstable have no number.
    case "$1 ${ID-} ${VERSION_ID:-99}" in
      *' debian '[0-9] | *' debian 1'[01]) fail "this is ${PRETTY_NAME:-Debian}: it is too old" 'Use Debian 12 or newer.' ;;
      *' debian '*) ;;
      'server ubuntu 24.04' | 'server ubuntu 26.04') ;;
      server*)
        fail "this is ${PRETTY_NAME:-an unknown system}" \
          'A server is installed on Debian 12 and 13, and on Ubuntu 24.04 and 26.04.'
        ;;
      *) fail "this is ${PRETTY_NAME:-an unknown system}, and the packages are Debian's" 'Use Debian 12 or newer.' ;;
    esac
  ) || exit 1
  local architecture
  architecture=$(dpkg --print-architecture)
  [ "$architecture" = amd64 ] || fail "this machine's architecture is $architecture" 'OpenClone runs on amd64 for now.'
  [ "$1" != server ] || return 0
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
  install_missing "${missing[@]}"
}

install_missing() {
  [ $# -gt 0 ] || return 0
  export DEBIAN_FRONTEND=noninteractive
  if [ -n "$(dpkg --audit 2>/dev/null)" ] || compgen -G '/var/lib/dpkg/updates/[0-9]*' >/dev/null; then
    # A changed configuration file stays as it is: nobody is there to be asked.
    quietly 'Finishing what dpkg was interrupted in' \
      dpkg --force-confdef --force-confold --configure -a
  fi
  say '→ Updating the list of packages'
  # One source that cannot be read need not be in the way: whether all can be had is seen next.
  apt_get update >"$log.update" 2>&1 </dev/null ||
    say "Not all package sources can be read; trying without: $(grep -m 1 '^E: ' "$log.update" || true)"
  say "→ Installing $# packages: $*"
  apt_get -y --no-install-recommends -o Dpkg::Use-Pty=0 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install "$@" \
    >"$log" 2>&1 </dev/null && return
  cat "$log" >&2
  grep -qE 'Could not (connect|resolve)|Cannot initiate the connection|Temporary failure resolving|Unable to connect|Connection (failed|timed out|refused)|Network is unreachable|No route to host' \
    "$log.update" "$log" || fail "this failed: installing $*" 'See what apt-get said above.'
  fail "the Debian mirror of this machine cannot be reached: $(mirrors)" \
    'The server needs it, or a proxy that apt knows of: Acquire::http::Proxy "http://PROXY:PORT/"; in /etc/apt/apt.conf.d/80proxy'
}

# The addresses that apt has packages from.
mirrors() {
  LC_ALL=C apt-get --print-uris update 2>/dev/null | sed -n "s#^'\(http[^']*\)/dists/.*#\1#p" | sort -u | tr '\n' ' '
}

# apt_get ARGUMENTS...: waits ten minutes for others' locks; DPkg::Lock::Timeout knows that of dpkg only.
apt_get() {
  local status left=300
  while :; do
    status=0
    LC_ALL=C apt-get -q -o DPkg::Lock::Timeout=600 "$@" >"$log.apt" 2>&1 || status=$?
    cat "$log.apt"
    left=$((left - 1))
    [ "$status" != 0 ] && [ "$left" != 0 ] && grep -q 'Could not get lock' "$log.apt" || return "$status"
    sleep 2
  done
}

# The packages of npm, unless those of this package-lock.json are there already.
install_modules() {
  local stamp=$here/node_modules/.openclone-installed wanted
  wanted=$(sha256sum <"$here/package-lock.json")
  if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    remedy='A clone needs the npm registry (npm_config_registry names another one); a release archive needs none.' \
      quietly 'Installing Node and the npm packages' npm --prefix "$here" ci --no-audit --no-fund
    printf '%s\n' "$wanted" >"$stamp"
  fi
  quietly 'Building the engine and the command line' npm --prefix "$here" run build
}

open_log() {
  # The installer has a lock of its own; this one is for the packages of a clone.
  exec 8<"$here"
  flock --nonblock 8 || {
    say "Waiting: another install.sh works in $here …"
    flock 8
  }
  log=$(mktemp /tmp/openclone-install.XXXXXX)
  trap 'rm -f "$log" "$log.apt" "$log.update"' EXIT
}

# exec runs no trap.
close_log() {
  rm -f "$log" "$log.apt" "$log.update"
  exec 8<&-
  cd "$here"
}

prepare() {
  check_machine "$1"
  open_log
  install_packages "$1"
  install_modules
  close_log
}

# A release has its npm packages, Node and what is built with it; in a clone they are fetched and built.
prepare_server() {
  check_machine server
  open_log
  if [ ! -e "$here/RELEASE.json" ] && [ ! -e "$here/.content-hash" ]; then
    local missing=()
    command -v npm >/dev/null || missing+=(npm ca-certificates)
    install_missing "${missing[@]}"
    install_modules
  fi
  # What the installer looks around with; every Debian server has it.
  command -v ip >/dev/null || install_missing iproute2
  close_log
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
  *)
    # What else was given is for the installer, which knows its own options.
    caller=$PWD
    prepare_server
    node=$here/node_modules/.bin/node
    # Names of files are meant from where the caller is.
    cd "$caller"
    exec "$node" "$here/installer/main.ts" "$@"
    ;;
esac
