using System.Collections.Concurrent;
using System.IO.Compression;
using ArchGen.Fixtures;
using ArchGen.Gguf;
using ArchGen.Tokenizers;

namespace ArchGen.Grammars.Tests;

/// <summary>Real tokenizers of the project's fixtures.</summary>
internal static class Vocabularies
{
    private static readonly ConcurrentDictionary<string, Lazy<Tokenizer>> Known = [];

    /// <summary>GPT-2's (50,257 tokens, byte-level BPE) or Llama's (32,000, SentencePiece).</summary>
    public static Tokenizer Load(string name) => Known.GetOrAdd(name, name => new(() => Read(name))).Value;

    private static Tokenizer Read(string name)
    {
        using TemporaryFolder folder = new();
        var path = folder.File($"{name}.gguf");
        using (GZipStream source = new(File.OpenRead(SharedFixtures.Local($"tokenizers/ggml-vocab-{name}.gguf.gz")), CompressionMode.Decompress))
        using (var file = File.Create(path))
            source.CopyTo(file);
        using var gguf = GgufFile.Open(path);
        return Tokenizer.FromMetadata(gguf.Metadata);
    }
}
