using ArchGen.Gguf;

namespace ArchGen.Gguf.Tests;

/// <summary>Compares values of metadata, which have no equality of their own.</summary>
internal static class GgufAssert
{
    /// <summary>Type and value are the same, of arrays those of each element.</summary>
    public static void Equal(GgufValue expected, GgufValue actual)
    {
        Assert.Equal(expected.Type, actual.Type);
        Assert.Equal(expected.ElementType, actual.ElementType);
        Assert.Equal(expected.Count, actual.Count);
        if (!expected.IsArray)
        {
            Assert.Equal(expected.RawScalar<object>(), actual.RawScalar<object>());
            return;
        }

        foreach (var (a, b) in expected.AsArray().Zip(actual.AsArray()))
            Equal(a, b);
    }
}
