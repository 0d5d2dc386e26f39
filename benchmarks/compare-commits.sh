#!/usr/bin/env bash
# Proves that a change changed nothing: see --help.
set -uo pipefail
shopt -s nullglob

usage() {
    cat <<'END'
Usage: benchmarks/compare-commits.sh [OPTIONS] BASE [NEW]

Builds two commits and compares what they print, compute and write, and how fast they are.
NEW is HEAD by default; "." is the working tree as it is.

  graphs    the printed graph of every architecture and of every recipe
  logits    the logits of every recipe on the exact tier, bit for bit: all tokens together, and in parts of five
  quantize  a small Llama in every file type, with and without an importance matrix, byte for byte
  convert   every small checkpoint and adapter as GGUF, byte for byte
  speed     tokens per second of a Llama of 1.1 billion random weights: prompt of 128 tokens, generation of 32;
            the two commits run in turn; the ratio is the median of the rounds

Options:
  --only LIST     Parts to run, with commas between. Default: graphs,logits,quantize,convert,speed.
  --rounds N      Rounds of the speed part. Default: 5.
  --types LIST    Types of the speed part. Default: Q4_0,Q4_K_M,Q8_0,F16.
  --threads N     Threads of the speed part. Default: all processors.
  --limit RATIO   The least ratio NEW/BASE of the speed part. Default: 0.98.
  --fixtures DIR  A folder with more recipes and checkpoints. Default: $ARCHGEN_FIXTURES, or ../shared/fixtures if it is there.
  --match REGEX   Only the checks whose name matches, such as "logits qwen3". Speed has none.
  --cache DIR     Keeps builds and inputs in DIR and uses them again. Default: a temporary folder, deleted at the end.
                  The speed part writes 5 GB there.
  --help          This text.

Exit code: 0 if nothing differs, 1 if something does or a ratio is below the limit, 2 if the comparison could not be made.

Examples:
  benchmarks/compare-commits.sh main
  benchmarks/compare-commits.sh v0.1.0 HEAD --only graphs,logits
  benchmarks/compare-commits.sh HEAD . --only speed --types Q4_0 --rounds 3 --cache /tmp/archgen-compare
END
}

fail() { echo "compare-commits: $*" >&2; exit 2; }

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(git -C "$here" rev-parse --show-toplevel) || fail "this is no git repository"
only=graphs,logits,quantize,convert,speed types=Q4_0,Q4_K_M,Q8_0,F16 rounds=5 threads=$(nproc) limit=0.98 cache= match=
fixtures=${ARCHGEN_FIXTURES:-$root/../shared/fixtures}
commits=()
while [ $# -gt 0 ]; do
    case $1 in
        --help|-h) usage; exit 0 ;;
        --only|--rounds|--types|--threads|--limit|--fixtures|--cache|--match)
            [ $# -ge 2 ] || fail "$1 needs a value"
            printf -v "${1#--}" '%s' "$2"; shift 2 ;;
        -*) fail "there is no option $1; see --help" ;;
        *) commits+=("$1"); shift ;;
    esac
done
[ ${#commits[@]} -ge 1 ] && [ ${#commits[@]} -le 2 ] || fail "expected one or two commits; see --help"
for part in ${only//,/ }; do
    case $part in graphs|logits|quantize|convert|speed) ;; *) fail "there is no part $part; see --help" ;; esac
done
command -v python3 >/dev/null || fail "python3 is needed to write the models"

work=$(mktemp -d)
keep=${cache:-$work}
mkdir -p "$keep/bin"
keep=$(cd "$keep" && pwd)
trap 'exit 130' INT TERM
trap 'rc=$?; trap - EXIT; kill $(jobs -p) 2>/dev/null; wait; remove_tree; rm -rf "$work"; exit $rc' EXIT
remove_tree() { [ -d "$work/tree" ] && git -C "$root" worktree remove --force "$work/tree" 2>/dev/null; return 0; }

# build COMMIT: prints the folder that holds archgen.dll. Both commits are built without analyzers: these check the source, not the result.
build() {
    local id folder tree=$work/tree
    if [ "$1" = . ]; then
        id=working-tree tree=$root
        rm -rf "$keep/bin/$id"
    else
        id=$(git -C "$root" rev-parse --verify --quiet "$1^{commit}") || fail "there is no commit $1"
    fi
    folder=$keep/bin/$id
    if [ ! -f "$folder/archgen.dll" ]; then
        echo "Building $1 ..." >&2
        [ "$1" = . ] || git -C "$root" worktree add --quiet --detach "$tree" "$id" >&2 || fail "cannot check out $1"
        rm -rf "$folder.part"
        dotnet build "$tree/src/Cli" -c Release -o "$folder.part" -v q -nologo -p:RunAnalyzers=false >"$work/build.log" 2>&1 ||
            { tail -20 "$work/build.log" >&2; fail "cannot build $1"; }
        mv "$folder.part" "$folder"
        remove_tree
    fi
    echo "$folder"
}

base=$(build "${commits[0]}") || exit 2
new=$(build "${commits[1]:-HEAD}") || exit 2
archgen() { local side=$1; shift; dotnet "${!side}/archgen.dll" "$@"; }

# inputs KIND: writes the recipes' models or the checkpoints of BASE's tree, once; prints their folder.
inputs() {
    local folder commit=${commits[0]}
    [ "$commit" = . ] && commit=HEAD
    folder=$keep/$1-$(git -C "$root" rev-parse "$commit")
    if [ ! -d "$folder" ]; then
        echo "Writing $1 ..." >&2
        if [ ! -d "$work/source" ]; then mkdir "$work/source" && git -C "$root" archive "$commit" | tar -x -C "$work/source"; fi
        rm -rf "$folder.part"
        python3 "$here/CompareCommits/make_inputs.py" "$1" "$folder.part" "$work/source" "$fixtures" \
            --architectures "$(archgen base architectures | awk '/^[^ ]/ { print $1 }' | paste -sd,)" || fail "cannot write $1"
        find "$work/source" -name small.imatrix.gguf -exec cp {} "$folder.part" \;
        mv "$folder.part" "$folder"
    fi
    echo "$folder"
}

failed=0 same=0 refused=0 different=0

# check NAME ARGUMENT...: runs a command of both commits and compares the files they write. @OUT in an argument is the file.
check() {
    local name=$1 side; shift
    [[ $name =~ $match ]] || return 0
    rm -f "$work"/{base,new}{,.rc}
    for side in base new; do
        { archgen "$side" "${@//@OUT/$work/$side}" >"$work/$side.log" 2>&1 </dev/null; echo $? >"$work/$side.rc"; } &
    done
    wait
    if ! cmp -s "$work/base.rc" "$work/new.rc"; then
        difference "$name" "exit code $(cat "$work/base.rc") became $(cat "$work/new.rc"): $(tail -1 "$work/new.log" | cut -c 1-200)"
    elif [ "$(cat "$work/base.rc")" != 0 ]; then
        refused=$((refused + 1))
    elif [ ! -s "$work/base" ] || ! cmp -s "$work/base" "$work/new"; then
        difference "$name" "$(cmp "$work/base" "$work/new" 2>&1 | sed 's/.* differ/first difference/')"
    else
        same=$((same + 1))
    fi
}

difference() { different=$((different + 1)); printf '  differs: %s: %s\n' "$1" "$2"; }

# The parts are reported one after the other. A part that compared nothing has failed, too, unless --match leaves nothing of it.
report() {
    printf '%-9s %5d the same, %d different, %d refused by both\n' "$1" "$same" "$different" "$refused"
    if [ "$different" -gt 0 ] || [ "$((same + ${#match}))" -eq 0 ]; then failed=1; fi
    same=0 refused=0 different=0
}

graphs() {
    local name file models encoders=" "
    models=$(inputs recipes) || exit 2
    for name in $(archgen base architectures | awk '/^[^ ]/ { print $1 }'); do
        check "graph $name" graph "$name" -o @OUT
        check "graph $name --format dot" graph "$name" --format dot -o @OUT
        if archgen base graph "$name" --encoder --format dot -o "$work/probe.dot" >"$work/probe" 2>&1; then
            encoders+="$name "
            check "graph $name --encoder --format dot" graph "$name" --encoder --format dot -o @OUT
        fi
    done
    for file in "$models"/*.architecture; do
        name=$(basename "$file" .architecture)
        check "graph $name.gguf" graph "$models/$name.gguf" -o @OUT
        [[ $encoders != *" $(cat "$file") "* ]] || check "graph $name.gguf --encoder" graph "$models/$name.gguf" --encoder -o @OUT
    done
}

logits() {
    local tokens name models
    models=$(inputs recipes) || exit 2
    for tokens in "$models"/*.tokens.json; do
        name=${tokens%.tokens.json}
        check "logits $(basename "$name")" logits "$name.gguf" --tokens-file "$tokens" --tier exact -o @OUT
        check "logits $(basename "$name") --ubatch 5" logits "$name.gguf" --tokens-file "$tokens" --tier exact --ubatch 5 -o @OUT
    done
}

file_types="F32 F16 BF16 Q8_0 Q6_K Q5_K_M Q5_K_S Q5_1 Q5_0 Q4_K_M Q4_K_S Q4_1 Q4_0 IQ4_NL IQ4_XS MXFP4_MOE NVFP4 Q3_K_L Q3_K_M Q3_K_S
    IQ3_M IQ3_S IQ3_XS IQ3_XXS Q2_K Q2_K_S IQ2_M IQ2_S IQ2_XS IQ2_XXS IQ1_M IQ1_S Q2_0 TQ2_0 TQ1_0 Q1_0 COPY"

quantize() {
    local type models
    models=$(inputs recipes) || exit 2
    for type in $file_types; do
        check "quantize $type" quantize "$models/small-llama.gguf" @OUT "$type"
        check "quantize $type --imatrix" quantize "$models/small-llama.gguf" @OUT "$type" --imatrix "$models/small.imatrix.gguf"
    done
    # From a quantized file too: this decodes each type.
    for type in $file_types; do
        archgen base quantize "$models/small-llama.gguf" "$work/quantized" "$type" --imatrix "$models/small.imatrix.gguf" >"$work/probe" 2>&1 || continue
        check "quantize $type to F32" quantize "$work/quantized" @OUT F32 --allow-requantize
    done
}

convert() {
    local folder name checkpoints
    checkpoints=$(inputs checkpoints) || exit 2
    for folder in "$checkpoints"/*/; do
        name=$(basename "$folder")
        if [ -f "$folder/adapter_config.json" ]; then
            check "convert-lora $name" convert-lora "$folder" --base "$checkpoints/${name#lora-}" -o @OUT
        else
            check "convert $name" convert "$folder" --outtype auto -o @OUT
            check "convert $name --outtype q8_0" convert "$folder" --outtype q8_0 -o @OUT
        fi
    done
}

speed() {
    local type model=$keep/llama-1.1b-F16.gguf round side
    if [ ! -f "$model" ]; then
        echo "Writing a model of 1.1 billion weights ..." >&2
        python3 "$here/CompareCommits/make_inputs.py" large "$model.part" && mv "$model.part" "$model" || fail "cannot write $model"
    fi
    mkdir "$work/speed"
    for type in ${types//,/ }; do
        model=$keep/llama-1.1b-$type.gguf
        if [ ! -f "$model" ]; then
            archgen base quantize "$keep/llama-1.1b-F16.gguf" "$model.part" "$type" >"$work/probe" 2>&1 || { tail -1 "$work/probe" >&2; fail "cannot write $type"; }
            mv "$model.part" "$model"
        fi
        for round in $(seq "$rounds"); do
            # The first of two runs may find the machine colder or busier: the commits take turns in being it.
            for side in $([ $((round % 2)) = 1 ] && echo base new || echo new base); do
                archgen "$side" bench "$model" -p 128 -n 32 -t "$threads" --repetitions 2 --format json -o "$work/speed/$type.$round.$side.json" \
                    >"$work/probe" 2>&1 || { tail -1 "$work/probe" >&2; fail "cannot measure $type"; }
            done
        done
    done
    python3 "$here/CompareCommits/speed_table.py" "$work/speed" "$limit" || failed=1
}

for part in ${only//,/ }; do
    "$part"
    [ "$part" = speed ] || report "$part"
done
if [ "$failed" = 0 ]; then echo "Nothing differs."; else echo "NEW differs from BASE."; fi
exit "$failed"
