#!/usr/bin/env bash
# Installs what the tests of the page need on Debian: Chromium. Needs root; does nothing where it is installed.
set -euo pipefail

if command -v chromium >/dev/null; then exit 0; fi
if ! command -v apt-get >/dev/null; then
    echo "Not a Debian system: install Chromium by hand, and name it in ARCHGEN_CHROMIUM." >&2
    exit 1
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q --no-install-recommends chromium fonts-dejavu-core
if ! command -v node >/dev/null; then apt-get install -y -q --no-install-recommends nodejs npm; fi
