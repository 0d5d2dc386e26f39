using ArchGen.Formats.Blocks;
using ArchGen.Formats.Search;

namespace ArchGen.Formats.KQuants;

/// <summary>Blocks of 256 in 16 groups of 16 (ggml's Q2_K, Q3_K and Q6_K): all groups of a block are searched at once.</summary>
internal static unsafe class GroupsOf16
{
    public const int Block = 256, Size = 16, Groups = Block / Size;

    /// <summary>Turns a block for the searches.</summary>
    public static void Turn(ReadOnlySpan<float> x, GroupRoom* room)
    {
        fixed (float* source = x) Lanes.Turn(source, Size, Groups, room->X);
    }

    /// <summary>Finds the weights of a block's elements, turned, and their sums.</summary>
    public static void Weigh(ReadOnlySpan<float> x, ReadOnlySpan<float> importance, float sigma2, GroupRoom* room)
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

    /// <summary>The numbers of a group anew, by its rounded scale and minimum.</summary>
    public static void Requantize(ReadOnlySpan<float> x, int group, float scale, float minimum, int least, int most, byte* quants)
    {
        if (scale == 0) return;
        for (var i = group * Size; i < (group + 1) * Size; i++) quants[i] = (byte)(Math.Clamp(Lanes.Round((x[i] + minimum) / scale), least, most) - least);
    }
}
