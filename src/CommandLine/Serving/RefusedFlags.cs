using System.CommandLine;

namespace ArchGen.CommandLine.Serving;

/// <summary>Options of llama-server that would change results and that there are not here: they are errors.</summary>
internal sealed class RefusedFlags
{
    private const string Download = "nothing is downloaded. Name a file with -m.";
    private const string Positions = "positions are as the model's file says. Change its keys, and leave the option out.";
    private const string Constraint = "a constraint belongs to a request: send it with that.";
    private const string Agent = "the server runs no tools. Let the client run them.";
    private const string Audio = "models read and write texts.";

    // Not shared: a command becomes a parent of its options, and a process may make many commands.
    private readonly ForeignFlag[] _flags =
    [
        new("--hf-repo -hf -hfr", Download), new("--hf-file -hff", Download), new("--model-url -mu", Download), new("--docker-repo -dr", Download),
        new("--hf-repo-v -hfv -hfrv", Download), new("--hf-file-v -hffv", Download),
        new("--models-preset", "presets are not read. Serve a folder with --models-dir."),
        new("--rope-scaling", Positions), new("--rope-scale", Positions), new("--rope-freq-base", Positions), new("--rope-freq-scale", Positions),
        new("--yarn-orig-ctx", Positions), new("--yarn-ext-factor", Positions), new("--yarn-attn-factor", Positions), new("--yarn-beta-slow", Positions),
        new("--yarn-beta-fast", Positions), new("--grp-attn-n -gan", Positions), new("--grp-attn-w -gaw", Positions),
        new("--override-kv", "keys are read from the file. Change them there."),
        new("--control-vector", "there are no control vectors."), new("--control-vector-scaled", "there are no control vectors."),
        new("--control-vector-layer-range", "there are no control vectors."),
        new("--grammar", Constraint), new("--grammar-file", Constraint), new("--json-schema -j", Constraint), new("--json-schema-file -jf", Constraint),
        new("--reverse-prompt -r", "a text to stop at belongs to a request ('stop')."), new("--special -sp", "control tokens are no part of an answer.", 0),
        new("--keep", "how much of a prompt is kept belongs to a request ('n_keep')."), new("--spm-infill", "the prefix comes before the suffix.", 0),
        new("--tools", Agent), new("--mcp-servers-config", Agent), new("--mcp-servers-json", Agent), new("--agent -ag --no-agent -no-ag", Agent, 0),
        new("--ui-mcp-proxy --webui-mcp-proxy --no-ui-mcp-proxy --no-webui-mcp-proxy", Agent, 0),
        new("--model-vocoder -mv", Audio), new("--tts-use-guide-tokens", Audio, 0), new("--path", "files are served by a web server in front."),
        new("--api-prefix", "a path in front is added by a proxy, or by MapGroup in an application of one's own."),
        new("--skip-chat-parsing --no-skip-chat-parsing", "answers are read as the template writes them; /completion gives the text alone.", 0),
        new("--no-prefill-assistant", "a last message of the assistant is continued. Let the user speak last.", 0),
        new("--reasoning-preserve --no-reasoning-preserve", "what is kept of the thinking is the template's. Set its variable with --chat-template-kwargs.", 0),
        new("--reasoning-budget-message", "thinking ends without a message."),
        new("--draft-n --draft --draft-max --draft-min --draft-n-min", "the option is llama.cpp's old one. Use --spec-draft-n-max and --spec-draft-n-min."),
        new("--list-devices", "'archgen devices' lists them.", 0), new("--cache-list -cl", Download, 0),
        new("--completion-bash", "'archgen completion bash' prints the script.", 0),
    ];

    /// <summary>The options.</summary>
    public IEnumerable<Symbol> All => _flags.Select(flag => flag.Option);

    /// <summary>Refuses the first that was given.</summary>
    /// <exception cref="RequestException">One was given.</exception>
    public void Check(ParseResult parsed)
    {
        foreach (var flag in _flags)
        {
            if (flag.Given(parsed) is { } name) throw new RequestException($"{name} is not supported: {flag.Reason}");
        }
    }
}
