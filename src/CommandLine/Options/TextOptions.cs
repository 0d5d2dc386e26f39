using System.CommandLine;
using ArchGen.Runtime.Generation;

namespace ArchGen.CommandLine.Options;

/// <summary>The options of commands that read a text.</summary>
internal static class TextOptions
{
    private const int DefaultChunkLength = 512;

    public static Option<string?> File() => new("--file", "-f")
    {
        Description = "A file with the text, UTF-8, or - for standard input. A newline at its end is not read.",
        HelpName = "FILE",
    };

    public static Option<bool> ParseSpecial() =>
        new("--parse-special") { Description = "Read special tokens written in a text as such; without it they are text like any other." };

    public static Option<int> ChunkLength() => new Option<int>("--ctx-size", "-c")
    {
        Description = "Tokens of a chunk; each chunk is its own sequence.",
        DefaultValueFactory = _ => DefaultChunkLength,
    }.Within(1, int.MaxValue);

    public static Option<int> Chunks() =>
        new Option<int>("--chunks") { Description = "Chunks to run at most; -1 for all.", DefaultValueFactory = _ => -1 }.Within(1, int.MaxValue, "for all");

    /// <summary>The text of a file, or of standard input, without a newline at its end, as llama.cpp's tools read it.</summary>
    public static string Read(string path, Terminal terminal)
    {
        var text = terminal.ReadText(path, "a text");
        return text.EndsWith('\n') ? text[..^1] : text;
    }

    /// <summary>The maximum number of chunks; null for all.</summary>
    public static int? Limit(int chunks) => chunks < 0 ? null : chunks;

    /// <summary>Warns if the model was trained for fewer tokens than a chunk has; returns the length.</summary>
    public static int ChunkLength(int length, LoadedModel model, Terminal terminal)
    {
        if (length > model.TrainedContextLength)
            terminal.Note($"the model was trained for {model.TrainedContextLength} tokens; chunks have {length}.");
        return length;
    }
}
