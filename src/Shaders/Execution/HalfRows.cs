using ArchGen.Runtime.Planning;

namespace ArchGen.Vulkan.Execution;

/// <summary>Activations that half_rows.comp has rounded to half precision, laid out as halves.glsl says.</summary>
internal static class HalfRows
{
    private const int Depth = 32;
    private const int HeaderBytes = 16;

    /// <summary>Bytes of a row, or of a head of one.</summary>
    /// <param name="width">Its elements.</param>
    /// <param name="planes">1, or 2 where each number is the sum of two.</param>
    public static int BytesOf(int width, uint planes) => checked((int)(HeaderBytes + (planes * ((width + Depth - 1L) / Depth * Depth) * sizeof(ushort))));

    /// <summary>Bytes of a value for the largest micro-batch.</summary>
    public static long BytesOf(PlanValue x, PlanLimits limits, uint planes) => (long)limits.Capacity(x.Rows) * x.Heads * BytesOf(x.Width, planes);

    /// <summary>Where the rows of a value are, its strides in units of 4 bytes.</summary>
    /// <param name="address">The first row.</param>
    /// <param name="x">The value that is rounded.</param>
    /// <param name="planes">1, or 2 where each number is the sum of two.</param>
    public static ValueView View(ulong address, ValueView x, uint planes)
    {
        var stride = BytesOf(x.Width, planes) / sizeof(float);
        return new ValueView(address, x.Heads, x.Width, (long)x.Heads * stride, stride);
    }
}
