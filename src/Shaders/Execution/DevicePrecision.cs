namespace ArchGen.Vulkan.Execution;

/// <summary>The precision of matrix products on a device. All sums are in single precision.</summary>
public enum DevicePrecision
{
    /// <summary>Weights and activations as they are.</summary>
    Exact,

    /// <summary>
    /// Where that is faster, products of more than a few rows round both to half precision: on a device with matrix units (VK_KHR_cooperative_matrix).
    /// With weights of 32 or 16 bits, numbers are sums of two in half precision, which loses next to nothing. A software device rounds nothing.
    /// </summary>
    Fastest,
}
