using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using ArchGen.CommandLine.Options;
using ArchGen.CommandLine.Texts;
using ArchGen.Cpu.Execution;
using ArchGen.Gguf.Files;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Recipes;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen recipe</c>: writes a small model and its author's results in the form that the tests read.</summary>
internal sealed class RecipeCommand(Terminal terminal, ArchgenProgram program)
{
    private readonly ModelChoice _model = ModelChoice.File();

    private readonly Option<string> _output = new("--output", "-o", "--outfile")
    {
        Description = "The recipe to write, NAME.json. Its other files are written beside it: the results in NAME.logits.bin, "
            + "weights that no rule gives in NAME.weights.bin.",
        Required = true,
        HelpName = "FILE",
    };

    private readonly PromptOptions _prompt = new();

    private readonly Option<string?> _logits = new("--logits")
    {
        Description = "The results of the author's model for the prompt: f32, little-endian, [tokens, vocab]; of an embedding model [tokens, embd].",
        HelpName = "FILE",
    };

    private readonly Option<ulong> _seed = new Option<ulong>("--seed")
    {
        Description = "The seed of the rules that are looked for in the weights.",
        DefaultValueFactory = _ => 42,
    }.Within(0UL, ulong.MaxValue);

    private readonly Option<int> _threads = ModelOptions.Threads();

    public static Command Create(Terminal terminal, ArchgenProgram program)
    {
        var recipe = new RecipeCommand(terminal, program);
        var command = new ExampleCommand(
            "recipe",
            "Writes the recipe of a small model: keys, tensors and prompt, to the last bit. With the author's logits it is a test: "
                + "put into tests/Fixtures/architectures it is found there.",
            "recipe model.gguf --tokens-file tokens.json --logits logits.f32 -o tests/Fixtures/architectures/my-architecture.json",
            "recipe model.gguf -o model.json")
        {
            recipe._model.All, recipe._output, recipe._prompt.All, recipe._logits, recipe._seed, recipe._threads,
        };
        command.SetAction(recipe.Execute);
        return command;
    }

    private Task<int> Execute(ParseResult parsed, CancellationToken cancellation)
    {
        var path = parsed.GetValue(_output)!;
        using var loaded = program.Load(_model.Path(parsed), terminal);
        var reference = parsed.GetValue(_logits);
        var given = _prompt.Read(parsed, terminal)?.Tokens(loaded);
        if (reference is not null && given is null)
            throw new ArchGenException($"--logits {reference}: say for which prompt, with --tokens 1,2,3 or --tokens-file FILE.");
        var tokens = given ?? TokenList.Spread(loaded);
        // The author's model computes GELU without a table.
        var recorded = reference is null ? null : new RecordedResults(ReadLogits(reference)) { Gelu = GeluPrecision.Exact };
        if (!path.EndsWith(".json", StringComparison.Ordinal))
            throw new ArchGenException($"--output is {path}, expected the name of a recipe to write, which ends with .json.");
        var mode = new RunMode { Backend = CpuBackend.Exact(parsed.GetValue(_threads)), Cancellation = cancellation };
        var comparison = recorded is null ? null : Compare(loaded, tokens, recorded, reference!, mode);
        var statesGelu = recorded is not null && RecordedResults.HasGelu(ModelGraphs.Of(loaded, tokens.Length).All);
        var recipe = RecipeText.Of(loaded, tokens, parsed.GetValue(_seed), statesGelu ? GeluPrecision.Exact : null);
        if (recipe.Weights.Length > 0) Write(Path.ChangeExtension(path, ".weights.bin"), recipe.Weights);
        if (recorded is not null) Write(Path.ChangeExtension(path, ".logits.bin"), MemoryMarshal.AsBytes(recorded.Values.AsSpan()).ToArray());
        Write(path, System.Text.Encoding.UTF8.GetBytes(recipe.Json));
        if (comparison is not null) terminal.Error.WriteLine(OwnName.In(comparison, terminal.ProgramName));
        return Task.FromResult(0);
    }

    private void Write(string file, byte[] bytes)
    {
        OutputFile.Write(file, stream => stream.Write(bytes));
        terminal.Out.WriteLine(file);
    }

    private static float[] ReadLogits(string path)
    {
        var bytes = InputFile.ReadAllBytes(path, "logits, f32");
        return bytes.Length % sizeof(float) == 0
            ? MemoryMarshal.Cast<byte, float>(bytes).ToArray()
            : throw new ModelFileException($"{path} has {bytes.Length} bytes, expected f32 values, of 4 bytes each.");
    }

    /// <summary>The model's error against the author's results (NMSE) and the tolerance, as a sentence.</summary>
    /// <exception cref="ArchGenException">The author's results have another size.</exception>
    private static string Compare(LoadedModel model, int[] tokens, RecordedResults recorded, string reference, RunMode mode)
    {
        var graphs = ModelGraphs.Of(model, tokens.Length);
        var results = graphs.Run(tokens, mode);
        if (results.Length != recorded.Values.Length)
        {
            throw new RequestException(
                $"{reference} has {recorded.Values.Length} values, expected {results.Length}: "
                + $"{results.Length / tokens.Length} for each of {tokens.Length} tokens. Record one sequence, with the same tokens.");
        }

        var (error, tolerance) = (NormalizedError.Of(recorded.Values, results), recorded.Tolerance(graphs.All));
        return string.Create(
                CultureInfo.InvariantCulture,
                $"the model is at NMSE {error:0.0E+0} from {Path.GetFileName(reference)}, wrong is what is above {tolerance:0E+0}")
            + (error <= tolerance
                ? "."
                : ": the recipe's tests are red until the architecture is right. 'archgen compare MODEL REFERENCE' names the first node that differs.");
    }
}
