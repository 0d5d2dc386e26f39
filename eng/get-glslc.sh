#!/usr/bin/env bash
# Unpacks glslc 2025.2 of Debian 13 into a folder, for developers who change a shader: that of Debian 12 knows no cooperative matrices.
#   eng/get-glslc.sh [FOLDER]     then: export GLSLC=FOLDER/glslc; dotnet run -c Release --project eng/CompileShaders
# Nothing is installed. Neither users nor CI need a shader compiler: the compiled shaders are in the repository.
set -euo pipefail
folder=$(realpath -m "${1:-$HOME/.cache/archgen/glslc}")
mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial" "$folder/packages" "$folder/root"
mirror=$(grep -rhoE '(https?|file)://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d/ 2>/dev/null | head -1 | tr -d ' ' || true)
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" > "$folder/sources.list"
apt=(-o "Dir::Etc::SourceList=$folder/sources.list" -o Dir::Etc::SourceParts=/dev/null -o "Dir::State::Lists=$folder/lists" -o "Dir::Cache=$folder/cache")
apt-get "${apt[@]}" update -q
cd "$folder/packages"
list=$(apt-get "${apt[@]}" -o Dir::State::status=/dev/null --no-install-recommends -s install glslc | sed -nE 's/^Inst ([^ ]+) \(([^ ]+) .*/\1=\2/p')
apt-get "${apt[@]}" download $list
for package in *.deb; do dpkg-deb -x "$package" "$folder/root"; done
cat > "$folder/glslc" <<END
#!/bin/bash
exec $folder/root/usr/lib64/ld-linux-x86-64.so.2 --library-path $folder/root/usr/lib/x86_64-linux-gnu:$folder/root/lib/x86_64-linux-gnu $folder/root/usr/bin/glslc "\$@"
END
chmod +x "$folder/glslc"
"$folder/glslc" --version | head -1
echo "export GLSLC=$folder/glslc"
