#!/usr/bin/env bash
# Writes PublicAPI.Unshipped.txt of every package anew: what is public and not in PublicAPI.Shipped.txt. Commit the difference with the change that made it.
set -euo pipefail
cd "$(dirname "$0")/.."

packages="src/Dsl src/Runtime/Gguf src/Runtime/Formats src/Runtime/Tokenizers src/Runtime/Core src/Runtime/Cpu src/Runtime/Eager src/Runtime/Tools"
log=$(mktemp)
trap 'rm -f "$log"' EXIT

present=()
for package in $packages; do
    [ -n "$(find "$package" -maxdepth 1 -name '*.csproj')" ] || continue
    present+=("$package")
    [ -f "$package/PublicAPI.Shipped.txt" ] || echo "#nullable enable" > "$package/PublicAPI.Shipped.txt"
    echo "#nullable enable" > "$package/PublicAPI.Unshipped.txt"
done

# RS0016 names each symbol that is in neither file. The solution's other rules are not asked.
dotnet build src/Cli -c Release -v q -nologo -p:TreatWarningsAsErrors=false -p:WarningsNotAsErrors=RS0016 > "$log" 2>&1 || { tail -20 "$log" >&2; exit 1; }
for package in "${present[@]}"; do
    project=$(cd "$package" && echo "$PWD"/*.csproj)
    grep -F "[$project]" "$log" | sed -n "s/.*warning RS0016: Symbol '\(.*\)' is not part of the declared public API.*/\1/p" | LC_ALL=C sort -u >> "$package/PublicAPI.Unshipped.txt" || true
    echo "$package: $(($(wc -l < "$package/PublicAPI.Unshipped.txt") - 1)) symbols"
done
