using CsCheck;

namespace ArchGen.Tokenizers.Tests;

/// <summary>Texts at random, of letters, white space, controls, and characters of all scripts. What fails is shrunk to the shortest.</summary>
internal static class AnyText
{
    private static readonly Gen<string> Character = Gen.OneOf(
        Gen.Char[(char)0x20, (char)0x7E].Select(c => c.ToString()),
        Gen.OneOf(" ", " ", "\n", "\t", "\r", "'"),
        Gen.Char[(char)0x80, (char)0xD7FF].Select(c => c.ToString()),
        Gen.Int[0x10000, 0x10FFFF].Select(c => char.ConvertFromUtf32(c)),
        Gen.Char[(char)0, (char)0x1F].Select(c => c.ToString()));

    /// <summary>Texts of whole characters: what UTF-8 can hold.</summary>
    public static Gen<string> Whole { get; } = Character.Array[0, 40].Select(parts => string.Concat(parts));

    /// <summary>Texts in which halves of surrogate pairs stand alone.</summary>
    public static Gen<string> WithLoneSurrogates { get; } =
        Gen.OneOf(Character, Gen.Char[(char)0xD800, (char)0xDFFF].Select(c => c.ToString())).Array[0, 40].Select(parts => string.Concat(parts));
}
