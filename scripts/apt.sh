# Sourced. install_packages NAME…: installs Debian packages that are missing, or says what to do.

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo "$@"
    else return 1
    fi
}

install_packages() {
    echo "Installing Debian packages: $*" >&2
    export DEBIAN_FRONTEND=noninteractive
    if as_root apt-get install -y --no-install-recommends "$@" >/dev/null 2>&1; then return 0; fi
    if as_root apt-get update >/dev/null && as_root apt-get install -y --no-install-recommends "$@" >/dev/null
    then return 0; fi
    echo "Could not install them. Please run as root: apt-get install $*" >&2
    return 1
}
