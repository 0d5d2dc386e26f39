using System.CommandLine;

namespace ArchGen.CommandLine.Serving;

/// <summary>Options of llama-server that change no result and that have nothing to act on here: they are accepted, and said once.</summary>
internal sealed class IgnoredFlags
{
    private const string Scheduling = "the operating system schedules the threads.";
    private const string Loading = "weights are read from the mapped file, and packed once.";
    private const string Placement = "-ngl, --device and --cpu-moe say what a device computes.";
    private const string Drafts = "drafts come from the text itself or from --model-draft; no answer changes.";
    private const string Cache = "one cache of prefixes serves all answers.";
    private const string Pictures = "models read texts here; a request with a picture is refused.";
    private const string Logs = "logs go to standard error; the section Logging of the configuration sets them.";
    private const string Network = "nothing is downloaded.";

    // Not shared: a command becomes a parent of its options, and a process may make many commands.
    private readonly ForeignFlag[] _flags =
    [
        new("--threads-batch -tb", Scheduling), new("--cpu-mask -C", Scheduling), new("--cpu-range -Cr", Scheduling), new("--cpu-strict", Scheduling),
        new("--prio", Scheduling), new("--poll", Scheduling), new("--cpu-mask-batch -Cb", Scheduling), new("--cpu-range-batch -Crb", Scheduling),
        new("--cpu-strict-batch", Scheduling), new("--prio-batch", Scheduling), new("--poll-batch", Scheduling), new("--numa", Scheduling),
        new("--threads-http", "requests take threads of the pool."),
        new("--mlock", Loading, 0), new("--mmap --no-mmap", Loading, 0), new("--direct-io -dio --no-direct-io -ndio", Loading, 0),
        new("--load-mode -lm", Loading), new("--repack --no-repack -nr", Loading, 0), new("--no-host", Loading, 0), new("--check-tensors", Loading, 0),
        new("--warmup --no-warmup", "the first model is opened before the server is ready.", 0),
        new("--kv-offload -kvo --no-kv-offload -nkvo", Placement, 0), new("--op-offload --no-op-offload", Placement, 0),
        new("--override-tensor -ot", Placement),
        new("--main-gpu -mg", Placement), new("--fit -fit", Placement), new("--fit-target -fitt", Placement), new("--fit-ctx -fitc", Placement),
        new("--rpc", Placement),
        new("--flash-attn -fa", "attention never stores its scores.", 2), new("--perf --no-perf", "each answer has its timings.", 0),
        new("--swa-full", Cache, 0), new("--cache-ram -cram", Cache), new("--cache-reuse", Cache), new("--cache-idle-slots --no-cache-idle-slots", Cache, 0),
        new("--slot-prompt-similarity -sps", Cache), new("--defrag-thold -dt", Cache), new("--checkpoint-min-step -cms", Cache),
        new("--cache-prompt --no-cache-prompt", "a request says whether it uses the cache (cache_prompt).", 0),
        new("--cont-batching -cb --no-cont-batching -nocb", "answers are always computed together.", 0),
        new("--backend-sampling -bs --backend_sampling", "tokens are chosen on the processor, with the same result.", 0),
        new("--props", "no property can be changed while the server runs.", 0),
        new("--escape -e --no-escape", "requests are JSON, which has its own escapes.", 0),
        new("--embedding --embeddings", "a model that has embeddings gives them.", 0), new("--rerank --reranking", "a model that ranks texts does so.", 0),
        new("--spec-draft-hf -hfd -hfrd --hf-repo-draft", Drafts),
        new("--spec-draft-threads -td --threads-draft", Drafts), new("--spec-draft-threads-batch -tbd --threads-batch-draft", Drafts),
        new("--spec-draft-p-split --draft-p-split", Drafts), new("--spec-draft-p-min --draft-p-min", Drafts),
        new("--spec-draft-backend-sampling --no-spec-draft-backend-sampling", Drafts, 0), new("--spec-draft-device -devd --device-draft", Drafts),
        new("--spec-draft-ngl -ngld --gpu-layers-draft --n-gpu-layers-draft", Drafts), new("--spec-draft-cpu-moe -cmoed --cpu-moe-draft", Drafts, 0),
        new("--spec-draft-n-cpu-moe --spec-draft-ncmoe -ncmoed --n-cpu-moe-draft", Drafts),
        new("--spec-draft-type-k -ctkd --cache-type-k-draft", Drafts), new("--spec-draft-type-v -ctvd --cache-type-v-draft", Drafts),
        new("--spec-ngram-mod-n-min", Drafts), new("--spec-ngram-mod-n-max", Drafts), new("--spec-ngram-mod-n-match", Drafts),
        new("--spec-ngram-simple-size-n", Drafts), new("--spec-ngram-simple-size-m", Drafts), new("--spec-ngram-simple-min-hits", Drafts),
        new("--spec-ngram-map-k-size-n", Drafts), new("--spec-ngram-map-k-size-m", Drafts), new("--spec-ngram-map-k-min-hits", Drafts),
        new("--spec-default", Drafts, 0), new("--lookup-cache-static -lcs", Drafts), new("--lookup-cache-dynamic -lcd", Drafts),
        new("--mmproj -mm", Pictures), new("--mmproj-url -mmu", Pictures), new("--mmproj-auto --no-mmproj --no-mmproj-auto", Pictures, 0),
        new("--mmproj-offload --no-mmproj-offload", Pictures, 0), new("--image-min-tokens", Pictures), new("--image-max-tokens", Pictures),
        new("--mtmd-batch-max-tokens", Pictures), new("--media-path", Pictures),
        new("--log-disable", Logs, 0), new("--log-file", Logs), new("--log-colors", Logs, 2), new("--log-prefix --no-log-prefix", Logs, 0),
        new("--log-timestamps --no-log-timestamps", Logs, 0), new("--verbosity -lv --log-verbosity", Logs), new("--log-prompts-dir", Logs),
        new("--offline", Network, 0), new("--hf-token -hft", Network),
        new("--reuse-port", "the port is the server's alone.", 0),
        new("--cors-methods", "the methods of the endpoints are allowed."), new("--cors-headers", "the headers that clients send are allowed."),
        new("--cors-credentials --no-cors-credentials", "a key is sent in a header, not as a credential of the browser.", 0),
        new("--ui-config --webui-config", "the page keeps its settings in the browser."),
        new("--ui-config-file --webui-config-file", "the page keeps its settings in the browser."),
        new("--prefill-assistant", "a last message of the assistant is continued.", 0),
    ];

    /// <summary>The options.</summary>
    public IEnumerable<Symbol> All => _flags.Select(flag => flag.Option);

    /// <summary>Says which of those that were given do nothing.</summary>
    public void Report(ParseResult parsed, Terminal terminal)
    {
        foreach (var reason in _flags.Where(flag => flag.Given(parsed) is not null).GroupBy(flag => flag.Reason))
        {
            var names = string.Join(", ", reason.Select(flag => flag.Given(parsed)));
            terminal.Note($"{names}: no effect; {reason.Key}");
        }
    }
}
