#!/bin/sh
# Looks that a base lost nothing that is needed: check-tools.sh ROOT LIST, LIST being as required-tools.txt is. Every program
# and library that is there must find its libraries, and every program of LIST must start. Names all that do not.
set -eu
root=$1 list=$2
bad=$(mktemp)
trap 'rm -f "$bad"' EXIT

# As the engine runs them: nothing of the server's environment.
inside() {
  chroot "$root" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C "$@"
}

# ldd names a file only when it is given several, and says "not found" beside each library that is missing.
# (/dev of the base may be empty.)
inside sh -c 'ldd /usr/local/bin/* /usr/bin/* /usr/sbin/* /usr/lib/systemd/* /usr/lib/udev/* \
  /usr/lib/x86_64-linux-gnu/*.so* || true' 2>/dev/null |
  awk '/^\// { file = $1; sub(/:$/, "", file) } /not found/ { print file " lacks " $1 }' >"$bad"

grep -v '^ *\(#\|$\)' "$list" | while read -r first rest; do
  if [ "$first" = any ]; then
    highest=125
    command=$rest
  else
    highest=0
    command="$first${rest:+ $rest}"
  fi
  status=0
  words=$(inside sh -c "exec 2>&1; $command" </dev/null) || status=$?
  [ "$status" -le "$highest" ] ||
    printf '%s: status %s: %.200s\n' "$command" "$status" "$(echo "$words" | tr '\n' ' ')" >>"$bad"
done

if [ -s "$bad" ]; then
  # In one line: of a tool's words an operator sees one.
  echo "what a base must have does not work in it: $(sort -u "$bad" | tr '\n' ';')" >&2
  exit 1
fi
