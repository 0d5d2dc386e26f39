using ArchGen.Formats.Blocks;
using ArchGen.Formats.Search;

namespace ArchGen.Formats.KQuants;

/// <summary>Blocks of 256 in 16 groups of 16 (ggml's Q2_K, Q3_K and Q6_K): all groups of a block are searched at once.</summary>
internal static unsafe class GroupsOf16
{
    public const int Block = 256, Size = 16, Groups = Block / Size;

    /// <summary>Transposes a block for the searches.</summary>
    public static void Transpose(ReadOnlySpan<float> x, GroupScratch* scratch)
    {
        fixed (float* source = x) Lanes.Transpose(source, Size, Groups, scratch->X);
    }

    /// <summary>Computes the importance weights of a block's elements, transposed, and their sums.</summary>
    public static void ComputeWeights(ReadOnlySpan<float> x, ReadOnlySpan<float> importance, float sigma2, GroupScratch* scratch)
    {
        BlockWriter.ComputeWeights(x, importance, sigma2, new Span<float>(scratch->ElementWeights, Block));
        for (var g = 0; g < Groups; g++)
        {
            var sum = 0f;
            for (var i = 0; i < Size; i++) sum += scratch->ElementWeights[(g * Size) + i];
            scratch->Sums[g] = sum;
        }

        Lanes.Transpose(scratch->ElementWeights, Size, Groups, scratch->Weights);
    }

    /// <summary>Quantizes a group again, by its rounded scale and minimum.</summary>
    public static void Requantize(ReadOnlySpan<float> x, int group, float scale, float minimum, int min, int max, byte* quants)
    {
        if (scale == 0) return;
        for (var i = group * Size; i < (group + 1) * Size; i++) quants[i] = (byte)(Math.Clamp(Lanes.Round((x[i] + minimum) / scale), min, max) - min);
    }
}
