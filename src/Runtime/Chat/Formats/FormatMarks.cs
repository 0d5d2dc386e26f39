using ArchGen.Tokenizers;

namespace ArchGen.Chat.Formats;

/// <summary>The control tokens of an answer's format: their texts must reach the parser. Other control tokens are no part of an answer.</summary>
internal sealed class FormatMarks
{
    private readonly HashSet<int> _tokens = [];

    /// <summary>Finds them in the fixed texts of a format.</summary>
    public FormatMarks(AnswerFormat format, Vocabulary vocabulary)
    {
        var texts = Texts(format).Where(text => text.Length > 0).ToList();
        for (var id = 0; id < vocabulary.Count; id++)
        {
            if (vocabulary.Type(id) is not (TokenType.Control or TokenType.Unknown) || vocabulary.Text(id) is not { Length: > 0 } mark) continue;
            if (texts.Exists(text => text.Contains(mark, StringComparison.Ordinal))) _tokens.Add(id);
        }
    }

    /// <summary>Whether a control token is one of them.</summary>
    public bool Contains(int token) => _tokens.Contains(token);

    private static IEnumerable<string> Texts(AnswerFormat format) =>
    [
        format.TextBegin, .. format.Ignored, format.Thinking?.Begin ?? "", format.Thinking?.End ?? "",
        .. format.ToolCalls is { } calls ? calls.Alternatives.Prepend(calls).SelectMany(Texts) : [],
    ];

    private static IEnumerable<string> Texts(ToolCallFormat calls) =>
    [
        calls.SectionBegin, calls.CallBegin, calls.CallEnd, calls.Separator, calls.SectionEnd,
        .. calls.Syntax is HeadedCall headed ? Texts(headed) : [],
    ];

    private static IEnumerable<string> Texts(HeadedCall call) =>
    [
        .. call.Head.Select(part => part.Text),
        .. call.Arguments is TaggedArguments tagged ? [tagged.Begin, tagged.Separator, .. Texts(tagged.Text), .. Texts(tagged.Value)] : Array.Empty<string>(),
    ];

    private static IEnumerable<string> Texts(ValueTags tags) => tags.Before.Concat(tags.After).Select(part => part.Text);
}
