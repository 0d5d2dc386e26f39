#!/bin/bash
# Writes stories260K.txt: for each line of cases.txt, which has options of llama-completion, that line and a line with the ids of the generated tokens.
# usage: expected.sh PATH/TO/llama-completion
set -eu
program=$(realpath "$1")
cd "$(dirname "$0")"
session=$(mktemp)
trap 'rm -f "$session"' EXIT
while IFS= read -r options; do
    eval "set -- $options"
    rm -f "$session"
    "$program" -m ../models/stories260K.gguf -no-cnv -t 1 -c 512 -ctk f32 -ctv f32 -fa off --device none --no-warmup -n 100 \
        --prompt-cache "$session" --prompt-cache-all "$@" > /dev/null 2>&1 < /dev/null
    # The file begins with a magic number, a version and the number of the tokens.
    count=$(od -An -v -t u4 -j 8 -N 4 "$session")
    echo "$options"
    od -An -v -t d4 -w4000000 -j 12 -N $((4 * count)) "$session" | xargs
done < cases.txt > stories260K.txt
