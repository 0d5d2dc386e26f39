using System.CommandLine;
using System.Text;
using ArchGen.Generation;

namespace ArchGen.Cli;

/// <summary>The options of commands that run a text through a model chunk by chunk.</summary>
internal static class TextOptions
{
    private const int DefaultChunkLength = 512;

    public static Option<string?> File() => new("--file", "-f") { Description = "The text, UTF-8. A newline at its end is not read." };

    public static Option<int> ChunkLength() => new("--ctx-size", "-c")
    {
        Description = "Tokens of a chunk; each begins anew.",
        DefaultValueFactory = _ => DefaultChunkLength,
    };

    public static Option<int> Chunks() => new("--chunks") { Description = "Chunks to run at most; -1 for all.", DefaultValueFactory = _ => -1 };

    public static Option<int> BatchSize() =>
        new("--ubatch", "-b", "--batch-size")
        {
            Description = "Tokens that are computed together; shorter chunks go several at a time.",
            DefaultValueFactory = _ => 512,
        };

    /// <summary>The text of a file, without a newline at its end, as llama.cpp's tools read it.</summary>
    public static string Read(string path)
    {
        var text = System.IO.File.ReadAllText(path, Encoding.UTF8);
        return text.EndsWith('\n') ? text[..^1] : text;
    }

    /// <summary>Chunks at most, or null for all.</summary>
    public static int? Limit(int chunks) => chunks switch
    {
        -1 => null,
        > 0 => chunks,
        _ => throw new ArchGenException($"--chunks is {chunks}, expected 1 or more, or -1 for all."),
    };

    /// <summary>Checks the length of a chunk; warns where the model was trained for less.</summary>
    public static int ChunkLength(int length, LoadedModel model, Terminal terminal)
    {
        Positive(length, "--ctx-size");
        if (length > model.TrainedContextLength)
            terminal.Error.WriteLine($"archgen: the model was trained for {model.TrainedContextLength} tokens; chunks have {length}.");
        return length;
    }

    public static int Positive(int value, string option) => value > 0 ? value : throw new ArchGenException($"{option} is {value}, expected 1 or more.");
}
