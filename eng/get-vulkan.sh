#!/usr/bin/env bash
# Installs what the tests of the Vulkan backend need on Debian: lavapipe 25 (a software device; that of Debian 12 is too old, so it comes from backports),
# the validation layers and spirv-val. Needs root; does nothing where they are installed.
set -euo pipefail

if ! command -v apt-get >/dev/null; then
    echo "Not a Debian system: install a Vulkan driver, the validation layers and spirv-val by hand." >&2
    exit 1
fi

if command -v spirv-val >/dev/null && ls /usr/share/vulkan/explicit_layer.d/*validation* >/dev/null 2>&1 \
    && dpkg-query -W -f '${Version}' mesa-vulkan-drivers 2>/dev/null | grep -qvE '^22\.'; then
    exit 0
fi

. /etc/os-release
suite=()
if [ "$VERSION_CODENAME" = bookworm ]; then
    # The mirror that this machine already uses.
    mirror=$(grep -rhoE '(https?|file)://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d/ 2>/dev/null | head -1 | tr -d ' ' || true)
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror bookworm-backports main" > /etc/apt/sources.list.d/backports.list
    suite=(-t bookworm-backports)
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q --no-install-recommends "${suite[@]}" mesa-vulkan-drivers
apt-get install -y -q --no-install-recommends libvulkan1 vulkan-validationlayers spirv-tools
