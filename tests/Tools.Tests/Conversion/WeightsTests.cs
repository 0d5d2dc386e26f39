using System.Runtime.InteropServices;

namespace ArchGen.Tools.Tests.Conversion;

/// <summary>
/// Each change of a checkpoint's tensor against its definition, element by element, for many shapes: as a whole, in pieces, and in stored bytes; and back
/// again where there is a way back.
/// </summary>
public sealed class WeightsTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Rows_are_taken_from_where_they_are(int seed)
    {
        var random = new Random(seed);
        int rows = random.Next(1, 20), width = random.Next(1, 9), first = random.Next(rows), count = random.Next(rows - first) + 1;
        var source = Numbered(rows, width);
        Check(source.Rows(first, count), [count, width], at => source.At([first + at[0], at[1]]));
        Check(Weights.Stacked(source.Rows(0, first), source.Rows(first, rows - first)), [rows, width], source.At);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_row_and_its_complement_make_the_whole(int seed)
    {
        var random = new Random(seed);
        int step = random.Next(1, 5), rows = step * random.Next(1, 6), width = random.Next(1, 7), first = random.Next(step), stack = random.Next(1, 4);
        var source = Numbered(rows, width);
        Check(source.EveryRow(step, first), [rows / step, width], at => source.At([(at[0] * step) + first, at[1]]));
        var matrices = Numbered(stack, rows, width);
        Check(matrices.EveryInnerRow(step, first), [stack, rows / step, width], at => matrices.At([at[0], (at[1] * step) + first, at[2]]));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Grouped_projections_come_apart(int seed)
    {
        var random = new Random(seed);
        int groups = random.Next(1, 5), queries = random.Next(1, 4), size = random.Next(1, 6), width = random.Next(1, 5);
        var source = Numbered(groups * (queries + 2) * size, width);
        int heads = groups * queries, group = (queries + 2) * size;
        Check(source.UngroupedQkv(groups, queries), [group * groups, width], at =>
        {
            var (head, row) = ((int)at[0] / size, (int)at[0] % size);
            var within = head < heads
                ? (head / queries * group) + (head % queries * size)
                : head < heads + groups
                    ? ((head - heads) * group) + (queries * size)
                    : ((head - heads - groups) * group) + ((queries + 1) * size);
            return source.At([within + row, at[1]]);
        });
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Halves_are_paired_and_can_be_parted_again(int seed)
    {
        var random = new Random(seed);
        int heads = random.Next(1, 5), half = random.Next(1, 6), rest = random.Next(0, 3), width = random.Next(1, 4), size = (2 * half) + rest;
        var source = Numbered(heads * size, width);
        var paired = source.PairedHalves(size, 2 * half);
        Check(paired, [heads * size, width], at =>
        {
            var (head, row) = (at[0] / size, at[0] % size);
            return source.At([(head * size) + (row >= 2 * half ? row : (row % 2 * half) + (row / 2)), at[1]]);
        });
        Check(paired.HalvedPairs(size, 2 * half), [heads * size, width], source.At);
        // By hand: of each head the even rows, the odd rows, the rest.
        var back = Enumerable.Range(0, heads).SelectMany(head => new[]
        {
            paired.Rows(head * size, 2 * half).EveryRow(2, 0), paired.Rows(head * size, 2 * half).EveryRow(2, 1), paired.Rows((head * size) + (2 * half), rest),
        });
        Check(Weights.Stacked([.. back]), [heads * size, width], source.At);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_transposition_is_its_own_inverse(int seed)
    {
        var random = new Random(seed);
        long[] shape = [random.Next(1, 4), random.Next(1, 9), random.Next(1, 9)];
        var source = Numbered(shape);
        Check(source.Transposed(), [shape[0], shape[2], shape[1]], at => source.At([at[0], at[2], at[1]]));
        Check(source.Transposed().Transposed(), shape, source.At);
        Check(source.Reshaped(shape[0] * shape[1], shape[2]), [shape[0] * shape[1], shape[2]], at => source.At([at[0] / shape[1], at[0] % shape[1], at[1]]));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Elements_are_changed_one_by_one(int seed)
    {
        var random = new Random(seed);
        long[] shape = [random.Next(1, 9), random.Next(1, 9)];
        var source = Numbered(shape);
        Check(source.Plus(1), shape, at => source.At(at) + 1);
        Check(source.NegativeExp(), shape, at => -MathF.Exp(source.At(at)));
        Check(source.NegativeExp().Plus(1), shape, at => -MathF.Exp(source.At(at)) + 1);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Groups_are_swapped_and_back_again(int seed)
    {
        var random = new Random(seed);
        int outer = random.Next(1, 5), inner = random.Next(1, 5), size = random.Next(1, 4), others = random.Next(1, 4), all = outer * inner * size;
        var source = Numbered(all, others);
        Check(source.SwappedGroups(outer, inner), [all, others], at => source.At([Swapped(at[0]), at[1]]));
        Check(source.SwappedGroups(outer, inner).SwappedGroups(inner, outer), [all, others], source.At);
        var columns = Numbered(others, all);
        Check(columns.SwappedColumnGroups(outer, inner), [others, all], at => columns.At([at[0], Swapped(at[1])]));

        // [outer, inner, size] read as [inner, outer, size].
        long Swapped(long place) => (place / size % outer * inner * size) + (place / size / outer * size) + (place % size);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Rows_are_scaled_one_by_one(int seed)
    {
        var random = new Random(seed);
        long[] shape = [random.Next(1, 9), random.Next(1, 9)];
        var source = Numbered(shape);
        Check(source.TimesRows(row => row - 1.5f, "by row"), shape, at => source.At(at) * (at[0] - 1.5f));
        Check(source.Mapped(x => x * x, "squared"), shape, at => source.At(at) * source.At(at));
    }

    /// <summary>The mean of 0, 0.125, .., 1.125 is 0.5625: up to half of it is 0, above is one.</summary>
    [Fact]
    public void Ternary_elements_are_their_mean_or_nothing() =>
        Check(Numbered(2, 5).Times(-1).Ternary(), [2, 5], at => (at[0] * 5) + at[1] < 3 ? -0f : -1 / (1 / 0.5625f));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Experts_are_stacked_and_can_be_taken_apart(int seed)
    {
        var random = new Random(seed);
        int count = random.Next(1, 5), rows = random.Next(1, 5), width = random.Next(1, 5);
        var parts = Enumerable.Range(0, count).Select(i => new Numbers([rows, width], i * 1000)).ToArray();
        var stacked = Weights.StackedAsNew(parts);
        Check(stacked, [count, rows, width], at => parts[at[0]].At([at[1], at[2]]));
        for (var i = 0; i < count; i++) Check(stacked.Rows(i, 1).Reshaped(rows, width), [rows, width], parts[i].At);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var source = Numbered(6, 4);
        Assert.Throws<ModelFileException>(() => source.Rows(5, 2));
        Assert.Throws<ModelFileException>(() => source.Rows(-1, 2));
        Assert.Throws<ModelFileException>(() => source.EveryRow(4, 0));
        Assert.Throws<ModelFileException>(() => source.EveryInnerRow(3, 0));
        Assert.Throws<ModelFileException>(() => source.OfEachGroup(4, 0, 1));
        Assert.Throws<ModelFileException>(() => source.OfEachGroup(2, 2, 2));
        Assert.Throws<ModelFileException>(() => source.UngroupedQkv(2, 2));
        Assert.Throws<ModelFileException>(() => source.PairedHalves(4, 4));
        Assert.Throws<ModelFileException>(() => source.HalvedPairs(3, 4));
        Assert.Throws<ModelFileException>(() => source.SwappedGroups(2, 2));
        Assert.Throws<ModelFileException>(() => source.SwappedColumnGroups(3, 1));
        Assert.Throws<ModelFileException>(() => source.Reshaped(5, 5));
        Assert.Throws<ModelFileException>(() => Weights.StackedAsNew([source, Numbered(4, 6)]));
    }

    private static Numbers Numbered(params long[] shape) => new(shape, 0);

    /// <summary>As a whole, in pieces of all sizes, and in stored bytes.</summary>
    private static void Check(Weights weights, long[] shape, Func<long[], float> expected)
    {
        Assert.Equal(shape, weights.Shape);
        var all = new float[weights.ElementCount];
        weights.Read(0, all);
        for (var i = 0; i < all.Length; i++) Assert.Equal(expected(Place(i, shape)), all[i]);
        for (var size = 1; size <= Math.Min(all.Length, 7); size += 2)
        {
            for (var first = 0; first + size <= all.Length; first++)
            {
                var piece = new float[size];
                weights.Read(first, piece);
                Assert.Equal(all.AsSpan(first, size).ToArray(), piece);
            }
        }

        if (weights.Storage is null) return;
        var bytes = new byte[4 * all.Length];
        weights.ReadStored(0, bytes);
        Assert.Equal(all, MemoryMarshal.Cast<byte, float>(bytes.AsSpan()).ToArray());
    }

    private static long[] Place(long element, long[] shape)
    {
        var place = new long[shape.Length];
        for (var d = shape.Length - 1; d >= 0; d--) (element, place[d]) = Math.DivRem(element, shape[d]);
        return place;
    }

    /// <summary>A tensor whose elements are their own numbers, so that each can be told from all others.</summary>
    private sealed class Numbers(long[] shape, int start) : Weights
    {
        public override IReadOnlyList<long> Shape => shape;

        public override WeightsStorage Storage => WeightsStorage.F32;

        public override IEnumerable<string> Sources => ["numbers"];

        public float At(long[] place)
        {
            var element = 0L;
            for (var d = 0; d < shape.Length; d++) element = (element * shape[d]) + place[d];
            return (start + element) * 0.125f;
        }

        public override void Read(long first, Span<float> destination)
        {
            for (var i = 0; i < destination.Length; i++) destination[i] = (start + first + i) * 0.125f;
        }

        public override void ReadStored(long first, Span<byte> destination)
        {
            var values = new float[destination.Length / 4];
            Read(first, values);
            MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(destination);
        }
    }
}
