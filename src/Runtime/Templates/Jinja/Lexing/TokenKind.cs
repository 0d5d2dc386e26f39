namespace ArchGen.Templates.Jinja.Lexing;

/// <summary>The kind of a token.</summary>
internal enum TokenKind
{
    /// <summary>Text outside of tags.</summary>
    Text,

    /// <summary>{{ or {%.</summary>
    Begin,

    /// <summary>}} of a printed expression.</summary>
    ValueEnd,

    /// <summary>%} of a statement.</summary>
    StatementEnd,

    /// <summary>A name or keyword.</summary>
    Name,

    /// <summary>A string.</summary>
    String,

    /// <summary>A number.</summary>
    Number,

    /// <summary>An operator or bracket.</summary>
    Sign,

    /// <summary>The end of the template.</summary>
    End,
}

/// <summary>A token.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Text">Its text: of a string, the characters that it stands for.</param>
/// <param name="Position">Its place in the template.</param>
/// <param name="Number">The value of a number.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position, TemplateValue Number = default)
{
    public bool IsSign(string sign) => Kind == TokenKind.Sign && Text == sign;

    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;

    /// <summary>The token in a message.</summary>
    public string Describe() => Kind switch
    {
        TokenKind.Text => "template data",
        TokenKind.Begin => Text == "{{" ? "begin of print statement" : "begin of statement block",
        TokenKind.ValueEnd => "end of print statement",
        TokenKind.StatementEnd => "end of statement block",
        TokenKind.String => "string",
        TokenKind.Number => Number.IsInteger ? "integer" : "float",
        TokenKind.End => "end of template",
        _ => Text,
    };
}
