using ArchGen.CommandLine.Options;
using ArchGen.Gguf;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Loading;
using ArchGen.Tools.Recipes;

namespace ArchGen.CommandLine;

/// <summary>
/// A program with the commands of archgen: the architectures that they know, and what the program brings along. It does not change; several threads may use it.
/// </summary>
/// <param name="architectures">The architectures, such as <c>Catalog.All</c>.</param>
/// <exception cref="RequestException">There is none.</exception>
public sealed class ArchgenProgram(IReadOnlyList<ArchitectureInfo> architectures)
{
    /// <summary>The architectures that the commands know.</summary>
    public IReadOnlyList<ArchitectureInfo> Architectures { get; } = (architectures ?? throw new ArgumentNullException(nameof(architectures))).Count > 0
        ? architectures
        : throw new RequestException("The program has no architectures. Declare one, or add a reference to a package that has some: ArchGen.Architectures.");

    /// <summary>The model of a command that names none; null if a model must be named.</summary>
    public EmbeddedModel? Model { get; init; }

    /// <summary>
    /// The small random models of an architecture, by its name: what <c>archgen mutation-test NAME</c> runs. One with recorded results proves the architecture.
    /// </summary>
    public Func<string, IReadOnlyList<ModelRecipe>> Recipes { get; init; } = _ => [];

    /// <summary>Whether an architecture has recorded results.</summary>
    internal bool Proves(string architecture) => Recipes(architecture).Any(recipe => recipe.Recorded is not null);

    /// <summary>Reads the architectures of an assembly's file, for the option <c>--architectures</c>; null if the program has no such option.</summary>
    internal Func<string, IReadOnlyList<ArchitectureInfo>>? ReadArchitectures { get; init; }

    /// <summary>The program with further architectures, which take the place of those with their names; nothing recorded proves them.</summary>
    internal ArchgenProgram With(IReadOnlyList<ArchitectureInfo> more) => new([.. more.Concat(Architectures).DistinctBy(a => a.Name)])
    {
        Model = Model, Recipes = name => more.Any(a => a.Name == name) ? [] : Recipes(name), ReadArchitectures = ReadArchitectures,
    };

    /// <summary>Opens a model file, or the embedded model, and reports the keys that the architecture does not read.</summary>
    /// <param name="path">The file; null for the embedded model.</param>
    /// <param name="terminal">Takes the report on its standard error; null for no report.</param>
    internal LoadedModel Load(string? path, Terminal? terminal = null)
    {
        var model = new LoadedModel(Open(path), Architectures);
        if (UnreadKeys.Note(model.File.Name, model.UnreadKeys) is { } note) terminal?.Note(note);
        return model;
    }

    /// <summary>Opens a GGUF file of any architecture; null is the embedded model.</summary>
    internal GgufFile Open(string? path)
    {
        if (path is not null) return ModelOptions.Open(path);
        if (Model is null) throw ModelChoice.None();
        using var stream = Model.Open();
        return GgufFile.FromStream(stream, Model.FileName);
    }

    /// <summary>The error for a name that is neither the file of a model nor an architecture.</summary>
    internal RequestException NoModelOrArchitecture(string name) =>
        new($"{name} is {(Directory.Exists(name) ? "a folder" : "neither a file nor an architecture")}. {Architectures.Suggest(name)}");
}
