using ArchGen.Chat.Formats;
using ArchGen.Tokenizers;

namespace ArchGen.Chat.Tests.Formats;

/// <summary>Which control tokens of an answer its parser must see.</summary>
public sealed class FormatMarksTests
{
    private static readonly Vocabulary Vocabulary = TestTemplates.Tokenizer.Vocabulary;

    [Fact]
    public void A_control_token_of_the_format_is_seen_and_no_other()
    {
        var control = Enumerable.Range(0, Vocabulary.Count).First(id => Vocabulary.Type(id) == TokenType.Control);
        var mark = Vocabulary.Text(control);
        Assert.False(Marks(new AnswerFormat(new ThinkingFormat("<think>", "</think>"), null)).Contains(control));
        AnswerFormat[] formats =
        [
            new(new ThinkingFormat(mark, "</think>"), null),
            new(null, null) { Ignored = [$"a{mark}"] },
            new(null, Calls(new JsonCall("name", "arguments", null, null)) with { SectionEnd = $"]{mark}" }),
            new(null, Calls(new HeadedCall([new TextPart(TextPartKind.Name), TextPart.Literal($"{mark}\n")], new JsonArguments()))),
            new(null, Calls(Tagged(mark))),
        ];
        Assert.All(formats, format => Assert.True(Marks(format).Contains(control)));
    }

    private static FormatMarks Marks(AnswerFormat format) => new(format, Vocabulary);

    private static ToolCallFormat Calls(CallSyntax syntax) => new() { CallBegin = "<call>", Syntax = syntax };

    private static HeadedCall Tagged(string mark)
    {
        var tags = new ValueTags([new TextPart(TextPartKind.Key), TextPart.Literal("=")], [TextPart.Literal(mark)]);
        return new HeadedCall([new TextPart(TextPartKind.Name)], new TaggedArguments("(", ", ", tags, tags, ValueNotation.Json));
    }
}
