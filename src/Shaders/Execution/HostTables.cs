using ArchGen.Graphs;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;
using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Execution;

/// <summary>Numbers of the micro-batch's positions, which the processor computes: sines of large angles need double precision.</summary>
internal interface IHostTable
{
    /// <summary>Computes them for the micro-batch.</summary>
    void Fill(Frame frame);
}

/// <summary>Cosines and sines of all positions for rotations of the same numbers: [tokens, 2, pairs], cosines first.</summary>
/// <param name="range">Where they go.</param>
/// <param name="frequencies">The angle of each pair per position.</param>
internal sealed unsafe class RotaryHostTable(MemoryRange range, RopeFrequencies frequencies) : IHostTable
{
    private readonly double[] _frequencies = [.. Enumerable.Range(0, frequencies.Pairs).Select(frequencies.Frequency)];
    private readonly double _magnitude = frequencies.Magnitude;

    /// <summary>Where shaders find them.</summary>
    public ulong Address => range.Address;

    public void Fill(Frame frame)
    {
        var pairs = _frequencies.Length;
        for (var row = 0; row < frame.TokenCount; row++)
        {
            var cosines = (float*)range.Mapped + (2L * row * pairs);
            for (var i = 0; i < pairs; i++)
            {
                var (sine, cosine) = Math.SinCos(frame.Positions[row] * _frequencies[i]);
                cosines[i] = (float)(cosine * _magnitude);
                cosines[pairs + i] = (float)(sine * _magnitude);
            }
        }
    }
}

/// <summary>The factor of each row of a temperature that grows with the position.</summary>
/// <param name="range">Where they go, [tokens].</param>
/// <param name="node">The node of the temperature.</param>
internal sealed unsafe class TemperatureHostTable(MemoryRange range, Node node) : IHostTable
{
    private readonly float _factor = node.Attributes.Single(Attr.Factor);
    private readonly int _length = node.Attributes.Int32(Attr.Length);

    /// <summary>Where shaders find them.</summary>
    public ulong Address => range.Address;

    public void Fill(Frame frame)
    {
        for (var row = 0; row < frame.TokenCount; row++)
            ((float*)range.Mapped)[row] = (float)(1 + (_factor * Math.Log(1 + (frame.Positions[row] / _length))));
    }
}
