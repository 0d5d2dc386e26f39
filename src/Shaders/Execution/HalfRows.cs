using ArchGen.Runtime.Planning;

namespace ArchGen.Vulkan.Execution;

/// <summary>Activations that half_rows.comp has rounded to half precision, laid out as halves.glsl says.</summary>
internal static class HalfRows
{
    private const int Depth = 32;
    private const int HeaderBytes = 16;

    /// <summary>Bytes of a row, or of a head of one.</summary>
    public static int BytesOf(int width) => checked((int)(HeaderBytes + ((width + Depth - 1L) / Depth * Depth * sizeof(ushort))));

    /// <summary>Bytes of a value for the largest micro-batch.</summary>
    public static long BytesOf(PlanValue x, PlanLimits limits) => (long)limits.Capacity(x.Rows) * x.Heads * BytesOf(x.Width);

    /// <summary>Where the rows of a value are, its strides in units of 4 bytes.</summary>
    /// <param name="address">The first row.</param>
    /// <param name="x">The value that is rounded.</param>
    public static ValueView View(ulong address, ValueView x)
    {
        var stride = BytesOf(x.Width) / sizeof(float);
        return new ValueView(address, x.Heads, x.Width, (long)x.Heads * stride, stride);
    }
}
