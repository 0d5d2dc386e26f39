using ArchGen.CommandLine;
using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>Wherever a command reads a file, a folder and a file that is not there are named as what they are.</summary>
public sealed class InputFileTests : IDisposable
{
    // FILE is what is read; what else a command needs is there.
    private static readonly string[] Lines =
    [
        "run FILE -p x", "run --model FILE -p x", "run MODEL --file FILE", "run MODEL --tokens-file FILE", "run MODEL -p x --lora FILE",
        "run MODEL -p x --model-draft FILE",
        "convert DIR --metadata FILE -o OUT",
        "verify DIR FILE",
        "merge-lora FILE --lora MODEL -o OUT", "merge-lora --model FILE --lora MODEL -o OUT", "merge-lora MODEL --lora FILE -o OUT",
        "quantize FILE OUT Q8_0", "quantize MODEL OUT Q8_0 --imatrix FILE", "quantize MODEL OUT Q8_0 --tensor-type-file FILE",
        "logits FILE --tokens 1 -o OUT", "logits --model FILE --tokens 1 -o OUT", "logits MODEL --tokens-file FILE -o OUT",
        "logits MODEL --tokens 1 --lora FILE -o OUT",
        "tokenize --model FILE x", "tokenize MODEL --file FILE",
        "detokenize --model FILE 1", "detokenize MODEL --file FILE",
        "embed FILE x --pooling mean", "embed --model FILE x", "embed MODEL --file FILE --pooling mean",
        "inspect FILE", "inspect --model FILE",
        "imatrix FILE -f TEXT -o OUT", "imatrix --model FILE -f TEXT -o OUT", "imatrix MODEL --file FILE -o OUT", "imatrix --in-file FILE -o OUT",
        "perplexity FILE -f TEXT", "perplexity --model FILE -f TEXT", "perplexity MODEL --file FILE",
        "perplexity MODEL --kl-divergence --kl-divergence-base FILE",
        "graph FILE",
        "dump FILE -p x", "dump --model FILE -p x", "dump MODEL --file FILE", "dump MODEL --tokens-file FILE",
        "compare FILE eager -p x", "compare MODEL FILE -p x", "compare MODEL FILE.tsv -p x",
        "compare MODEL FILE.safetensors -p x", "compare MODEL FILE.f32 -p x",
        "compare MODEL eager --file FILE", "compare MODEL eager --tokens-file FILE",
        "mutation-test FILE", "mutation-test --recipe FILE",
        "recipe FILE -o OUT", "recipe --model FILE -o OUT", "recipe MODEL --file FILE -o OUT", "recipe MODEL --tokens-file FILE -o OUT",
        "recipe MODEL --tokens 1 --logits FILE -o OUT",
        "bench FILE", "bench --model FILE",
        "grammar check --model FILE --regex a --text TEXT", "grammar check MODEL --regex a --text FILE", "grammar check MODEL --schema FILE --text TEXT",
        "grammar check MODEL --gbnf FILE --text TEXT", "grammar check MODEL --lark FILE --text TEXT",
        "grammar bench --model FILE --jsonl JSONL", "grammar bench MODEL --jsonl FILE",
        "edit FILE -o OUT", "edit MODEL -o OUT --chat-template FILE", "edit MODEL -o OUT --vocab-from FILE", "split FILE -o OUT", "merge FILE -o OUT",
        "diff FILE MODEL", "diff MODEL FILE",
        "chat FILE -p x", "chat --model FILE -p x", "chat --file FILE", "chat -p x --chat-template-file FILE", "chat -p x --tools FILE",
        "chat -p x --json-schema FILE", "chat -p x --grammar-file FILE", "chat -p x --load FILE", "chat -p x --lora FILE",
        "serve FILE --port 0", "serve --model FILE --port 0", "serve MODEL --port 0 --lora FILE", "serve MODEL --port 0 --chat-template-file FILE",
        "serve MODEL --port 0 --model-draft FILE",
        "serve MODEL --port 0 --ssl-cert-file FILE", "serve MODEL --port 0 --ssl-key-file FILE", "serve MODEL --port 0 --api-key-file FILE",
        "template --model FILE --capabilities", "template FILE.jinja --capabilities", "template JINJA --input FILE",
        "parse --model FILE --input TEXT --text TEXT", "parse FILE.jinja --input TEXT --text TEXT", "parse JINJA --input FILE --text TEXT",
        "parse JINJA --input TEXT --text FILE",
    ];

    // Commands that also take a checkpoint's folder.
    private static readonly string[] Tokenizers = ["tokenize --model", "grammar check --model", "grammar bench --model"];

    private readonly TemporaryFolder _folder = new();
    private readonly CheckpointFolder _checkpoint = new("llama-mha");

    public static TheoryData<string> Data => [.. Lines];

    public void Dispose()
    {
        _checkpoint.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Every_option_that_names_a_file_to_read_is_among_them()
    {
        foreach (var (name, command) in EveryCommandTests.Commands())
        {
            foreach (var option in command.Options.Where(o => o.HelpName?.StartsWith("FILE", StringComparison.Ordinal) == true && o.Name != "--output"))
            {
                Assert.True(Lines.Any(line => line.StartsWith(name + " ", StringComparison.Ordinal)
                    && line.Contains(option.Name + " FILE", StringComparison.Ordinal)), $"{name} {option.Name}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Data))]
    public void A_folder_is_named_as_one(string line)
    {
        var place = Place(line);
        Directory.CreateDirectory(place);
        // A checkpoint's folder is a place to read a tokenizer from.
        var takesFolder = Array.Exists(Tokenizers, command => line.Contains(command, StringComparison.Ordinal));
        Fails(line, place, [takesFolder ? "has neither a tokenizer.json" : "is a folder"]);
    }

    [Theory]
    [MemberData(nameof(Data))]
    public void A_missing_file_is_named_as_one(string line) => Fails(line, Place(line), ["there is no such file", "is neither a file nor"]);

    private string Place(string line) =>
        _folder.File(line.Contains("FILE.", StringComparison.Ordinal) ? "place" + line.Split("FILE")[1].Split(' ')[0] : "place");

    private string Schemas()
    {
        File.WriteAllText(_folder.File("schemas.jsonl"), "{\"schema\": {}}\n");
        return _folder.File("schemas.jsonl");
    }

    private string Template()
    {
        File.WriteAllText(_folder.File("chat.jinja"), "{{ messages }}");
        return _folder.File("chat.jinja");
    }

    private void Fails(string line, string place, string[] messages)
    {
        var arguments = Array.ConvertAll(line.Split(' '), word => word switch
        {
            "MODEL" => SharedFixtures.Local("models/stories260K.gguf"),
            "TEXT" => SharedFixtures.Local("models/stories.txt"),
            "DIR" => _checkpoint.Path,
            "OUT" => _folder.File("out"),
            "JSONL" => Schemas(),
            "JINJA" => Template(),
            _ when word.StartsWith("FILE", StringComparison.Ordinal) => place,
            _ => word,
        });
        var run = Archgen.Run(arguments);
        var last = run.Error.TrimEnd('\n').Split('\n')[^1];
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("archgen: ", last, StringComparison.Ordinal);
        Assert.Contains(place, last, StringComparison.Ordinal);
        Assert.True(messages.Any(m => last.Contains(m, StringComparison.Ordinal)), last);
        Assert.False(File.Exists(_folder.File("out")));
    }
}
