#!/bin/sh
# install_python.sh LOCK STAMP: a virtual environment in .venv with exactly what LOCK names.
set -eu
cd "$(dirname "$0")/.."
. scripts/apt.sh

lock=$1
stamp=$2

find_python() {
    for name in python3 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

make_environment() {
    python=$(find_python) || { install_packages python3 && python=$(find_python); } || {
        echo "Python 3.11 or newer is needed and was not found." >&2
        exit 1
    }
    if ! "$python" -m venv .venv >/dev/null 2>&1; then
        rm -rf .venv
        install_packages python3-venv  # Debian keeps it apart from python3
        "$python" -m venv .venv
    fi
}

if ! .venv/bin/python -c 'import pip' >/dev/null 2>&1; then
    echo "Setting up Python in .venv …" >&2
    make_environment
fi
echo "Installing what $lock names …" >&2
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-warn-script-location \
    --require-hashes --requirement "$lock"
# Our own packages, straight from the checkout: no build step, no network.
site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
pwd > "$site/publisher-checkout.pth"
printf '#!/bin/sh\nexec "%s/.venv/bin/python" -m publisher "$@"\n' "$(pwd)" > .venv/bin/publisher
chmod +x .venv/bin/publisher
touch "$stamp"
