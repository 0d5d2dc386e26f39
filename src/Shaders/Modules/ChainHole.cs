using ArchGen.Runtime.Elementwise;

namespace ArchGen.Vulkan.Modules;

/// <summary>
/// A function of a compiled shader that a chain is written into: <c>float NAME(float value, uint row, uint column, uint64_t extras)</c>. The value is the
/// chain's first operand. The others are described at the address <c>extras</c>, 24 bytes each: 8 of address, 4 each of row, head and column stride in floats,
/// and padding. A chain without others can be in a function of the value alone.
/// </summary>
/// <param name="Name">The name of the function.</param>
/// <param name="Chain">The chain.</param>
/// <param name="Heads">What the rows of the shader are divided by, to get rows and heads; 1 if they are rows.</param>
internal sealed record ChainHole(string Name, Chain Chain, int Heads = 1)
{
    private const int Value = 0, Row = 1, Column = 2, Extras = 3;

    /// <summary>What the shader does in the function: equal keys have equal words.</summary>
    public string Key => Heads == 1 ? $"{Name} {Chain.Key}" : $"{Name} of {Heads} heads {Chain.Key}";

    /// <summary>Writes the chain into the function.</summary>
    /// <exception cref="ArgumentException">The shader has no such function.</exception>
    public void Fill(SpirvModule shader) => shader.Fill(Name, (writer, parameters) =>
    {
        var terms = new Term[Chain.Operands.Count];
        terms[0] = new Term(writer, parameters[Value]);
        if (terms.Length == 1) return Chain.Apply<Term>(terms);
        var (row, head) = Heads == 1 ? (parameters[Row], 0u) : writer.Divide(parameters[Row], shader.Constant((uint)Heads));
        for (var i = 1; i < terms.Length; i++)
        {
            uint Member(uint member) => writer.LoadOperand(parameters[Extras], i - 1, member);
            var place = writer.Sum(writer.Product(row, Member(1)), writer.Product(parameters[Column], Member(3)));
            if (Heads > 1) place = writer.Sum(place, writer.Product(head, Member(2)));
            terms[i] = writer.Load(Member(0), place);
        }

        return Chain.Apply<Term>(terms);
    });
}
