using ArchGen.Runtime.Elementwise;

namespace ArchGen.Vulkan.Modules;

/// <summary>
/// Chains in the holes of compiled shaders: functions <c>float NAME(float value, uint row, uint column, uint64_t extras)</c>. The value is the chain's first
/// operand. The others are described at the address <c>extras</c>, 16 bytes each: 8 of address, 4 each of row and column stride in floats.
/// </summary>
internal static class ChainHole
{
    private const int Value = 0, Row = 1, Column = 2, Extras = 3;

    /// <summary>Bytes of the descriptions of a chain's operands but the first.</summary>
    public static int ExtraBytes(Chain chain) => (chain.Operands.Count - 1) * (int)AddressTypes.OperandBytes;

    /// <summary>Writes a chain into a function of a shader.</summary>
    /// <exception cref="ArgumentException">The shader has no such function.</exception>
    public static void Fill(SpirvModule shader, string name, Chain chain) => shader.Fill(name, (writer, parameters) =>
    {
        var terms = new Term[chain.Operands.Count];
        terms[0] = new Term(writer, parameters[Value]);
        for (var i = 1; i < terms.Length; i++)
        {
            uint Member(uint member) => writer.LoadOperand(parameters[Extras], i - 1, member);
            var place = writer.Sum(writer.Product(parameters[Row], Member(1)), writer.Product(parameters[Column], Member(2)));
            terms[i] = writer.Load(Member(0), place);
        }

        return chain.Apply<Term>(terms);
    });
}
