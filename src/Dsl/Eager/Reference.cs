namespace ArchGen.Eager;

internal static class Reference
{
    public static Operand Run(Op op, Attributes attributes, IReadOnlyList<Operand?> inputs, int[] outputDims, IReadOnlyList<int> positions) => throw new InvalidOperationException();
}
