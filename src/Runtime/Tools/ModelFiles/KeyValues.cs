using System.Globalization;
using ArchGen.Gguf;

namespace ArchGen.Tools.ModelFiles;

/// <summary>Values of keys, compared.</summary>
internal static class KeyValues
{
    /// <summary>Whether two values have the same type and are the same; NaN is the same as NaN.</summary>
    public static bool AreEqual(GgufValue first, GgufValue second)
    {
        if (first.Type != second.Type) return false;
        if (first.IsArray && (first.ElementType != second.ElementType || first.Count != second.Count)) return false;
        if (!first.IsArray) return Equals(Raw(first), Raw(second));
        return first.ElementType switch
        {
            GgufValueType.String => first.AsStrings().AsSpan().SequenceEqual(second.AsStrings()),
            GgufValueType.Int32 => first.AsInt32s().AsSpan().SequenceEqual(second.AsInt32s()),
            GgufValueType.Float32 => first.AsSingles().AsSpan().SequenceEqual(second.AsSingles()),
            _ => first.AsArray().Zip(second.AsArray()).All(pair => AreEqual(pair.First, pair.Second)),
        };
    }

    /// <summary>The place of the first element that differs, as <c>, which differs at [12]</c>; empty for values that are no arrays.</summary>
    public static string FirstDifference(GgufValue first, GgufValue second)
    {
        if (!first.IsArray) return "";
        var at = first.AsArray().Zip(second.AsArray()).TakeWhile(pair => AreEqual(pair.First, pair.Second)).Count();
        return string.Create(CultureInfo.InvariantCulture, $", which differs at [{at}]");
    }

    private static object Raw(GgufValue value) => value.RawScalar<object>();
}
