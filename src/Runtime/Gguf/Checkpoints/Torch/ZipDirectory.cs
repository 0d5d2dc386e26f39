using System.Buffers.Binary;
using System.Text;
using ArchGen.Gguf.Files;

namespace ArchGen.Gguf.Checkpoints.Torch;

/// <summary>
/// The entries of a zip archive (APPNOTE.TXT 4.3), with 64-bit sizes. Entries must be stored, not compressed, as torch.save writes them: the mapped memory
/// is the data.
/// </summary>
internal static unsafe class ZipDirectory
{
    private const uint EndMark = 0x06054b50, End64Mark = 0x06064b50, Locator64Mark = 0x07064b50, EntryMark = 0x02014b50, LocalMark = 0x04034b50;
    private const int EndBytes = 22, LocatorBytes = 20, End64Bytes = 56, EntryBytes = 46, LocalBytes = 30, MaxCommentBytes = 0xFFFF;

    /// <summary>The data of each entry: offset and length.</summary>
    /// <exception cref="ModelFileException">It is no archive, damaged, or an entry is compressed.</exception>
    public static Dictionary<string, (long Offset, long Length)> Read(FileMemory memory, string path)
    {
        var end = FindEnd(memory, path);
        long count = UInt16(memory, end + 10), start = UInt32(memory, end + 16);
        if ((count == 0xFFFF || start == 0xFFFFFFFF) && end >= LocatorBytes && UInt32(memory, end - LocatorBytes) == Locator64Mark)
        {
            var end64 = Int64(memory, end - LocatorBytes + 8);
            if (end64 < 0 || end64 > memory.Length - End64Bytes || UInt32(memory, end64) != End64Mark)
                throw Fault(path, "its directory is not where the file says");
            (count, start) = (Int64(memory, end64 + 32), Int64(memory, end64 + 48));
        }

        var entries = new Dictionary<string, (long, long)>(StringComparer.Ordinal);
        for (var at = start; count > 0; count--)
        {
            if (at < 0 || at > memory.Length - EntryBytes || UInt32(memory, at) != EntryMark) throw Fault(path, "its directory is cut off");
            int nameLength = UInt16(memory, at + 28), extraLength = UInt16(memory, at + 30), commentLength = UInt16(memory, at + 32);
            if (at + EntryBytes + nameLength + extraLength > memory.Length) throw Fault(path, "its directory is cut off");
            var name = Encoding.UTF8.GetString(memory.Start + at + EntryBytes, nameLength);
            if (UInt16(memory, at + 10) != 0)
            {
                throw new ModelFileException($"{path}: the entry {name} is compressed, expected stored data, as torch.save writes it. "
                    + "Save the weights again.");
            }

            long length = UInt32(memory, at + 24), local = UInt32(memory, at + 42);
            ReadExtra64(memory, at + EntryBytes + nameLength, extraLength, ref length, ref local);
            entries[name] = (DataOf(memory, path, name, local, length), length);
            at += EntryBytes + nameLength + extraLength + commentLength;
        }

        return entries;
    }

    /// <summary>The 64-bit sizes of an entry, those that do not fit into 32 bits, in their order.</summary>
    private static void ReadExtra64(FileMemory memory, long at, int length, ref long size, ref long local)
    {
        for (var end = at + length; at + 4 <= end;)
        {
            int id = UInt16(memory, at), bytes = UInt16(memory, at + 2);
            if (id == 1 && at + 4 + bytes <= end)
            {
                var value = at + 4;
                if (size == 0xFFFFFFFF && value + 8 <= at + 4 + bytes) (size, value) = (Int64(memory, value), value + 8);
                // The compressed size comes between; of stored entries it is the same.
                if (size > 0xFFFFFFFF && value + 8 <= at + 4 + bytes) value += 8;
                if (local == 0xFFFFFFFF && value + 8 <= at + 4 + bytes) local = Int64(memory, value);
            }

            at += 4 + bytes;
        }
    }

    private static long DataOf(FileMemory memory, string path, string name, long local, long length)
    {
        if (local < 0 || local > memory.Length - LocalBytes || UInt32(memory, local) != LocalMark)
            throw Fault(path, $"the entry {name} is not where the directory says");
        var data = local + LocalBytes + UInt16(memory, local + 26) + UInt16(memory, local + 28);
        return length >= 0 && data <= memory.Length - length ? data : throw Fault(path, $"the entry {name} ends beyond the file");
    }

    private static long FindEnd(FileMemory memory, string path)
    {
        for (var at = memory.Length - EndBytes; at >= Math.Max(0, memory.Length - EndBytes - MaxCommentBytes); at--)
        {
            if (UInt32(memory, at) == EndMark) return at;
        }

        throw Fault(path, "it is no zip archive, or cut off; files of PyTorch before 1.6 are none either");
    }

    private static int UInt16(FileMemory memory, long at) => BinaryPrimitives.ReadUInt16LittleEndian(new ReadOnlySpan<byte>(memory.Start + at, 2));

    private static long UInt32(FileMemory memory, long at) => BinaryPrimitives.ReadUInt32LittleEndian(new ReadOnlySpan<byte>(memory.Start + at, 4));

    private static long Int64(FileMemory memory, long at) => BinaryPrimitives.ReadInt64LittleEndian(new ReadOnlySpan<byte>(memory.Start + at, 8));

    private static ModelFileException Fault(string path, string fault) => new($"{path}: {fault}. Download the file again, or save it as safetensors.");
}
