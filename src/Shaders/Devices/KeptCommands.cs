using Silk.NET.Vulkan;

namespace ArchGen.Vulkan.Devices;

/// <summary>Commands that stay recorded: a queue submits them as often as they are wanted.</summary>
internal sealed class KeptCommands
{
    /// <summary>The driver's buffer; none until something is recorded.</summary>
    public CommandBuffer Buffer { get; set; }

    /// <summary>The last submission; 0 if there is none yet.</summary>
    public ulong Submission { get; set; }
}
