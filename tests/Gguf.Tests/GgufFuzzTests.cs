using System.Text;
using ArchGen.Fixtures;
using ArchGen.Gguf;
using CsCheck;

namespace ArchGen.Gguf.Tests;

/// <summary>
/// Damaged files, thousands of them: each opens or is refused with a message, nothing else. What fails is shrunk to the fewest and smallest edits.
/// </summary>
public sealed class GgufFuzzTests
{
    private const int Rounds = 20_000;

    [Fact]
    public void Damaged_small_model()
    {
        var (opened, refused) = Fuzz(SmallModel.Bytes(), headerLength: 2048);
        Assert.InRange(opened, Rounds / 100, Rounds);
        Assert.InRange(refused, Rounds / 2, Rounds);
    }

    [Fact]
    public void Damaged_published_model()
    {
        var bytes = File.ReadAllBytes(SharedFixtures.Local("models/stories260K.gguf"));
        using var file = GgufFile.FromStream(new MemoryStream(bytes), "valid");
        var headerLength = (int)file.Tensors.Min(tensor => tensor.Offset);
        var (_, refused) = Fuzz(bytes.AsSpan(0, headerLength + 4096).ToArray(), headerLength);

        // The data of its tensors are cut off. Damage that takes all tensors away makes a file of it again.
        Assert.InRange(refused, Rounds * 99 / 100, Rounds);
    }

    [Fact]
    public void Any_bytes_are_a_file_or_a_message() => Gen.Select(Gen.Bool, Gen.Byte.Array[0, 64]).Sample(
        (hasHeader, bytes) =>
        {
            Open(hasHeader ? [.. "GGUF"u8, 3, 0, 0, 0, .. bytes] : bytes);
        },
        iter: Rounds);

    private static (int Opened, int Refused) Fuzz(byte[] valid, int headerLength)
    {
        var (opened, refused) = (0, 0);
        headerLength = Math.Min(headerLength, valid.Length);
        var length = Gen.Frequency((3, Gen.Const(valid.Length)), (1, Gen.Int[0, valid.Length - 1]));
        Gen.Select(AnyEdit(valid, headerLength).Array[1, 3], length).Sample(
            (edits, kept) =>
            {
                var bytes = (byte[])valid.Clone();
                foreach (var edit in edits) edit.Apply(bytes);
                Interlocked.Increment(ref Open(bytes[..kept]) ? ref opened : ref refused);
            },
            iter: Rounds);
        return (opened, refused);
    }

    /// <summary>Whether the bytes are a file. Its tensors and values are then read to their ends.</summary>
    private static bool Open(byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var file = GgufFile.FromStream(new MemoryStream(bytes), "damaged");
            foreach (var tensor in file.Tensors)
                _ = tensor.Span[0] + tensor.Span[^1];
            foreach (var (_, value) in file.Metadata)
                _ = value.ToString();
            return true;
        }
        catch (ArchGenException e)
        {
            Assert.StartsWith("damaged: ", e.Message, StringComparison.Ordinal);
            return false;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (64L * bytes.Length) + 65536);
        }
    }

    private static Gen<Edit> AnyEdit(byte[] valid, int headerLength)
    {
        var at = Gen.Int[0, headerLength - 9];
        var extreme = Gen.OneOf(
            Gen.OneOf<ulong>(0, ulong.MaxValue, long.MaxValue), Gen.Int[0, 63].Select(bit => 1UL << bit), Gen.Int[0, 63].Select(bit => (1UL << bit) - 1),
                Gen.ULong);
        var copied = Gen.Select(
            Gen.Int[0, headerLength - 256], Gen.Int[1, 255], (from, length) => valid.AsSpan(from, length).ToArray());
        return Gen.OneOf(
            Gen.Select(at, Gen.Int[0, 7], (place, bit) => new Edit(place, [(byte)(1 << bit)], IsFlip: true)),
            Gen.Select(at, Gen.Byte, (place, value) => new Edit(place, [value])),
            Gen.Select(at, extreme, (place, value) => new Edit(place, BitConverter.GetBytes(value))),
            Gen.Select(at, Gen.UInt[0, 63], (place, value) => new Edit(place, BitConverter.GetBytes(value))),
            Gen.Select(at, copied, (place, bytes) => new Edit(place, bytes)));
    }

    /// <summary>Bytes that replace those at a place, or flip bits of them.</summary>
    private sealed record Edit(int At, byte[] Bytes, bool IsFlip = false)
    {
        public void Apply(byte[] file)
        {
            for (var i = 0; i < Bytes.Length && At + i < file.Length; i++)
                file[At + i] = (byte)(IsFlip ? file[At + i] ^ Bytes[i] : Bytes[i]);
        }

        public override string ToString() => $"{(IsFlip ? "flip" : "write")} {Convert.ToHexString(Bytes)} at {At}";
    }
}
