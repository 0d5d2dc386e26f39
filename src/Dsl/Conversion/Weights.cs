using ArchGen.Conversion;

namespace ArchGen;

/// <summary>
/// A tensor of a checkpoint that is converted for a model file: its source and the declared changes. Elements are computed when they are
/// read, chunk by chunk; a change that only moves rows keeps the stored bytes.
/// </summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public abstract class Weights
{
    /// <summary>The dimensions, slowest first.</summary>
    public abstract IReadOnlyList<long> Shape { get; }

    /// <summary>The storage of the elements; null if they are computed, or if GGUF has no such tensor type.</summary>
    public virtual WeightsStorage? Storage => null;

    /// <summary>The description of the changes: <c>transposed</c>; empty for an unchanged tensor.</summary>
    public virtual IEnumerable<string> Steps => [];

    /// <summary>The names of its source tensors in the checkpoint.</summary>
    public abstract IEnumerable<string> Sources { get; }

    /// <summary>The number of elements.</summary>
    public long ElementCount => Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>The number of elements of one row: the product of all dimensions but the first; 1 for a vector.</summary>
    public long RowLength => Shape.Skip(1).Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>Reads consecutive elements, row-major, as f32.</summary>
    /// <param name="first">The first element.</param>
    /// <param name="destination">The elements; its length is their number.</param>
    public abstract void Read(long first, Span<float> destination);

    /// <summary>Reads consecutive elements as they are stored; <see cref="Storage"/> must not be null.</summary>
    /// <param name="first">The first element: the first of a block.</param>
    /// <param name="destination">The bytes of whole blocks; its length is their number of bytes.</param>
    public virtual void ReadStored(long first, Span<byte> destination) => throw new NotSupportedException("These elements are computed, not stored.");

    /// <summary>The stored bytes, if they are contiguous in memory.</summary>
    public virtual bool TryGetMemory(out nint pointer)
    {
        pointer = 0;
        return false;
    }

    /// <summary>The rows from <paramref name="first"/> on.</summary>
    public Weights Rows(long first, long count) =>
        first >= 0 && count >= 0 && first + count <= Shape[0]
            ? new ReorderedRows(this, [count, .. Shape.Skip(1)], row => first + row, $"rows {first} to {first + count - 1}")
            : throw Impossible($"rows {first} to {first + count - 1}");

    /// <summary>Every <paramref name="step"/>th row, from <paramref name="first"/> on: one of several interleaved matrices.</summary>
    public Weights EveryRow(long step, long first) =>
        step > 0 && first >= 0 && first < step && Shape[0] % step == 0
            ? new ReorderedRows(this, [Shape[0] / step, .. Shape.Skip(1)], row => (row * step) + first, $"every row {first} of {step}")
            : throw Impossible($"every row {first} of {step}");

    /// <summary>The same for each matrix of a stack: [n, rows, ...] to [n, rows/step, ...].</summary>
    public Weights EveryInnerRow(long step, long first) =>
        Shape.Count < 2 || step < 1 || Shape[1] % step != 0
            ? throw Impossible($"every row {first} of {step} of each matrix")
            : Reshaped([Shape[0] * Shape[1], .. Shape.Skip(2)]).EveryRow(step, first).Reshaped([Shape[0], Shape[1] / step, .. Shape.Skip(2)]);

    /// <summary>
    /// A part of each group of rows: the rows are divided into <paramref name="groups"/> groups of equal size; of each,
    /// <paramref name="count"/> rows from <paramref name="first"/> on are selected.
    /// </summary>
    public Weights OfEachGroup(long groups, long first, long count)
    {
        var what = $"rows {first} to {first + count - 1} of each of {groups} groups";
        if (groups <= 0 || Shape[0] % groups != 0 || first < 0 || count <= 0 || first + count > Shape[0] / groups) throw Impossible(what);
        var size = Shape[0] / groups;
        return new ReorderedRows(this, [groups * count, .. Shape.Skip(1)], row => (row / count * size) + first + (row % count), what);
    }

    /// <summary>
    /// The rows of a fused projection, whose groups each have query heads, a key head and a value head, reordered to all queries, all keys, all values.
    /// </summary>
    /// <param name="groups">The number of key heads.</param>
    /// <param name="queries">The number of query heads per key head.</param>
    public Weights UngroupedQkv(long groups, long queries)
    {
        if (groups <= 0 || queries <= 0 || Shape[0] % (groups * (queries + 2)) != 0) throw Impossible($"{groups} groups of {queries} + 2 heads");
        var head = Shape[0] / groups / (queries + 2);
        return Stacked(OfEachGroup(groups, 0, queries * head), OfEachGroup(groups, queries * head, head), OfEachGroup(groups, (queries + 1) * head, head));
    }

    /// <summary>
    /// The rows of rotated heads, reordered from <see cref="RopeKind.HalfSplit"/> to <see cref="RopeKind.Interleaved"/>: of each head's first
    /// <paramref name="rotated"/> rows, row i of the first half becomes row 2i, row i of the second half row 2i + 1.
    /// </summary>
    public Weights PairedHalves(long headSize, long rotated)
    {
        var what = $"rotary halves of {headSize} rows paired";
        if (headSize <= 0 || Shape[0] % headSize != 0 || rotated > headSize || rotated % 2 != 0) throw Impossible(what);
        return new ReorderedRows(this, Shape, row =>
        {
            var within = row % headSize;
            return within >= rotated ? row : row - within + (within % 2 * (rotated / 2)) + (within / 2);
        }, what);
    }

    /// <summary>The way back of <see cref="PairedHalves"/>: from <see cref="RopeKind.Interleaved"/> to <see cref="RopeKind.HalfSplit"/>.</summary>
    public Weights HalvedPairs(long headSize, long rotated)
    {
        var what = $"rotary pairs of {headSize} rows halved";
        if (headSize <= 0 || Shape[0] % headSize != 0 || rotated > headSize || rotated % 2 != 0) throw Impossible(what);
        var half = rotated / 2;
        return new ReorderedRows(this, Shape, row =>
        {
            var within = row % headSize;
            return within >= rotated ? row : row - within + (within < half ? 2 * within : (2 * (within - half)) + 1);
        }, what);
    }

    /// <summary>
    /// The rows with two levels of grouping exchanged: of <paramref name="outer"/> groups of <paramref name="inner"/> parts, those of the first part of every
    /// group first. Query heads that read key heads by turns become those that read them in groups.
    /// </summary>
    public Weights SwappedGroups(long outer, long inner)
    {
        var what = $"groups of {outer} x {inner} rows swapped";
        if (outer <= 0 || inner <= 0 || Shape.Count == 0 || Shape[0] % (outer * inner) != 0) throw Impossible(what);
        var size = Shape[0] / outer / inner;
        return new ReorderedRows(this, Shape, row => ((((row / size % outer) * inner) + (row / size / outer)) * size) + (row % size), what);
    }

    /// <summary>The same of the columns of a matrix: of the projection that reads these heads.</summary>
    public Weights SwappedColumnGroups(long outer, long inner)
    {
        var what = $"groups of {outer} x {inner} columns swapped";
        if (outer <= 0 || inner <= 0 || Shape.Count < 2 || Shape[^1] % (outer * inner) != 0) throw Impossible(what);
        var size = Shape[^1] / outer / inner;
        return new ReorderedColumns(this, column => ((((column / size % outer) * inner) + (column / size / outer)) * size) + (column % size), what);
    }

    /// <summary>
    /// The transposed matrix; of a stack, each matrix transposed; a vector unchanged. Conv1D of GPT-2 stores [in, out].
    /// </summary>
    public Weights Transposed() => Shape.Count < 2 ? this : new TransposedMatrices(this);

    /// <summary>The same elements with other dimensions.</summary>
    public Weights Reshaped(params long[] shape) =>
        Guard.NotNull(shape).Aggregate(1L, (product, size) => checked(product * size)) == ElementCount
            ? new ReshapedWeights(this, shape)
            : throw Impossible($"[{string.Join(", ", shape)}]");

    /// <summary>Adds a number to each element: norms that multiply by 1 + w.</summary>
    public Weights Plus(float number) => new MappedElements(this, x => x + number, $"+ {number}");

    /// <summary>Multiplies each element by a number.</summary>
    public Weights Times(float factor) => new MappedElements(this, x => x * factor, $"* {factor}");

    /// <summary>A function of each element.</summary>
    /// <param name="function">The function, in single precision.</param>
    /// <param name="what">Its description: <c>log2</c>.</param>
    public Weights Mapped(Func<float, float> function, string what) => new MappedElements(this, function, what);

    /// <summary>Each row times a factor of its own: <c>TimesRows(row => row % 2 == 0 ? 1 : -1, "signs")</c>.</summary>
    /// <param name="factor">The factor of a row, by its number.</param>
    /// <param name="what">The description of the factors.</param>
    public Weights TimesRows(Func<long, float> factor, string what) => new ScaledRows(this, factor, what);

    /// <summary>
    /// The matrix that BitNet trains (arXiv:2402.17764): each element rounded to -1, 0 or 1 times the mean of all absolute values, which is at least 1e-5.
    /// </summary>
    public Weights Ternary() => new TernaryElements(this);

    /// <summary>Minus e to each element: A from A_log (arXiv:2312.00752).</summary>
    public Weights NegativeExp() => new MappedElements(this, x => -MathF.Exp(x), "-exp");

    /// <summary>Tensors concatenated along the first dimension.</summary>
    public static Weights Stacked(params IReadOnlyList<Weights> parts) =>
        Guard.NotEmpty(parts).Count == 1 ? parts[0] : new StackedWeights(parts, asNewDimension: false);

    /// <summary>Tensors of one shape stacked along a new first dimension: experts.</summary>
    public static Weights StackedAsNew(IReadOnlyList<Weights> parts) => new StackedWeights(Guard.NotEmpty(parts), asNewDimension: true);

    /// <inheritdoc/>
    public override string ToString() => $"{string.Join(" + ", Sources)} [{string.Join(", ", Shape)}]";

    private ModelFileException Impossible(string change) =>
        new($"{this} cannot be changed to {change}. The checkpoint is not of the form that the architecture declares; compare its config.json.");
}
