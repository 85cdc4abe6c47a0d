#!/usr/bin/env bash
# Installs what is missing of lists of Debian packages.
#   scripts/install.sh LIST...
set -euo pipefail

# node and npm also come from elsewhere than Debian's packages.
installed() {
  case "$1" in
    nodejs) command -v node >/dev/null && return 0 ;;
    npm) command -v npm >/dev/null && return 0 ;;
  esac
  dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'
}

missing=()
while read -r package; do
  [ -z "$package" ] || installed "$package" || missing+=("$package")
done < <(cat "$@")
if [ "${#missing[@]}" -gt 0 ]; then
  echo "installing: ${missing[*]}"
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null
fi
