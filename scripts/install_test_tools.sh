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
# Brokers; the tests run their own on free ports.
command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server"
[ -x /usr/sbin/rabbitmq-server ] || missing="$missing rabbitmq-server"
# A database server; the tests run their own. Debian shall not make one of its own beside it.
if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    as_root sh -c 'mkdir -p /etc/postgresql-common/createcluster.d &&
        echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.d/none.conf' || true
    missing="$missing postgresql"
fi
# A web server; the tests run their own. And what asks it as often as it can, for `make bench`.
[ -x /usr/sbin/nginx ] || missing="$missing nginx"
command -v wrk >/dev/null 2>&1 || missing="$missing wrk"
# Feed readers; citizens use them, so the feeds are tried with them.
command -v newsboat >/dev/null 2>&1 || missing="$missing newsboat"
command -v r2e >/dev/null 2>&1 || missing="$missing rss2email"
# What the checker of HTML runs on.
command -v java >/dev/null 2>&1 || missing="$missing default-jre-headless"
# shellcheck disable=SC2086 # a list of names
[ -z "$missing" ] || install_packages $missing
