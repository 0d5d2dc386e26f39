using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ArchGen.Tools.Quantization.Encoders;

/// <summary>Blocks of 256 in 16 groups of 16 (ggml's Q2_K, Q3_K and Q6_K): all groups of a block are searched at once, then their scales are rounded, and the
/// numbers again by what those became.</summary>
internal static unsafe class Q236KEncoder
{
    private const int Block = 256, Size = 16, Groups = Block / Size;

    /// <summary>Encodes a row as Q2_K: 4-bit scales and minima, 64 bytes of pairs of bits, two halves.</summary>
    [SkipLocalsInit]
    public static void EncodeQ2(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        const int Bytes = 84, MostScale = 15, Most = 3;
        GroupRoom room;
        Span<byte> scales = stackalloc byte[Groups], minima = stackalloc byte[Groups];
        for (var begin = 0; begin < source.Length; begin += Block, destination = destination[Bytes..])
        {
            var x = source.Slice(begin, Block);
            Turn(x, &room);
            if (importance.IsEmpty)
            {
                for (var i = 0; i < Block; i++) room.Weights[i] = MathF.Abs(room.X[i]);
            }
            else
            {
                Weigh(x, importance.Slice(begin, Block), BlockWriter.SumOfSquares(x) / Block, &room);
            }

            var tries = importance.IsEmpty ? new ScaleMinimumTries(Most, -0.5f, 0.1f, 15, ByMagnitude: true) : new ScaleMinimumTries(Most, -0.9f, 0.05f, 36);
            var (scale, minimum) = ScaleMinimumSearch.Find(room.X, room.Weights, Size, tries, room.Quants, room.Tried);
            scale.Store(room.Scales);
            minimum.Store(room.Minima);
            Lanes.TurnBack(room.Quants, Size, Groups, room.Bytes);
            ReadOnlySpan<float> found = new(room.Scales, Groups), foundMinima = new(room.Minima, Groups), sums = new(room.Sums, Groups);
            var (d, m) = importance.IsEmpty
                ? (Rounded(found, MostScale, scales), Rounded(foundMinima, MostScale, minima))
                : (PositiveScaleSearch.Find(found, sums, MostScale, scales), PositiveScaleSearch.Find(foundMinima, sums, MostScale, minima));
            (d, m) = (BlockWriter.Half(destination[80..], d), BlockWriter.Half(destination[82..], m));
            for (var g = 0; g < Groups; g++)
            {
                destination[g] = (byte)(scales[g] | minima[g] << 4);
                Requantize(x, g, d * scales[g], m * minima[g], 0, Most, room.Bytes);
            }

            BlockWriter.Pairs(new ReadOnlySpan<byte>(room.Bytes, Block), destination[16..]);
        }
    }

    /// <summary>Encodes a row as Q3_K: a bit mask of the third bits, pairs of bits, 6-bit scales, a half.</summary>
    [SkipLocalsInit]
    public static void EncodeQ3(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        const int Bytes = 110, HalfScale = 32, Half = 4;
        GroupRoom room;
        Span<byte> scales = stackalloc byte[Groups];
        for (var begin = 0; begin < source.Length; begin += Block, destination = destination[Bytes..])
        {
            var x = source.Slice(begin, Block);
            Turn(x, &room);
            float d;
            if (importance.IsEmpty)
            {
                DescentSearch.Find(room.X, Size, Half, room.Quants).Store(room.Scales);
                var (_, largest) = BlockWriter.Largest(new ReadOnlySpan<float>(room.Scales, Groups));
                var inverse = largest != 0 ? -HalfScale / largest : 0;
                for (var g = 0; g < Groups; g++) scales[g] = largest != 0 ? (byte)(Math.Clamp((sbyte)Lanes.Round(inverse * room.Scales[g]), (sbyte)-HalfScale, (sbyte)(HalfScale - 1)) + HalfScale) : (byte)0;
                d = largest != 0 ? 1 / inverse : 0;
            }
            else
            {
                Weigh(x, importance.Slice(begin, Block), 2 * BlockWriter.SumOfSquares(x) / Block, &room);
                ScaleSearch.Find(room.X, room.Weights, Size, Half, room.Quants).Store(room.Scales);
                d = ScaleOfScales(&room, HalfScale, scales);
            }

            Lanes.TurnBack(room.Quants, Size, Groups, room.Bytes);
            d = BlockWriter.Half(destination[108..], d);
            PackScales(scales, destination.Slice(96, 12));
            for (var g = 0; g < Groups; g++) Requantize(x, g, d * (scales[g] - HalfScale), 0, -Half, Half - 1, room.Bytes);
            destination[..32].Clear();
            for (var i = 0; i < Block; i++)
                if (room.Bytes[i] >= Half) destination[i % 32] |= (byte)(1 << (i / 32));
            BlockWriter.Pairs(new ReadOnlySpan<byte>(room.Bytes, Block), destination[32..]);
        }
    }

    /// <summary>Encodes a row as Q6_K: nibbles, pairs of upper bits, 8-bit scales, a half.</summary>
    [SkipLocalsInit]
    public static void EncodeQ6(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        const int Bytes = 210, Half = 32, MostScale = 128;
        GroupRoom room;
        for (var begin = 0; begin < source.Length; begin += Block, destination = destination[Bytes..])
        {
            var x = source.Slice(begin, Block);
            var block = destination[..Bytes];
            Turn(x, &room);
            if (!importance.IsEmpty)
                fixed (float* weights = importance.Slice(begin, Block)) Lanes.Turn(weights, Size, Groups, room.Weights);
            ScaleSearch.Find(room.X, importance.IsEmpty ? null : room.Weights, Size, Half, room.Quants).Store(room.Scales);
            var (magnitude, largest) = BlockWriter.Largest(new ReadOnlySpan<float>(room.Scales, Groups));
            if (magnitude < ScaleSearch.Nothing)
            {
                block.Clear();
                continue;
            }

            Lanes.TurnBack(room.Quants, Size, Groups, room.Bytes);
            var inverse = -MostScale / largest;
            var d = BlockWriter.Half(block[208..], 1 / inverse);
            for (var g = 0; g < Groups; g++)
            {
                var scale = (sbyte)Math.Min(MostScale - 1, Lanes.Round(inverse * room.Scales[g]));
                block[192 + g] = (byte)scale;
                Requantize(x, g, d * scale, 0, -Half, Half - 1, room.Bytes);
            }

            for (var half = 0; half < 2; half++)
            {
                var q = room.Bytes + (half * 128);
                Span<byte> low = block[(half * 64)..], upper = block[(128 + (half * 32))..];
                for (var i = 0; i < 32; i++)
                {
                    low[i] = (byte)((q[i] & 0x0F) | q[i + 64] << 4);
                    low[i + 32] = (byte)((q[i + 32] & 0x0F) | q[i + 96] << 4);
                    upper[i] = (byte)(q[i] >> 4 | (q[i + 32] >> 4) << 2 | (q[i + 64] >> 4) << 4 | (q[i + 96] >> 4) << 6);
                }
            }
        }
    }

    private static void Turn(ReadOnlySpan<float> x, GroupRoom* room)
    {
        fixed (float* source = x) Lanes.Turn(source, Size, Groups, room->X);
    }

    private static void Weigh(ReadOnlySpan<float> x, ReadOnlySpan<float> importance, float sigma2, GroupRoom* room)
    {
        BlockWriter.Weigh(x, importance, sigma2, new Span<float>(room->Weighed, Block));
        for (var g = 0; g < Groups; g++)
        {
            var sum = 0f;
            for (var i = 0; i < Size; i++) sum += room->Weighed[(g * Size) + i];
            room->Sums[g] = sum;
        }

        Lanes.Turn(room->Weighed, Size, Groups, room->Weights);
    }

    /// <summary>The scale of the groups' scales, weighted by their sums: one group of 16, in the first lane of the search.</summary>
    private static float ScaleOfScales(GroupRoom* room, int half, Span<byte> rounded)
    {
        Lanes.Turn(room->Scales, Size, 1, room->X);
        Lanes.Turn(room->Sums, Size, 1, room->Weights);
        var scale = ScaleSearch.Find(room->X, room->Weights, Size, half, room->Tried);
        for (var g = 0; g < Groups; g++) rounded[g] = (byte)(int)room->Tried[g * Lanes.Count];
        return scale.ToScalar();
    }

    private static void Requantize(ReadOnlySpan<float> x, int group, float scale, float minimum, int least, int most, byte* quants)
    {
        if (scale == 0) return;
        for (var i = group * Size; i < (group + 1) * Size; i++) quants[i] = (byte)(Math.Clamp(Lanes.Round((x[i] + minimum) / scale), least, most) - least);
    }

    // The largest becomes the most.
    private static float Rounded(ReadOnlySpan<float> numbers, int most, Span<byte> rounded)
    {
        var largest = 0f;
        foreach (var number in numbers) largest = number > largest ? number : largest;
        if (!(largest > 0))
        {
            rounded.Clear();
            return 0;
        }

        var inverse = most / largest;
        for (var i = 0; i < numbers.Length; i++) rounded[i] = (byte)Lanes.Round(inverse * numbers[i]);
        return largest / most;
    }

    /// <summary>Packs 16 6-bit scales: low nibbles in 8 bytes, the upper two bits in the last 4.</summary>
    private static void PackScales(ReadOnlySpan<byte> scales, Span<byte> packed)
    {
        packed.Clear();
        for (var g = 0; g < Groups; g++)
        {
            packed[g % 8] |= (byte)((scales[g] & 0x0F) << (g < 8 ? 0 : 4));
            packed[8 + (g % 4)] |= (byte)((scales[g] >> 4) << (2 * (g / 4)));
        }
    }
}
