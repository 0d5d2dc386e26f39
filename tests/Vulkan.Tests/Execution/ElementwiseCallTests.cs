using System.Buffers.Binary;
using ArchGen.Vulkan.Execution;

namespace ArchGen.Vulkan.Tests.Execution;

/// <summary>What elementwise kernels are given.</summary>
public sealed class ElementwiseCallTests
{
    [Theory]
    [InlineData(4, 8, 32, 8, 1, 1, 32, "Flat")]
    [InlineData(4, 8, 64, 8, 1, 1, 32, "Rows")]
    [InlineData(4, 8, 0, 0, 0, 1, 32, "Rows")]
    [InlineData(4, 8, 0, 0, 1, 4, 8, "Heads")]
    [InlineData(4, 8, 4, 1, 0, 4, 8, "Heads")]
    [InlineData(4, 1, 4, 1, 0, 1, 4, "Flat")]
    [InlineData(1, 8, 8, 99, 1, 1, 8, "Flat")]
    [InlineData(1, 8, 8, 8, 0, 1, 8, "Rows")]
    public void A_call_has_the_simplest_layout(
        int heads, int width, int rowStride, int headStride, int widthStride, int pushedHeads, int pushedWidth, string layout)
    {
        var result = new ValueView(0x1234567890, heads, width, heads * width, width);
        var call = new ElementwiseCall([new ValueView(7, heads, width, rowStride, headStride, widthStride)], result);
        Assert.Equal(layout, call.Layout.ToString());
        byte[] push = [.. call.Push.ToBytes()];
        uint At(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(push.AsSpan(offset));
        Assert.Equal(((uint)pushedHeads, (uint)pushedWidth), (At(4), At(8)));
        Assert.Equal((7u, (uint)rowStride), (At(16), At(24)));
        Assert.Equal(0x1234567890ul, BinaryPrimitives.ReadUInt64LittleEndian(push.AsSpan(40)));
        Assert.Equal((uint)(heads * width), At(48));
    }
}
