using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ArchGen.Gguf.Files;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;

namespace ArchGen.Runtime.Scheduling;

/// <summary>
/// A file with the tokens of a sequence and what a context keeps of them. It has a header (magic number, fingerprint of the model, type of the cache, numbers
/// of tokens, caches and states), the tokens, for each cache its name, sizes, keys and values, for each state its name, size and floats, and a hash (SHA-256)
/// of all of this. Numbers are little-endian.
/// </summary>
/// <param name="context">The context.</param>
/// <param name="set">The set of adapters of the sequence.</param>
internal sealed class SequenceFile(InferenceContext context, int set)
{
    private const int HashBytes = 32;
    private const int NumbersBytes = 4 * sizeof(int);
    private const int CellsAtOnce = 1024;

    private static readonly byte[] Magic = "ARCHSEQ1"u8.ToArray();

    private readonly byte[] _fingerprint = context.Fingerprint(set);

    private int HeaderBytes => Magic.Length + _fingerprint.Length + NumbersBytes;

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file. One that is there is replaced.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="cells">Their cells; empty if the model has no KV cache.</param>
    /// <param name="state">The number of the states after the last token; not used if the model has none.</param>
    /// <exception cref="ArchGenException">The file cannot be written.</exception>
    public void Write(string path, ReadOnlySpan<int> tokens, ReadOnlySpan<int> cells, int state)
    {
        try
        {
            using var pending = new PendingFile(Path.GetFullPath(path));
            using (var stream = File.Create(pending.Path))
            using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
            {
                WriteAll(bytes =>
                {
                    hash.AppendData(bytes);
                    stream.Write(bytes);
                }, tokens, cells, state);
                stream.Write(hash.GetHashAndReset());
            }

            pending.Commit();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ArchGenException($"{path}: the sequence cannot be written: {error.Message}", error);
        }
    }

    /// <summary>Reads the tokens of a file, after all of it is checked.</summary>
    /// <param name="path">The file.</param>
    /// <param name="vocabulary">Token ids are below this.</param>
    /// <param name="maxTokens">The largest number of tokens.</param>
    /// <param name="use">Is given the tokens, and what reads the rest into a sequence that has as many cells.</param>
    /// <exception cref="ModelFileException">The file cannot be read, is damaged, or is of another model or cache.</exception>
    public void Read(string path, int vocabulary, int maxTokens, Action<int[], Action<int>> use)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var tokens = ReadHeader(stream, path, vocabulary, maxTokens);
            CheckHash(stream, path);
            use(tokens, sequence => ReadRest(stream, tokens.Length, sequence));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException($"{path}: the sequence cannot be read: {error.Message}", error);
        }
    }

    private delegate void ByteWriter(ReadOnlySpan<byte> bytes);

    private void WriteAll(ByteWriter write, ReadOnlySpan<int> tokens, ReadOnlySpan<int> cells, int state)
    {
        var (caches, states) = (context.Caches, context.States);
        write(Magic);
        write(_fingerprint);
        foreach (var number in (int[])[(int)context.CacheType, tokens.Length, caches.Count, states.Count]) write(Bytes(number));
        foreach (var token in tokens) write(Bytes(token));
        foreach (var (session, cache) in caches)
        {
            write(HeadOf(cache));
            for (var first = 0; first < tokens.Length; first += CellsAtOnce)
            {
                var some = cells.Slice(first, Math.Min(CellsAtOnce, tokens.Length - first));
                var bytes = new byte[some.Length * CellBytes(cache)];
                session.ReadCells(cache, some, bytes);
                write(bytes);
            }
        }

        foreach (var (session, part) in states)
        {
            write(HeadOf(part));
            var bytes = new byte[checked((int)(part.Elements * sizeof(float)))];
            session.ReadState(part, state, bytes);
            write(bytes);
        }
    }

    private int[] ReadHeader(FileStream stream, string path, int vocabulary, int maxTokens)
    {
        var header = new byte[HeaderBytes];
        if (stream.Length < header.Length + HashBytes) throw Damaged(path, $"it has {stream.Length} bytes, too few for a header");
        stream.ReadExactly(header);
        if (!header.AsSpan(0, Magic.Length).SequenceEqual(Magic)) throw Damaged(path, "it does not begin as one");
        if (!header.AsSpan(Magic.Length, _fingerprint.Length).SequenceEqual(_fingerprint))
            throw new ModelFileException($"{path}: the sequence is of another model, or of other adapters. Open the model that it was saved with.");
        var numbers = header.AsSpan(Magic.Length + _fingerprint.Length);
        var (type, count) = (BinaryPrimitives.ReadInt32LittleEndian(numbers), BinaryPrimitives.ReadInt32LittleEndian(numbers[4..]));
        if (type != (int)context.CacheType)
        {
            var name = Enum.IsDefined((CacheType)type) ? ((CacheType)type).ToString() : "an unknown type";
            throw new ModelFileException($"{path}: the sequence is of a cache of {name}, and this one is of {context.CacheType}. "
                + "Choose the type that it was saved with.");
        }

        if (count < 1 || count > maxTokens) throw new ModelFileException($"{path}: the sequence has {count} tokens; expected 1 to {maxTokens}.");
        var parts = (Caches: BinaryPrimitives.ReadInt32LittleEndian(numbers[8..]), States: BinaryPrimitives.ReadInt32LittleEndian(numbers[12..]));
        if (parts != (context.Caches.Count, context.States.Count)) throw Damaged(path, "its numbers of caches and states are not those of the model");
        if (stream.Length != LengthOf(count)) throw Damaged(path, $"it has {stream.Length} bytes; {count} tokens have {LengthOf(count)}");
        var bytes = new byte[count * sizeof(int)];
        stream.ReadExactly(bytes);
        var tokens = new int[count];
        for (var i = 0; i < count; i++)
        {
            tokens[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(i * sizeof(int)));
            if ((uint)tokens[i] >= (uint)vocabulary) throw Damaged(path, $"token {i} is {tokens[i]}; expected 0 to {vocabulary - 1}");
        }

        return tokens;
    }

    private static void CheckHash(FileStream stream, string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        stream.Position = 0;
        var buffer = new byte[1 << 16];
        for (var left = stream.Length - HashBytes; left > 0;)
        {
            var count = (int)Math.Min(left, buffer.Length);
            stream.ReadExactly(buffer, 0, count);
            hash.AppendData(buffer, 0, count);
            left -= count;
        }

        var expected = new byte[HashBytes];
        stream.ReadExactly(expected);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(expected)) throw Damaged(path, "its hash is not that of its bytes");
    }

    private void ReadRest(FileStream stream, int tokens, int sequence)
    {
        stream.Position = HeaderBytes + ((long)tokens * sizeof(int));
        var cells = context.HasKeys ? context.CellsOf(sequence) : [];
        foreach (var (session, cache) in context.Caches)
        {
            stream.Position += HeadOf(cache).Length;
            for (var first = 0; first < tokens; first += CellsAtOnce)
            {
                var some = cells.AsSpan(first, Math.Min(CellsAtOnce, tokens - first));
                var bytes = new byte[some.Length * CellBytes(cache)];
                stream.ReadExactly(bytes);
                session.WriteCells(cache, some, bytes);
            }
        }

        foreach (var (session, part) in context.States)
        {
            stream.Position += HeadOf(part).Length;
            var bytes = new byte[checked((int)(part.Elements * sizeof(float)))];
            stream.ReadExactly(bytes);
            session.WriteState(part, sequence, bytes);
        }
    }

    private long LengthOf(int tokens)
    {
        var length = HeaderBytes + ((long)tokens * sizeof(int)) + HashBytes;
        foreach (var (_, cache) in context.Caches) length += HeadOf(cache).Length + (tokens * CellBytes(cache));
        foreach (var (_, state) in context.States) length += HeadOf(state).Length + (state.Elements * sizeof(float));
        return length;
    }

    private long CellBytes(CacheSpec cache)
    {
        var (keys, values) = cache.BytesPerPosition(context.CacheType);
        return keys + values;
    }

    private static byte[] HeadOf(CacheSpec cache) =>
        [.. Name(cache.Name), .. Bytes(cache.Heads), .. Bytes(cache.KeyWidth), .. Bytes(cache.ValueWidth), cache.ValuesInKeys ? (byte)1 : (byte)0];

    private static byte[] HeadOf(StateSpec state) => [.. Name(state.Name), .. Bytes(checked((int)state.Elements))];

    private static byte[] Name(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        return [.. Bytes(bytes.Length), .. bytes];
    }

    private static byte[] Bytes(int number)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }

    private static ModelFileException Damaged(string path, string what) =>
        new($"{path}: this is no whole file of a saved sequence: {what}. Save the sequence again.");
}
