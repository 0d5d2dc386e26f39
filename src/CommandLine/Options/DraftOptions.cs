using System.CommandLine;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Speculation;

namespace ArchGen.CommandLine.Options;

/// <summary>The options of speculative decoding: where drafts of the next tokens come from.</summary>
internal sealed class DraftOptions
{
    private readonly Option<string?> _type = new Option<string?>("--spec-type")
    {
        Description = "Where drafts of the next tokens come from: ngram, earlier text; draft, a smaller model; none. The tokens stay the same. Default: "
            + "draft with --model-draft, else ngram on the processor, where rounding cannot differ.",
    }.OneOf("ngram", "draft", "none");

    private readonly Option<string?> _model = new("--model-draft", "-md")
    {
        Description = "A smaller model of the same vocabulary that drafts.",
        HelpName = "FILE",
    };

    private readonly Option<int> _max = new Option<int>("--draft-max", "--draft", "--spec-draft-n-max")
    {
        Description = "Tokens of a draft at most.",
        DefaultValueFactory = _ => new SpeculationOptions().MaxDraft,
    }.Within(1, 1024);

    private readonly Option<int> _min =
        new Option<int>("--draft-min", "--spec-draft-n-min") { Description = "Tokens of a draft at least; a shorter one is left out." }.Within(0, 1024);

    public IEnumerable<Symbol> All => [_type, _model, _max, _min];

    /// <summary>Opens the smaller model; null if none is named.</summary>
    public LoadedModel? OpenModel(ParseResult parsed, Terminal terminal, ArchgenProgram program)
    {
        var (type, path) = (parsed.GetValue(_type), parsed.GetValue(_model));
        if (path is not null && type is not (null or "draft"))
            throw new RequestException($"--model-draft is given, but --spec-type is {type}. Leave one of them out.");
        if (path is null && type == "draft") throw new RequestException("--spec-type draft needs a smaller model. Name it with --model-draft.");
        return path is null ? null : program.Load(path, terminal);
    }

    /// <summary>Reads the options.</summary>
    public SpeculationOptions Read(ParseResult parsed, LoadedModel? draftModel) => new()
    {
        Type = draftModel is not null ? SpeculationType.Draft : parsed.GetValue(_type) switch
        {
            "ngram" => SpeculationType.NGram,
            "none" => SpeculationType.None,
            _ => SpeculationType.Automatic,
        },
        DraftModel = draftModel,
        MaxDraft = parsed.GetValue(_max),
        MinDraft = parsed.GetValue(_min),
    };
}
