namespace ArchGen.Grammars.Tests.JsonSchema;

/// <summary>The engine against the recognizer of whole texts, on grammars of random schemas.</summary>
public sealed class EngineTests
{
    /// <summary>Byte by byte, the mask has the token exactly if it is accepted, and at the end both say the same.</summary>
    [Fact]
    public void The_engine_and_the_recognizer_agree()
    {
        var mask = new uint[(Texts.Vocabulary.Count + 31) / 32];
        var accepted = 0;
        for (var seed = 0; seed < 150; seed++)
        {
            RandomSchema random = new(seed);
            var text = random.Schema();
            CompiledGrammar grammar;
            try
            {
                grammar = CompiledGrammar.FromJsonSchema(text);
            }
            catch (RequestException)
            {
                continue;
            }

            var expected = SchemaUnderTest.Of(text);
            for (var i = 0; i < 30; i++)
            {
                var document = random.Document(2);
                var isAccepted = Feed(new(grammar, Texts.Vocabulary), document, mask);
                Assert.True(isAccepted == expected.Accepts(document), $"{text}\n{document}: {isAccepted}");
                if (isAccepted) accepted++;
            }
        }

        Assert.True(accepted > 300, $"{accepted}");
    }

    private static bool Feed(GrammarMatcher matcher, string document, uint[] mask)
    {
        foreach (var value in System.Text.Encoding.UTF8.GetBytes(document))
        {
            matcher.ComputeMask(mask);
            var isAllowed = (mask[value >> 5] >> (value & 31) & 1) != 0;
            Assert.Equal(isAllowed, matcher.TryAccept(value));
            if (!isAllowed) return false;
        }

        return matcher.CanEnd;
    }
}
