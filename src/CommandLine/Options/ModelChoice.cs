using System.CommandLine;

namespace ArchGen.CommandLine.Options;

/// <summary>The choice of the model: MODEL, or <c>-m FILE</c> as in llama.cpp's tools.</summary>
/// <param name="description">The help of MODEL: the files that it may name.</param>
internal sealed class ModelChoice(string description)
{
    private readonly Argument<string?> _argument = new("MODEL") { Description = description, Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _option = new("--model", "-m") { Description = "The same as MODEL.", HelpName = "FILE" };

    /// <summary>A GGUF file; without it, the embedded model, if the program has one.</summary>
    public static ModelChoice OrEmbedded(ArchgenProgram program) => new("A GGUF file." + WithoutIt(program));

    /// <summary>A GGUF file.</summary>
    public static ModelChoice File() => new("A GGUF file.");

    public IEnumerable<Symbol> All => [_argument, _option];

    /// <summary>The model that was named; null for none.</summary>
    /// <exception cref="ArchGenException">Two models were named.</exception>
    public string? PathOrNull(ParseResult parsed) => (parsed.GetValue(_argument), parsed.GetValue(_option)) switch
    {
        ({ } first, { } second) => throw new RequestException($"The model is given twice, as {first} and with -m {second}. Name one."),
        (var first, var second) => first ?? second,
    };

    /// <summary>The model that was named.</summary>
    /// <exception cref="ArchGenException">No model was named, or two.</exception>
    public string Path(ParseResult parsed) => PathOrNull(parsed) ?? throw None();

    /// <summary>The model, and the words after it; all words if -m names the model.</summary>
    /// <exception cref="ArchGenException">No model was named.</exception>
    public (string Path, string[] Words) PathAndWords(ParseResult parsed, Argument<string[]> words)
    {
        var (first, rest) = (parsed.GetValue(_argument), parsed.GetValue(words) ?? []);
        return parsed.GetValue(_option) is { } path ? (path, first is null ? rest : [first, .. rest]) : (first ?? throw None(), rest);
    }

    /// <summary>The sentence of a help that says what a command takes when no file is named.</summary>
    public static string WithoutIt(ArchgenProgram program) => program.Model is { } model ? $" Without it, the embedded model {model.Name}." : "";

    /// <summary>The error of a command that needs a model and was given none.</summary>
    public static RequestException None() => new("There is no model. Name its file, as MODEL or with -m FILE.");
}
