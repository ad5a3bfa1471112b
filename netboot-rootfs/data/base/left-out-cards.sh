#!/bin/sh
# Prints "PATTERN DRIVER" for each kind of PCI network card that lost its driver: left-out-cards.sh GONE ALIASES, GONE being
# what thin-modules.sh printed and ALIASES depmod's modules.alias of before. A host with such a card says so.
set -eu
sed -n 's|^kernel/drivers/net/ethernet/\(.*/\)\{0,1\}\([^/.]*\)\.ko.*|\2|p' "$1" | tr - _ | sort -u |
  awk 'NR == FNR { gone[$1] = 1; next } $1 == "alias" && $2 ~ /^pci:/ && gone[$3] { print $2, $3 }' - "$2"
