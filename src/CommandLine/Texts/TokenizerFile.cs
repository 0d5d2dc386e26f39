using ArchGen.CommandLine.Options;
using ArchGen.Tokenizers;

namespace ArchGen.CommandLine.Texts;

/// <summary>Opens the tokenizer of a GGUF file or a checkpoint.</summary>
internal static class TokenizerFile
{
    public const string Description = "A GGUF file; or a checkpoint's folder, its tokenizer.json, or an rwkv_vocab_*.txt.";

    /// <summary>Opens a tokenizer, and prints its warnings.</summary>
    /// <param name="path">As <see cref="Description"/>.</param>
    /// <param name="terminal">Takes the warnings on its standard error.</param>
    /// <param name="isCheckpoint">Whether the file is a checkpoint's, not a GGUF file.</param>
    /// <exception cref="ArchGenException">The file does not exist or is damaged.</exception>
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

        foreach (var warning in tokenizer.Warnings) terminal.Note(warning);
        return tokenizer;
    }
}
