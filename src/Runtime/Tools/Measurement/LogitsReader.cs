using System.Runtime.InteropServices;
using ArchGen.Gguf.Files;
using ArchGen.Runtime.Generation;

namespace ArchGen.Tools.Measurement;

/// <summary>A model's predictions for a text, as <see cref="LogitsWriter"/> or llama-perplexity saved them. Its rows are read once, in order.</summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class LogitsReader : IDisposable
{
    private const string Remedy = "Save it again with --kl-divergence-base.";

    private readonly FileStream _stream;
    private readonly int[] _tokens;

    private LogitsReader(FileStream stream, int chunkLength, int vocabulary, int[] tokens) =>
        (_stream, ChunkLength, Vocabulary, _tokens) = (stream, chunkLength, vocabulary, tokens);

    /// <summary>The file.</summary>
    public string Name => _stream.Name;

    /// <summary>Tokens of a chunk.</summary>
    public int ChunkLength { get; }

    /// <summary>Tokens of the vocabulary.</summary>
    public int Vocabulary { get; }

    /// <summary>The number of chunks.</summary>
    public int Chunks => _tokens.Length / ChunkLength;

    /// <summary>Opens a file.</summary>
    /// <exception cref="ArchGenException">The file cannot be read, has another format, or is truncated.</exception>
    public static LogitsReader Open(string path)
    {
        var stream = InputFile.Open(path, "saved logits (--kl-divergence-base without --kl-divergence saves them)", bufferSize: 1 << 20);
        try
        {
            return Read(stream, path);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The text, for a model of the same vocabulary.</summary>
    /// <param name="model">The model.</param>
    /// <param name="maxChunks">Chunks to keep at most; null for all.</param>
    /// <exception cref="ArchGenException">The model's vocabulary has another size.</exception>
    public ChunkedText TextFor(LoadedModel model, int? maxChunks = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (maxChunks < 1) throw new ArgumentOutOfRangeException(nameof(maxChunks), maxChunks, "Expected 1 or more chunks, or null for all.");
        if (model.Model.Vocab != Vocabulary)
        {
            throw new ModelFileException(
                $"{Name} was saved with a vocabulary of {Vocabulary} tokens; {model.File.Name} has {model.Model.Vocab}. Compare models of one vocabulary.");
        }

        var bos = model.Tokenizer.AddsBos ? model.Tokenizer.Vocabulary.Bos : null;
        return new ChunkedText(_tokens[..(Math.Min(Chunks, maxChunks ?? Chunks) * ChunkLength)], ChunkLength, bos);
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    /// <summary>Reads the next rows.</summary>
    internal void ReadRows(Span<ushort> rows)
    {
        try
        {
            _stream.ReadExactly(MemoryMarshal.AsBytes(rows));
        }
        catch (EndOfStreamException e)
        {
            throw new ModelFileException($"{Name}: the file ends before its last row; somebody has cut it off. {Remedy}", e);
        }
    }

    private static LogitsReader Read(FileStream stream, string path)
    {
        Span<byte> header = stackalloc byte[LogitsFormat.HeaderBytes];
        var read = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (read < LogitsFormat.Magic.Length || !header.StartsWith(LogitsFormat.Magic))
            throw new ModelFileException($"{path}: the file does not begin with \"_logits_\", so it holds no saved logits. {Remedy}");
        if (read < header.Length) throw new ModelFileException($"{path}: the file ends after {read} bytes, within its header. {Remedy}");
        var numbers = MemoryMarshal.Cast<byte, int>(header[LogitsFormat.Magic.Length..]);
        var (length, vocabulary, chunks) = (numbers[0], numbers[1], numbers[2]);
        if (length < 3 || vocabulary < 1 || chunks < 1 || (long)length * chunks > Array.MaxLength)
            throw new ModelFileException($"{path}: {chunks} chunks of {length} tokens and a vocabulary of {vocabulary} cannot be. {Remedy}");
        // The sizes are trusted only if the file has the length that follows from them.
        var expected = (Int128)LogitsFormat.HeaderBytes + ((Int128)chunks * (LogitsFormat.FileBytes(length, vocabulary, 1) - LogitsFormat.HeaderBytes));
        if (stream.Length != expected)
        {
            throw new ModelFileException(
                $"{path}: the file has {stream.Length} bytes; {chunks} chunks of {length} tokens and a vocabulary of {vocabulary} take {expected}. "
                    + $"It is cut off or damaged. {Remedy}");
        }

        var tokens = new int[length * chunks];
        stream.ReadExactly(MemoryMarshal.AsBytes(tokens.AsSpan()));
        foreach (var token in tokens)
        {
            if ((uint)token >= (uint)vocabulary)
                throw new ModelFileException($"{path}: token id {token} is not in a vocabulary of {vocabulary}. The file is damaged. {Remedy}");
        }

        return new LogitsReader(stream, length, vocabulary, tokens);
    }
}
