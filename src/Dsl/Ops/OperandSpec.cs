namespace ArchGen;

/// <summary>One operand of an operation.</summary>
/// <param name="Slot">What it is to the operation.</param>
/// <param name="IsOptional">Whether it may be left empty.</param>
/// <param name="IsStored">Whether a weight in this slot is read as it is stored in the file, in any tensor type; otherwise as f32.</param>
public readonly record struct OperandSpec(Slot Slot, bool IsOptional = false, bool IsStored = false)
{
    /// <summary>Its name in texts: <c>weight</c>, <c>q</c>.</summary>
    public string Name => Slot switch
    {
        Slot.Query => "q",
        Slot.Key => "k",
        Slot.Value => "v",
        Slot.TimeStep => "dt",
        _ => Slot.ToString().ToLowerInvariant(),
    };

    /// <summary>An operand that must be there.</summary>
    public static implicit operator OperandSpec(Slot slot) => new(slot);

    /// <summary>The name, with <c>?</c> after it if the operand is optional.</summary>
    public override string ToString() => IsOptional ? Name + "?" : Name;
}

/// <summary>Short forms for a list of operands: <c>[Slot.X, Slot.Weight.AsStored(), Slot.Bias.OrEmpty()]</c>.</summary>
internal static class SlotExtensions
{
    /// <summary>An operand that may be left empty.</summary>
    public static OperandSpec OrEmpty(this Slot slot) => new(slot, IsOptional: true);

    /// <summary>An operand that must be there, and is read as it is stored in the file.</summary>
    public static OperandSpec AsStored(this Slot slot) => new(slot, IsStored: true);
}
