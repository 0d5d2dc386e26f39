using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.KQuants;
using ArchGen.Formats.Search;

namespace ArchGen.Formats.Q2_K;

/// <summary>Scales and minima of 16 by search, then rounded to 4 bits, and the numbers again by what those became.</summary>
internal static unsafe class Q2_KEncoder
{
    private const int Block = GroupsOf16.Block, Size = GroupsOf16.Size, Groups = GroupsOf16.Groups, MostScale = 15, Most = 3;

    [SkipLocalsInit]
    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        GroupRoom room;
        fixed (byte* bytes = destination)
        {
            var block = (Q2_KBlock*)bytes;
            for (var begin = 0; begin < source.Length; begin += Block, block++)
            {
                var x = source.Slice(begin, Block);
                Search(x, importance.IsEmpty ? default : importance.Slice(begin, Block), &room);
                Write(x, !importance.IsEmpty, &room, block);
            }
        }
    }

    private static void Search(ReadOnlySpan<float> x, ReadOnlySpan<float> importance, GroupRoom* room)
    {
        GroupsOf16.Turn(x, room);
        if (!importance.IsEmpty) GroupsOf16.Weigh(x, importance, BlockWriter.SumOfSquares(x) / Block, room);
        else for (var i = 0; i < Block; i++) room->Weights[i] = MathF.Abs(room->X[i]);
        var tries = importance.IsEmpty ? new ScaleMinimumTries(Most, -0.5f, 0.1f, 15, ByMagnitude: true) : new ScaleMinimumTries(Most, -0.9f, 0.05f, 36);
        var (scale, minimum) = ScaleMinimumSearch.Find(room->X, room->Weights, Size, tries, room->Quants, room->Tried);
        scale.Store(room->Scales);
        minimum.Store(room->Minima);
        Lanes.TurnBack(room->Quants, Size, Groups, room->Bytes);
    }

    private static void Write(ReadOnlySpan<float> x, bool isWeighted, GroupRoom* room, Q2_KBlock* block)
    {
        Span<byte> scales = stackalloc byte[Groups], minima = stackalloc byte[Groups];
        ReadOnlySpan<float> found = new(room->Scales, Groups), foundMinima = new(room->Minima, Groups), sums = new(room->Sums, Groups);
        var (d, m) = isWeighted
            ? (PositiveScaleSearch.Find(found, sums, MostScale, scales), PositiveScaleSearch.Find(foundMinima, sums, MostScale, minima))
            : (Rounded(found, scales), Rounded(foundMinima, minima));
        (d, m) = (BlockWriter.Half(&block->Scale, d), BlockWriter.Half(&block->Minimum, m));
        for (var g = 0; g < Groups; g++)
        {
            block->GroupScales[g] = (byte)(scales[g] | minima[g] << 4);
            GroupsOf16.Requantize(x, g, d * scales[g], m * minima[g], 0, Most, room->Bytes);
        }

        BlockWriter.Pairs(new ReadOnlySpan<byte>(room->Bytes, Block), block->Quants);
    }

    // The largest becomes 15.
    private static float Rounded(ReadOnlySpan<float> numbers, Span<byte> rounded)
    {
        var largest = 0f;
        foreach (var number in numbers) largest = number > largest ? number : largest;
        if (!(largest > 0))
        {
            rounded.Clear();
            return 0;
        }

        var inverse = MostScale / largest;
        for (var i = 0; i < numbers.Length; i++) rounded[i] = (byte)Lanes.Round(inverse * numbers[i]);
        return largest / MostScale;
    }
}
