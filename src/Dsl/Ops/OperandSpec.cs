namespace ArchGen;

/// <summary>One operand of an operation.</summary>
/// <param name="Slot">Its slot.</param>
/// <param name="IsOptional">Whether it may be left empty.</param>
/// <param name="IsStored">Whether a weight in this slot is read in the file's tensor type; otherwise as f32.</param>
public readonly record struct OperandSpec(Slot Slot, bool IsOptional = false, bool IsStored = false)
{
    /// <summary>Its name in graph listings: <c>weight</c>, <c>q</c>.</summary>
    public string Name => Slot switch
    {
        Slot.Query => "q",
        Slot.Key => "k",
        Slot.Value => "v",
        Slot.TimeStep => "dt",
        _ => Slot.ToString().ToLowerInvariant(),
    };

    /// <summary>A required operand.</summary>
    public static implicit operator OperandSpec(Slot slot) => new(slot);

    /// <summary>The name, with <c>?</c> after it if the operand is optional.</summary>
    public override string ToString() => IsOptional ? Name + "?" : Name;
}

/// <summary>Short forms for a list of operands: <c>[Slot.X, Slot.Weight.AsStored(), Slot.Bias.OrEmpty()]</c>.</summary>
internal static class SlotExtensions
{
    /// <summary>An optional operand.</summary>
    public static OperandSpec OrEmpty(this Slot slot) => new(slot, IsOptional: true);

    /// <summary>A required operand that is read in the file's tensor type.</summary>
    public static OperandSpec AsStored(this Slot slot) => new(slot, IsStored: true);
}
