using ArchGen.Generators.Notation;
using Microsoft.CodeAnalysis.CSharp;

namespace ArchGen.Generators.Tests.Notation;

/// <summary>Texts are written as the compiler writes them.</summary>
public class LiteralTests
{
    [Fact]
    public void Each_character_is_that_of_the_compiler()
    {
        for (var c = 0; c <= char.MaxValue; c++) AssertAsCompiler($"a{(char)c}b");
    }

    [Theory]
    [InlineData(0x1F600)]
    [InlineData(0x10FFFF)]
    [InlineData(0xE0001)]
    [InlineData(0x1D400)]
    public void So_is_each_pair_of_surrogates(int codePoint) => AssertAsCompiler("a" + char.ConvertFromUtf32(codePoint) + "b");

    [Theory]
    [InlineData("")]
    [InlineData("tab\tquote\"back\\slash\r\n")]
    [InlineData("\uD83D")]
    [InlineData("\uDE00\uD83D")]
    public void So_is_a_text(string text) => AssertAsCompiler(text);

    private static void AssertAsCompiler(string text) => Assert.Equal(SymbolDisplay.FormatLiteral(text, quote: true), Literals.Literal(text));
}
