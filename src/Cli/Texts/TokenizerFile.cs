using ArchGen.Cli.Options;
using ArchGen.Tokenizers;

namespace ArchGen.Cli.Texts;

/// <summary>What a tokenizer is read from.</summary>
internal static class TokenizerFile
{
    public const string Description = "A GGUF file; or a checkpoint's folder, its tokenizer.json, or an rwkv_vocab_*.txt.";

    /// <summary>Opens one, and tells what it leaves open.</summary>
    /// <param name="path">As <see cref="Description"/>.</param>
    /// <param name="terminal">Where warnings go.</param>
    /// <param name="isCheckpoint">Whether it is a published one and no GGUF.</param>
    /// <exception cref="ArchGenException">It is not there, or damaged.</exception>
    public static Tokenizer Open(string path, Terminal terminal, out bool isCheckpoint)
    {
        isCheckpoint = CheckpointTokenizer.IsOne(path);
        Tokenizer tokenizer;
        if (isCheckpoint)
        {
            tokenizer = CheckpointTokenizer.Open(path);
        }
        else
        {
            using var file = ModelOptions.Open(path);
            tokenizer = Tokenizer.FromMetadata(file.Metadata);
        }

        foreach (var warning in tokenizer.Warnings) terminal.Error.WriteLine($"archgen: {warning}");
        return tokenizer;
    }
}
