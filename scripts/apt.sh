# Sourced. install_packages NAME…: installs Debian packages that are missing, or says what to do.

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo "$@"
    else return 1
    fi
}

# While packages go in, Debian starts none of their services: the tests start what they need
# themselves. A policy that is there already is the administrator's and stays as it is.
policy=/usr/sbin/policy-rc.d

install_packages() (
    echo "Installing Debian packages: $*" >&2
    export DEBIAN_FRONTEND=noninteractive
    if [ ! -e "$policy" ] && as_root sh -c "printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy"
    then
        trap 'as_root rm -f "$policy"' EXIT
        trap 'exit 1' HUP INT TERM
    fi
    if as_root apt-get install -y --no-install-recommends "$@" >/dev/null 2>&1; then exit 0; fi
    if as_root apt-get update >/dev/null && as_root apt-get install -y --no-install-recommends "$@" >/dev/null
    then exit 0; fi
    echo "Could not install them. Please run as root: apt-get install $*" >&2
    exit 1
)
