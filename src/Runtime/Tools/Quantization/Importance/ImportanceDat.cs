using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using ArchGen.Gguf;
using ArchGen.Gguf.Files;
using ArchGen.Tools.Quantization.Mixes;

namespace ArchGen.Tools.Quantization.Importance;

/// <summary>
/// llama.cpp's older binary format (.dat), little-endian: i32 entries; of each i32 length and name, i32 chunks, i32 columns and the means of squares
/// times the chunks as f32; then, in newer files, i32 chunks and the text's name.
/// </summary>
internal static class ImportanceDat
{
    private const string Remedy = "Use a file that llama-imatrix or 'archgen imatrix' wrote.";

    public static unsafe ImportanceMatrix Read(FileMemory memory, string path)
    {
        var cursor = new GgufCursor(memory.Start, memory.Length, path);
        var count = cursor.Read<int>();
        if (count < 1)
            throw cursor.Error(0, $"neither GGUF nor the older format of importance matrices: it would have {count} entries, expected at least one", Remedy);
        var entries = new Dictionary<string, ImportanceEntry>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            cursor.Place = $"entry {i + 1} of {count}";
            var at = cursor.Position;
            var entry = ReadEntry(cursor);
            if (!entries.TryAdd(entry.Name, entry))
                throw cursor.Error(at, $"tensor {MessageText.Quote(entry.Name)} is there twice; expected each once", Remedy);
        }

        cursor.Place = "the end";
        var chunks = cursor.Remaining > 0 ? Math.Max(0, cursor.Read<int>()) : 0;
        var dataset = cursor.Remaining > 0 ? ReadString(cursor) : "";
        return new ImportanceMatrix(entries.Values, dataset.Length > 0 ? [dataset] : [], chunks, chunkSize: 0);
    }

    private static ImportanceEntry ReadEntry(GgufCursor cursor)
    {
        var at = cursor.Position;
        var name = ReadString(cursor);
        if (name.Length == 0) throw cursor.Error(at, "found an empty name; expected that of a tensor", Remedy);
        // Old files have no count where the sums are the means themselves.
        var calls = Math.Max(1, cursor.Read<int>());
        at = cursor.Position;
        var columns = cursor.Read<int>();
        if (columns is < 1 or > int.MaxValue / sizeof(float))
            throw cursor.Error(at, $"found {columns} columns; expected 1 to {int.MaxValue / sizeof(float)}", Remedy);
        var sums = MemoryMarshal.Cast<byte, float>(cursor.ReadBytes(columns * (long)sizeof(float))).ToArray();
        return ImportanceEntry.Flaw(sums, [calls]) is { } flaw
            ? throw cursor.Error(at, $"tensor {MessageText.Quote(name)}: {flaw}", Remedy)
            : new ImportanceEntry(name, sums, [calls]);
    }

    private static string ReadString(GgufCursor cursor)
    {
        var at = cursor.Position;
        var length = cursor.Read<int>();
        if (length < 0) throw cursor.Error(at, $"found a name of {length} bytes; expected 0 or more", Remedy);
        var text = cursor.ReadBytes(length);
        return Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : throw cursor.Error(at, $"found a name of {length} bytes that is not UTF-8", Remedy);
    }
}
