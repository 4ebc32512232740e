#!/bin/sh
# What the tests need of Debian beside Python: a browser, a Chinese face for it, a Chinese locale.
# Does nothing when all is there.
set -eu
cd "$(dirname "$0")/.."
. scripts/apt.sh

missing=
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
[ -d /usr/share/fonts/opentype/noto ] || missing="$missing fonts-noto-cjk"
[ -e /usr/share/i18n/locales/zh_CN ] || missing="$missing locales"
# The program that drives the browser is linked against this one.
ls /usr/lib/*/libatomic.so.1 >/dev/null 2>&1 || missing="$missing libatomic1"
# shellcheck disable=SC2086 # a list of names
[ -z "$missing" ] || install_packages $missing
