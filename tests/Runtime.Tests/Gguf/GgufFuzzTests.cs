using System.Buffers.Binary;
using ArchGen.Fixtures;
using ArchGen.Gguf;

namespace ArchGen.Runtime.Tests.Gguf;

/// <summary>Damaged files, thousands of them, the same ones in every run: each opens or is refused with a message, nothing else.</summary>
public sealed class GgufFuzzTests
{
    private const int Rounds = 20_000;

    [Fact]
    public void DamagedSmallModel()
    {
        (var opened, var refused) = Fuzz(SmallModel.Bytes(), seed: 1, headerLength: 2048);
        Assert.InRange(opened, Rounds / 100, Rounds);
        Assert.InRange(refused, Rounds / 2, Rounds);
    }

    [Fact]
    public void DamagedPublishedModel()
    {
        var bytes = File.ReadAllBytes(SharedFixtures.Local("models/stories260K.gguf"));
        using var file = GgufFile.FromStream(new MemoryStream(bytes), "valid");
        var headerLength = (int)file.Tensors.Min(tensor => tensor.Offset);
        (var _, var refused) = Fuzz(bytes.AsSpan(0, headerLength + 4096).ToArray(), seed: 2, headerLength);
        Assert.Equal(Rounds, refused);
    }

    private static (int Opened, int Refused) Fuzz(byte[] valid, int seed, int headerLength)
    {
        var random = new Random(seed);
        int opened = 0, refused = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Damage(valid, random, Math.Min(headerLength, valid.Length));
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var file = GgufFile.FromStream(new MemoryStream(bytes), "damaged");
                opened++;
                Touch(file);
            }
            catch (ArchGenException e)
            {
                refused++;
                Assert.StartsWith("damaged: ", e.Message, StringComparison.Ordinal);
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64L * valid.Length + 65536);
        }

        return (opened, refused);
    }

    private static void Touch(GgufFile file)
    {
        foreach (var tensor in file.Tensors)
            _ = tensor.Span[0] + tensor.Span[^1];
        foreach ((var _, var value) in file.Metadata)
            _ = value.ToString();
    }

    private static byte[] Damage(byte[] valid, Random random, int headerLength)
    {
        var bytes = (byte[])valid.Clone();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var at = random.Next(headerLength - 8);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), Extreme(random));
                    break;
                case 3:
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), (uint)random.Next(64));
                    break;
                default:
                    var length = random.Next(1, Math.Min(256, headerLength - at));
                    valid.AsSpan(random.Next(headerLength - length), length).CopyTo(bytes.AsSpan(at));
                    break;
            }
        }

        return random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static ulong Extreme(Random random) => random.Next(6) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => long.MaxValue,
        3 => 1UL << random.Next(64),
        4 => (1UL << random.Next(64)) - 1,
        _ => (ulong)random.NextInt64(),
    };
}
