#!/usr/bin/env bash
# Brings each library's PublicAPI.Unshipped.txt up to date: adds the public members that the analyzer misses there (RS0016), removes those that it
# does not find in the code (RS0017). One that was released stays in PublicAPI.Shipped.txt and gets a line "*REMOVED*" instead.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."
warnings=$(mktemp)
trap 'rm -f "$warnings"' EXIT
projects=(src/{Dsl,Shaders,Extensions,Server,CommandLine,Testing}/*.csproj src/Runtime/*/*.csproj)

for project in "${projects[@]}"; do
    for list in Shipped Unshipped; do
        file=$(dirname "$project")/PublicAPI.$list.txt
        [ -e "$file" ] || echo "#nullable enable" > "$file"
    done
done

# The command refers to all libraries but that for tests. As errors, the warnings of one library would keep those above it from being compiled.
for project in src/Cli src/Testing; do
    dotnet build $project -c Release -v q -nologo -p:TreatWarningsAsErrors=false "-clp:ErrorsOnly;NoSummary" "-flp:LogFile=$warnings;WarningsOnly;Append"
done

symbols() { { grep -F "[$PWD/$1]" "$warnings" || true; } | sed -n "s/.*: warning $2: Symbol '\(.*\)' is $3 .*/\1/p" | sort -u; }
for project in "${projects[@]}"; do
    shipped=$(dirname "$project")/PublicAPI.Shipped.txt
    unshipped=$(dirname "$project")/PublicAPI.Unshipped.txt
    added=$(symbols "$project" RS0016 "not part of the declared")
    gone=$(symbols "$project" RS0017 "part of the declared")
    lines=$({ grep -v '^#' "$unshipped" || true; echo "$added"; comm -12 <(sort "$shipped") <(echo "$gone") | sed '/./s/^/*REMOVED*/'; } | sort -u)
    { echo "#nullable enable"; comm -23 <(echo "$lines") <(echo "$gone") | sed '/^$/d'; } > "$unshipped.new"
    if cmp -s "$unshipped.new" "$unshipped"; then rm "$unshipped.new"; continue; fi
    mv "$unshipped.new" "$unshipped"
    echo "$unshipped: $(grep -c . <<< "$added" || true) added, $(grep -c . <<< "$gone" || true) removed"
done
