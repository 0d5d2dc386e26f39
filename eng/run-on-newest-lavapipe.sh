#!/usr/bin/env bash
# Runs a command on the newest lavapipe, that of Debian's unstable suite: it has cooperative matrices (VK_KHR_cooperative_matrix), which those of stable
# suites and of backports have not. Root only.
#   eng/run-on-newest-lavapipe.sh [COMMAND ...]     without a command: the tests of matrix units, in tests/Vulkan.Tests as it was built
# The suite's Mesa, validation layers and spirv-val are unpacked into the folder NEWEST_LAVAPIPE, by default ~/.cache/archgen/newest-lavapipe; delete it to
# fetch newer ones. The command runs in a mount namespace with them as its system, and with this machine's dotnet and folders. Nothing is installed.
set -euo pipefail
if [ "$(id -u)" -ne 0 ]; then
    echo "Only root can mount: run it as root." >&2
    exit 1
fi

here=$(cd "$(dirname "$0")/.." && pwd)
folder=$(realpath -m "${NEWEST_LAVAPIPE:-$HOME/.cache/archgen/newest-lavapipe}")
if [ ! -e "$folder/root/usr/share/vulkan/icd.d/lvp_icd.json" ]; then
    mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial" "$folder/packages" "$folder/root"
    mirror=$(grep -rhoE '(https?|file)://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d/ 2>/dev/null | head -1 | tr -d ' ' || true)
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" > "$folder/sources.list"
    apt=(-o "Dir::Etc::SourceList=$folder/sources.list" -o Dir::Etc::SourceParts=/dev/null -o "Dir::State::Lists=$folder/lists" -o "Dir::Cache=$folder/cache")
    apt-get "${apt[@]}" update -qq >&2
    cd "$folder/packages"
    list=$(apt-get "${apt[@]}" -o Dir::State::status=/dev/null --no-install-recommends -s install \
        bash coreutils libstdc++6 libvulkan1 mesa-vulkan-drivers vulkan-validationlayers spirv-tools | sed -nE 's/^Inst ([^ ]+) \(([^ ]+) .*/\1=\2/p')
    # shellcheck disable=SC2086 # names, one a word
    apt-get "${apt[@]}" download -qq $list >&2
    for package in *.deb; do dpkg-deb -x "$package" "$folder/root"; done
    cd - >/dev/null
fi

if [ $# -eq 0 ]; then
    set -- dotnet "$here/tests/Vulkan.Tests/bin/Release/net10.0/ArchGen.Vulkan.Tests.dll" -class '*MatrixUnitTests'
fi

export VK_DRIVER_FILES=/usr/share/vulkan/icd.d/lvp_icd.json DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 ARCHGEN_TEST_MATRIX_UNITS_REQUIRED=1
# The machine's folders, but for those of the system, and dotnet; what is mounted here is gone when the command ends.
# shellcheck disable=SC2016 # expanded by the inner shell
exec unshare --mount bash -c '
    root=$0 here=$1 dotnet=$2
    shift 2
    for path in /*; do
        case $path in /bin|/boot|/etc|/lib*|/sbin|/usr|/var|/lost+found) continue ;; esac
        if [ -d "$path" ]; then mkdir -p "$root$path"; mount --rbind "$path" "$root$path"; fi
    done
    mkdir -p "$root$dotnet"
    mount --rbind "$dotnet" "$root$dotnet"
    for link in bin lib lib64 sbin; do if [ ! -e "$root/$link" ]; then ln -s "usr/$link" "$root/$link"; fi; done
    mkdir -p "$root/etc"
    export PATH=$dotnet:/usr/bin:/usr/sbin
    exec chroot "$root" bash -c "cd \"\$0\" && exec \"\$@\"" "$PWD" "$@"
' "$folder/root" "$here" "$(dirname "$(realpath "$(command -v dotnet)")")" "$@"
