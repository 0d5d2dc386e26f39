using ArchGen.Vulkan.Modules;

namespace ArchGen.Vulkan.Execution;

/// <summary>The operands of an elementwise kernel as its push constants have them (<see cref="PushBlock"/>).</summary>
internal sealed class ElementwiseCall
{
    /// <summary>A call.</summary>
    /// <param name="operands">
    /// The operands in the order of the chain, as they meet the elements of the result: of its heads and width, with strides of 0 where an element serves a
    /// whole dimension. A value has less than 2^31 elements.
    /// </param>
    /// <param name="result">The result.</param>
    public ElementwiseCall(ReadOnlySpan<ValueView> operands, ValueView result)
    {
        ValueView[] views = [.. operands, result];
        if (Array.TrueForAll(views, Joins)) views = Array.ConvertAll(views, Joined);
        var y = views[^1];
        Layout = y.Heads > 1 ? ElementwiseLayout.Heads
            : Array.TrueForAll(views, v => v.RowStride == y.Width && (y.Width == 1 || v.WidthStride == 1)) ? ElementwiseLayout.Flat
            : ElementwiseLayout.Rows;
        Push = new PushConstants().Add(y.Heads).Add(y.Width).Add(0u);
        foreach (var v in views) Push.Add(v).Add(v.WidthStride).Add(0u);
    }

    /// <summary>The simplest layout that is right.</summary>
    public ElementwiseLayout Layout { get; }

    /// <summary>The push constants, but for the rows.</summary>
    public PushConstants Push { get; }

    // Whether the heads of a row can be seen as one.
    private static bool Joins(ValueView v) => v.Heads == 1 || v.Width == 1 || v.HeadStride == (long)v.Width * v.WidthStride;

    private static ValueView Joined(ValueView v) =>
        v.Heads == 1 ? v : new ValueView(v.Address, 1, v.ElementsPerRow, v.RowStride, 0, v.Width == 1 ? checked((int)v.HeadStride) : v.WidthStride);
}
