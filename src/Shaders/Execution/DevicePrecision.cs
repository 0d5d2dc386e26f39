namespace ArchGen.Vulkan.Execution;

/// <summary>The precision of matrix products on a device. All sums are in single precision.</summary>
public enum DevicePrecision
{
    /// <summary>Weights and activations as they are.</summary>
    Exact,

    /// <summary>
    /// Where that is faster, products of more than a few rows round both to half precision: on a device with matrix units (VK_KHR_cooperative_matrix).
    /// Weights in single precision stay exact, and so do all products of a software device.
    /// </summary>
    Fastest,
}
