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
    private readonly RopeAngles _angles = new(frequencies);

    /// <summary>Where shaders find them.</summary>
    public ulong Address => range.Address;

    public void Fill(Frame frame) => _angles.Write(frame.Positions, 0, frame.TokenCount, (float*)range.Mapped);
}

/// <summary>The factor of each row of a temperature that grows with the position.</summary>
/// <param name="range">Where they go, [tokens].</param>
/// <param name="node">The node of the temperature.</param>
internal sealed unsafe class TemperatureHostTable(MemoryRange range, Node node) : IHostTable
{
    private readonly PositionTemperature _temperature = new(node.Attributes);

    /// <summary>Where shaders find them.</summary>
    public ulong Address => range.Address;

    public void Fill(Frame frame)
    {
        for (var row = 0; row < frame.TokenCount; row++) ((float*)range.Mapped)[row] = _temperature.At(frame.Positions[row]);
    }
}
