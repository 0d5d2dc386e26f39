using ArchGen.Generators.Notation;
using Microsoft.CodeAnalysis.CSharp;

namespace ArchGen.Generators.Tests.Notation;

/// <summary>Texts are written as the compiler writes them.</summary>
public class LiteralTests
{
    [Fact]
    public void EachCharacterIsThatOfTheCompiler()
    {
        for (var c = 0; c <= char.MaxValue; c++) AssertAsCompiler($"a{(char)c}b");
    }

    [Theory]
    [InlineData(0x1F600)]
    [InlineData(0x10FFFF)]
    [InlineData(0xE0001)]
    [InlineData(0x1D400)]
    public void SoIsEachPairOfSurrogates(int codePoint) => AssertAsCompiler("a" + char.ConvertFromUtf32(codePoint) + "b");

    [Theory]
    [InlineData("")]
    [InlineData("tab\tquote\"back\\slash\r\n")]
    [InlineData("\uD83D")]
    [InlineData("\uDE00\uD83D")]
    public void SoIsAText(string text) => AssertAsCompiler(text);

    private static void AssertAsCompiler(string text) => Assert.Equal(SymbolDisplay.FormatLiteral(text, quote: true), Literals.Literal(text));
}
