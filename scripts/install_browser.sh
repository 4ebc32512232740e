#!/bin/sh
# The browser that the tests drive, and a Chinese face for it; does nothing when they are there.
set -eu
cd "$(dirname "$0")/.."
. scripts/apt.sh

missing=
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
[ -d /usr/share/fonts/opentype/noto ] || missing="$missing fonts-noto-cjk"
# shellcheck disable=SC2086 # a list of names
[ -z "$missing" ] || install_packages $missing
