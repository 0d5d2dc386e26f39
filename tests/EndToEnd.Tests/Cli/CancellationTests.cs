using System.Text;
using ArchGen.Architectures;
using ArchGen.Cli;
using ArchGen.CommandLine;
using ArchGen.EndToEnd.Tests.Architectures;
using ArchGen.Fixtures;
using ArchGen.Gguf;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Runtime.Loading;
using ArchGen.Tools.Conversion;
using ArchGen.Tools.Quantization;
using ArchGen.Tools.Quantization.Mixes;
using ArchGen.Tools.Quantization.Plan;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>Every command that works long ends when it is cancelled, from the beginning and in the midst of it, and leaves no file.</summary>
public sealed class CancellationTests : IDisposable
{
    private const int Cancelled = 130, ClosedPipe = 141;

    // They print what they find and are done.
    private static readonly string[] Quick =
        ["inspect", "graph", "architectures", "help", "version", "recipe", "detokenize", "devices", "template", "parse", "completion"];

    private static readonly Dictionary<string, string> Lines = new(StringComparer.Ordinal)
    {
        ["run"] = "run MODEL -p Once -n 3",
        ["chat"] = "chat -p Once -n 3",
        ["serve"] = "serve MODEL --port 0",
        ["logits"] = "logits MODEL --tokens 1,2 --output OUT --ubatch 1",
        ["logits eagerly"] = "logits MODEL --tokens 1,2 --output OUT --eager",
        ["tokenize"] = "tokenize MODEL --input TEXTS --output OUT",
        ["embed"] = "embed MODEL --input TEXTS --output OUT --pooling mean",
        ["perplexity"] = "perplexity MODEL --file STORY --ctx-size 32 --ubatch 32",
        ["perplexity saved"] = "perplexity MODEL --file STORY --ctx-size 32 --ubatch 32 --save-all-logits OUT",
        ["imatrix"] = "imatrix MODEL --file STORY --ctx-size 32 --ubatch 32 --output OUT",
        ["dump"] = "dump MODEL --tokens 1,2",
        ["dump eagerly"] = "dump MODEL --tokens 1,2 --eager",
        ["compare"] = "compare MODEL portable --tokens 1,2 --all",
        ["compare eagerly"] = "compare MODEL eager --tokens 1,2",
        ["mutation-test"] = "mutation-test llama",
        ["bench"] = "bench MODEL --n-prompt 4 --n-gen 2 --repetitions 2",
        ["bench-serve"] = "bench-serve http://127.0.0.1:9 --output OUT",
        ["convert"] = "convert DIR --outfile OUT",
        ["verify"] = "verify DIR BASE",
        ["convert-lora"] = "convert-lora LORA --base DIR --outfile OUT",
        ["merge-lora"] = "merge-lora BASE --lora ADAPTER --outfile OUT",
        ["quantize"] = "quantize MODEL OUT Q8_0",
        ["edit"] = "edit MODEL --set general.name=str:mine --output OUT",
        ["split"] = "split MODEL --max-tensors 8 --output OUT",
        ["merge"] = "merge PARTS --output OUT",
        ["diff"] = "diff MODEL BASE",
        ["new"] = "new Mine --from DIR --output OUT",
        ["grammar"] = "grammar bench MODEL --jsonl SCHEMAS",
        ["grammar check"] = "grammar check MODEL --schema SCHEMA --text TEXTS",
    };

    private readonly TemporaryFolder _folder = new();
    private readonly CheckpointFolder _checkpoint = new("llama-mha"), _adapter = new("lora-llama-mha");

    public static TheoryData<string> Names => [.. Lines.Keys];

    public void Dispose()
    {
        _folder.Dispose();
        _checkpoint.Dispose();
        _adapter.Dispose();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Cancelled_from_the_beginning_it_writes_nothing(string name)
    {
        var arguments = Arguments(Lines[name]);
        var run = Archgen.Run(new CancellationToken(canceled: true), arguments);
        Assert.True(run.ExitCode == Cancelled, $"{run.ExitCode}: {run.Out} {run.Error}");
        Assert.Empty(Directory.GetFiles(_folder.File("out")));
    }

    [Fact]
    public void No_command_is_left_out()
    {
        var help = Archgen.Run("--help").Out;
        var names = help[help.IndexOf("Commands:", StringComparison.Ordinal)..].Split('\n').Skip(1)
            .Where(line => line.StartsWith("  ", StringComparison.Ordinal) && !line.StartsWith("   ", StringComparison.Ordinal))
            .Select(line => line.Trim().Split(' ', ',')[0]);
        Assert.Empty(names.Except(Lines.Keys).Except(Quick));
    }

    /// <summary>Cancelled by its first word of progress, or its first line: none follows.</summary>
    [Theory]
    [InlineData("run", "\n")]
    [InlineData("logits", "tokens 1/2")]
    [InlineData("tokenize", "texts 1/2")]
    [InlineData("embed", "texts 1/2")]
    [InlineData("perplexity", "[1]")]
    [InlineData("perplexity saved", "[1]")]
    [InlineData("imatrix", "[1]")]
    [InlineData("dump", "token_embd")]
    [InlineData("dump eagerly", "token_embd")]
    [InlineData("compare", "in one batch")]
    [InlineData("mutation-test", "mutations 1/")]
    [InlineData("bench", "1/2")]
    [InlineData("verify", "tensor 1/")]
    [InlineData("grammar", "schemas 1/2")]
    public void Cancelled_in_the_midst_it_goes_no_further(string name, string sign)
    {
        using var source = new CancellationTokenSource();
        using var writer = new ReactingWriter(sign, source.Cancel);
        var arguments = Arguments(Lines[name]);
        if (name == "run") arguments = [.. arguments, "--logit-bias", $"{NewLine()}=1000"];
        Assert.Equal(Cancelled, CommandTree.Run(arguments, new Terminal(writer, writer, IsInteractive: true), BuiltIn.Program, source.Token));
        Assert.True(source.IsCancellationRequested);
        Assert.Empty(Directory.GetFiles(_folder.File("out")));
        var later = name switch
        {
            "compare" => "in two batches",
            "bench" => "2/2",
            "dump" or "dump eagerly" => "blk.0",
            "imatrix" or "perplexity" or "perplexity saved" => "[2]",
            _ => " 2/",
        };
        Assert.DoesNotContain(later, writer.ToString());
    }

    /// <summary>Who prints to a pipe that nobody reads ends there, without a word.</summary>
    [Theory]
    [InlineData("run MODEL -p Once -n 3")]
    [InlineData("dump MODEL --tokens 1,2")]
    [InlineData("compare MODEL eager --tokens 1,2")]
    [InlineData("perplexity MODEL --file STORY --ctx-size 128")]
    [InlineData("bench MODEL --n-prompt 4 --n-gen 0 --repetitions 1")]
    [InlineData("mutation-test llama")]
    [InlineData("inspect MODEL")]
    [InlineData("graph MODEL")]
    [InlineData("architectures")]
    [InlineData("convert DIR --dry-run")]
    [InlineData("quantize MODEL OUT Q8_0 --dry-run")]
    [InlineData("run --help")]
    public void A_closed_pipe_ends_it(string line)
    {
        using var output = new ReactingWriter("", static () => throw new ClosedPipeException());
        using var error = new StringWriter();
        Assert.Equal(ClosedPipe, CommandTree.Run(Arguments(line), new Terminal(output, error, IsInteractive: false), BuiltIn.Program));
        Assert.DoesNotContain("archgen:", error.ToString());
    }

    [Fact]
    public void An_eager_evaluation_ends_between_two_operations()
    {
        using var recipe = new RecipeModel("llama");
        using var source = new CancellationTokenSource();
        var seen = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => recipe.Model.Evaluate(
            new GgufModelSource(recipe.File), recipe.Fixture.Tokens, (_, _, _) =>
            {
                seen++;
                source.Cancel();
            }, cancellation: source.Token));
        Assert.Equal(1, seen);
    }

    [Fact]
    public void A_conversion_and_a_quantization_end_after_the_piece_at_work()
    {
        using var checkpoint = Checkpoint.Open(_checkpoint.Path);
        using var source = new CancellationTokenSource();
        var plan = ConversionPlan.Create(checkpoint, Catalog.All, new ConversionOptions());
        var pieces = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => ConvertedFile.Write(plan, _folder.File("out.gguf"), null, 1, Cancel, source.Token));
        Assert.Equal(1, pieces);

        using var model = GgufFile.Open(SharedFixtures.Local("models/stories260K.gguf"));
        using var again = new CancellationTokenSource();
        Assert.True(FileType.TryParse("Q8_0", out var type));
        var quantization = QuantizationPlan.Create(model, Catalog.All, type, new QuantizationOptions());
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Quantizer.Write(quantization, _folder.File("out.gguf"), keepSplit: false, 1, _ => again.Cancel(), again.Token));
        Assert.Empty(Directory.GetFiles(_folder.Path, "out*"));

        void Cancel(long bytes)
        {
            pieces++;
            source.Cancel();
        }
    }

    private string[] Arguments(string line)
    {
        string texts = _folder.File("texts.json"), @base = _folder.File("base.gguf"), adapter = _folder.File("adapter.gguf");
        Directory.CreateDirectory(_folder.File("out"));
        string schema = _folder.File("schema.json"), schemas = _folder.File("schemas.jsonl");
        File.WriteAllText(texts, """["one", "two"]""");
        File.WriteAllText(schema, """{"items": {"type": "string"}}""");
        File.WriteAllText(schemas, "{\"schema\": {}, \"tests\": []}\n{\"schema\": {}, \"tests\": []}\n");
        if (line.Contains("BASE", StringComparison.Ordinal))
        {
            Assert.Equal(0, Archgen.Run("convert", _checkpoint.Path, "--outtype", "f32", "--outfile", @base).ExitCode);
        }

        if (line.Contains("ADAPTER", StringComparison.Ordinal))
            Assert.Equal(0, Archgen.Run("convert-lora", _adapter.Path, "--base", _checkpoint.Path, "--outfile", adapter).ExitCode);
        var parts = _folder.File("parts-00001-of-00002.gguf");
        if (line.Contains("PARTS", StringComparison.Ordinal))
        {
            var (model, prefix) = (SharedFixtures.Local("models/stories260K.gguf"), _folder.File("parts"));
            Assert.Equal(0, Archgen.Run("split", model, "-o", prefix, "--max-tensors", "30").ExitCode);
        }

        return [.. line.Split(' ').Select(word => word switch
        {
            "MODEL" => SharedFixtures.Local("models/stories260K.gguf"),
            "PARTS" => parts,
            "STORY" => SharedFixtures.Local("models/stories.txt"),
            "OUT" => _folder.File("out/target"),
            "TEXTS" => texts,
            "SCHEMA" => schema,
            "SCHEMAS" => schemas,
            "DIR" => _checkpoint.Path,
            "LORA" => _adapter.Path,
            "BASE" => @base,
            "ADAPTER" => adapter,
            _ => word,
        })];
    }

    private static int NewLine()
    {
        using var model = GgufFile.Open(SharedFixtures.Local("models/stories260K.gguf"));
        return Array.IndexOf(model.Metadata.GetStrings("tokenizer.ggml.tokens"), "<0x0A>");
    }
}
