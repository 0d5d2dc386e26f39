using System.Globalization;
using System.Text.Json;
using ArchGen.Chat.Messages;
using ArchGen.Runtime.Sampling;

namespace ArchGen.CommandLine.Chat;

/// <summary>What a user can change between two answers.</summary>
internal sealed class ChatSettings
{
    /// <summary>The sampler.</summary>
    public required SamplerOptions Sampling { get; set; }

    /// <summary>Tokens of an answer at most; null for as many as the context holds.</summary>
    public int? MaxTokens { get; set; }

    /// <summary>Whether the model thinks first; null for what its template does.</summary>
    public bool? Thinks { get; set; }

    /// <summary>Tokens of thinking at most; null for no limit.</summary>
    public int? ThinkingBudget { get; set; }

    /// <summary>The tools that the model may call.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; set; } = [];

    /// <summary>The JSON schema of answers; null for any text.</summary>
    public JsonElement? Schema { get; set; }

    /// <summary>The grammar that answers follow, before their first token; null for none.</summary>
    public ITokenConstraint? Constraint { get; init; }

    /// <summary>Whether the oldest turns are left out where the context is full; otherwise that is an error.</summary>
    public bool DropsOldest { get; set; }

    /// <summary>Whether the Markdown of answers is styled; otherwise they are printed as they come.</summary>
    public bool StylesMarkdown { get; set; }

    /// <summary>The names that <see cref="Set"/> takes, with their values now.</summary>
    public IEnumerable<(string Name, string Value)> All =>
    [
        ("temp", Text(Sampling.Temperature)), ("top-k", Text(Sampling.TopK)), ("top-p", Text(Sampling.TopP)), ("min-p", Text(Sampling.MinP)),
        ("repeat-penalty", Text(Sampling.RepetitionPenalty)), ("seed", Sampling.Seed is { } seed ? Text(seed) : "random"),
        ("n-predict", MaxTokens is { } max ? Text(max) : "-1"), ("think", Thinks switch { true => "on", false => "off", _ => "auto" }),
        ("think-budget", ThinkingBudget is { } budget ? Text(budget) : "-1"), ("drop-oldest", DropsOldest ? "on" : "off"),
        ("markdown", StylesMarkdown ? "on" : "off"),
    ];

    /// <summary>Changes a setting.</summary>
    /// <exception cref="RequestException">There is no such setting, or the value is none for it.</exception>
    public void Set(string name, string value)
    {
        switch (name)
        {
            case "temp": Sampling = Sampling with { Temperature = Float(name, value) }; break;
            case "top-k": Sampling = Sampling with { TopK = Whole(name, value) }; break;
            case "top-p": Sampling = Sampling with { TopP = Float(name, value) }; break;
            case "min-p": Sampling = Sampling with { MinP = Float(name, value) }; break;
            case "repeat-penalty": Sampling = Sampling with { RepetitionPenalty = Float(name, value) }; break;
            case "seed": Sampling = Sampling with { Seed = value == "random" ? null : (uint)Whole(name, value) }; break;
            case "n-predict": MaxTokens = value == "-1" ? null : Whole(name, value); break;
            case "think": Thinks = value == "auto" ? null : Switch(name, value); break;
            case "think-budget": ThinkingBudget = value == "-1" ? null : Whole(name, value); break;
            case "drop-oldest": DropsOldest = Switch(name, value); break;
            case "markdown": StylesMarkdown = Switch(name, value); break;
            default: throw new RequestException($"There is no setting {name}; there are {string.Join(", ", All.Select(setting => setting.Name))}.");
        }
    }

    private static float Float(string name, string value) =>
        float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && float.IsFinite(number) && number >= 0
            ? number : throw new RequestException($"{name} is {value}; expected a number of at least 0.");

    private static int Whole(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : throw new RequestException($"{name} is {value}; expected a whole number of at least 0.");

    private static bool Switch(string name, string value) => value switch
    {
        "on" => true,
        "off" => false,
        _ => throw new RequestException($"{name} is {value}; expected on or off."),
    };

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
