using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Scheduling;
using ArchGen.Server.Generation;
using ArchGen.Server.Http;
using ArchGen.Server.Models;

namespace ArchGen.Server.LlamaCpp.Completions;

/// <summary>A request to continue texts, as llama.cpp's API has it.</summary>
internal sealed record CompletionRequest
{
    private const int MaxProbabilities = 1_000_000;

    // They would change the answer.
    private static readonly (string Name, string Reason)[] Refused =
    [
        ("n_indent", "Answers do not end at an indentation. Leave it out, and use 'stop'."),
        ("n_discard", "Half of the tokens are left out when the context is shifted."),
        ("return_prompt_logprobs", "There are probabilities of the answer's tokens alone."),
    ];

    /// <summary>The tokens of the prompts.</summary>
    public required IReadOnlyList<int[]> Prompts { get; init; }

    /// <summary>How each is continued; without its prompt and its number of tokens.</summary>
    public required GenerationRequest Generation { get; init; }

    /// <summary>Tokens to generate at most; -1 for as many as the context holds.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>The sampler.</summary>
    public required SamplerOptions Sampling { get; init; }

    /// <summary>The grammar as it is written in the request; empty for none.</summary>
    public string Grammar { get; init; } = "";

    /// <summary>Whether tokens are sent as they come.</summary>
    public bool IsStream { get; init; }

    /// <summary>Whether the answer has the ids of its tokens.</summary>
    public bool ReturnsTokens { get; init; }

    /// <summary>Whether each event of a stream has timings.</summary>
    public bool HasTimingsPerToken { get; init; }

    /// <summary>The fields of the answer, with a slash for fields of fields; empty for all.</summary>
    public IReadOnlyList<string> ResponseFields { get; init; } = [];

    /// <summary>The slot; -1 for any.</summary>
    public int Slot { get; init; } = -1;

    /// <summary>The time after the first token after which an answer ends at a line; zero for none.</summary>
    public TimeSpan TimeLimit { get; init; }

    /// <summary>Tokens of the prompt that are kept when the context is full, if it is shifted; -1 for all.</summary>
    public int KeptTokens { get; init; }

    /// <summary>Time between comments in a silent stream; null for the server's.</summary>
    public TimeSpan? PingInterval { get; init; }

    /// <summary>Reads a request.</summary>
    /// <param name="fields">The request.</param>
    /// <param name="model">The model.</param>
    /// <param name="prompts">The prompts, if the request says it otherwise than by <c>prompt</c>; null to read that.</param>
    /// <exception cref="RequestException">A field is wrong, or cannot be followed.</exception>
    public static CompletionRequest Read(in JsonFields fields, ServedModel model, IReadOnlyList<int[]>? prompts = null)
    {
        foreach (var (name, reason) in Refused)
        {
            if (fields.Any(name) is { } value && value.ToString() is not ("0" or "False")) throw fields.Unsupported(name, reason);
        }

        var tokenizer = model.Model.Tokenizer;
        var sampling = SamplingFields.Read(fields, model.Sampling, tokenizer) with
        {
            ProbabilityCount = Math.Min(fields.Whole("n_probs", 0, MaxProbabilities) ?? 0, tokenizer.Vocabulary.Count),
            ProbabilitiesAfterSampling = fields.Flag("post_sampling_probs") ?? false,
        };
        var isStream = fields.Flag("stream") ?? false;
        var ping = fields.Whole("sse_ping_interval", -1);
        return new CompletionRequest
        {
            Prompts = prompts ?? PromptFields.Read(fields, "prompt", tokenizer, parsesSpecial: true),
            Sampling = sampling,
            MaxTokens = LimitFields.MaxTokens(fields, model) ?? -1,
            Grammar = fields.Text("grammar") ?? "",
            IsStream = isStream,
            ReturnsTokens = fields.Flag("return_tokens") ?? false,
            HasTimingsPerToken = fields.Flag("timings_per_token") ?? false,
            ResponseFields = fields.Texts("response_fields") ?? [],
            Slot = fields.Whole("id_slot", -1) ?? -1,
            TimeLimit = TimeSpan.FromMilliseconds(Math.Max(fields.Whole("t_max_predict_ms") ?? 0, 0)),
            KeptTokens = fields.Whole("n_keep", -1) ?? 0,
            PingInterval = ping is null ? null : TimeSpan.FromSeconds(Math.Max(ping.Value, 0)),
            Generation = new GenerationRequest
            {
                Prompt = default,
                Answers = LimitFields.Answers(fields),
                Sampling = sampling,
                Constraint = model.Constrain(ConstraintFields.Read(fields), computesForced: sampling.ProbabilityCount > 0),
                StopTexts = LimitFields.StopTexts(fields),
                Priority = LimitFields.Priority(fields),
                UsesCache = fields.Flag("cache_prompt") ?? true,
                AdapterSet = AdapterFields.Read(fields, model),
                ReportsProgress = isStream && (fields.Flag("return_progress") ?? false),
            },
        };
    }
}
