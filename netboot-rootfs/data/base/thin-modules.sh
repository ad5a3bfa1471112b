#!/bin/sh
# Takes modules away: thin-modules.sh MODULES NEEDED REQUIRED LIST..., MODULES being usr/lib/modules/VERSION with depmod's
# modules.dep of everything, the others files as needed-modules.txt, required-modules.txt and unneeded-modules.txt are. Prints
# the paths of what it removed. A network card or a disk must never lose its driver because a part of it was on a list.
set -eu
modules=$1 needed=$2 required=$3
shift 3

gone=$(
  sed 's/#.*//; s/[[:space:]]*$//' "$@" | grep . | sed 's/^/list /' |
    {
      cat
      sed 's/#.*//; s/[[:space:]]*$//' "$needed" | grep . | sed 's/^/need /'
      sed 's/^/dep /' "$modules/modules.dep"
    } |
    awk '
      # A shell pattern that matches a path or one of the directories it lies in.
      function expression(pattern) {
        gsub(/[][.+(){}^$|\\]/, "\\\\&", pattern)
        gsub(/\*/, "[^/]*", pattern)
        gsub(/\?/, "[^/]", pattern)
        return "^kernel/" pattern "(/|$)"
      }
      $1 == "list" { lists[++listCount] = expression($2) }
      $1 == "need" { needs[++needCount] = "kernel/" $2 }
      $1 == "dep" {
        name = substr($2, 1, length($2) - 1)
        names[++count] = name
        for (i = 3; i <= NF; i++) parts[name] = parts[name] " " $i
      }
      END {
        for (n = 1; n <= count; n++) {
          for (i = 1; i <= listCount; i++) if (names[n] ~ lists[i]) { listed[names[n]] = 1; break }
        }
        for (n = 1; n <= count; n++) {
          if (listed[names[n]]) continue
          for (i = 1; i <= needCount; i++) {
            if (index(names[n], needs[i]) != 1) continue
            partCount = split(parts[names[n]], part, " ")
            for (j = 1; j <= partCount; j++) kept[part[j]] = 1
            break
          }
        }
        for (n = 1; n <= count; n++) {
          goes = listed[names[n]] && !kept[names[n]]
          partCount = split(parts[names[n]], part, " ")
          for (j = 1; j <= partCount; j++) if (listed[part[j]] && !kept[part[j]]) goes = 1
          if (goes) print names[n]
        }
      }'
)
lost=$(
  {
    sed 's/#.*//' "$required" | tr -s ' \n' '\n' | grep .
    echo
    echo "$gone"
  } | awk '
    /^$/ { paths = 1; next }
    !paths { required[$1] = 1; next }
    { name = $1; sub(/.*\//, "", name); sub(/\.ko.*/, "", name); gsub(/-/, "_", name); if (name in required) print name }'
)
# shellcheck disable=SC2086
[ -z "$lost" ] || { echo "drivers that must stay would go: $(echo $lost)" >&2; exit 1; }

for path in $gone; do rm -f "$modules/$path"; done
echo "$gone"
