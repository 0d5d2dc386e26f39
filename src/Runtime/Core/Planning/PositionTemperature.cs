namespace ArchGen.Runtime.Planning;

/// <summary>The factor of queries by their position, as Llama 4 and Mistral have it.</summary>
/// <param name="numbers">The numbers of the node.</param>
internal readonly struct PositionTemperature(Attributes numbers)
{
    private readonly double _factor = numbers.Find(Attr.Factor) ?? 0;
    private readonly int _offset = numbers.Int32(Attr.Offset);
    private readonly int _length = numbers.Int32(Attr.Length);

    /// <summary>The factor at a position: 1 + factor ln(1 + (position + offset) / length), the quotient rounded down.</summary>
    public float At(int position) => (float)(1 + (_factor * Math.Log(1 + (((long)position + _offset) / _length))));
}
