using System.Text.Json;
using ArchGen.Chat.Formats;
using ArchGen.Chat.Messages;
using ArchGen.Grammars;
using ArchGen.Grammars.JsonSchema;
using ArchGen.Grammars.Regexes;

namespace ArchGen.Chat.Constraints;

/// <summary>The part of an answer's grammar that is its tool calls.</summary>
internal sealed class CallGrammar
{
    private readonly GrammarBuilder _grammar;
    private readonly ToolCallFormat _format;
    private readonly AnswerConstraint _constraint;
    private readonly ControlTexts _controls;
    private readonly List<Symbol> _calls = [];

    /// <summary>Adds the rules of each tool's call.</summary>
    /// <exception cref="RequestException">The schema of the only tool that may be called cannot be enforced.</exception>
    public CallGrammar(GrammarBuilder grammar, ToolCallFormat format, IReadOnlyList<ToolDefinition> tools, AnswerConstraint constraint, ControlTexts controls)
    {
        (_grammar, _format, _constraint, _controls) = (grammar, format, constraint, controls);
        foreach (var tool in tools) _calls.Add(format.Syntax is JsonCall json ? Json(json, tool) : Headed((HeadedCall)format.Syntax, tool));
    }

    /// <summary>A line for each tool whose schema is not enforced.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>The calls and what is around them.</summary>
    public Symbol Section()
    {
        var call = _grammar.Sequence(Literal(_format.CallBegin), _grammar.Choice([.. _calls]), Literal(BeforeEnd(_format.CallEnd)));
        var calls = _format.IsParallel && _constraint.IsParallel && BeforeEnd(_format.CallEnd) == _format.CallEnd
            ? _grammar.Sequence(call, _grammar.Repeat(_grammar.Sequence(Literal(_format.Separator), call), 0, RegexBuilder.Unbounded))
            : call;
        return _grammar.Sequence(Literal(_format.SectionBegin), calls, Literal(BeforeEnd(_format.SectionEnd)));
    }

    private Symbol Json(JsonCall syntax, ToolDefinition tool)
    {
        var arguments = Arguments(tool);
        if (syntax.NameKey is null) return Object((Text(tool.Name), arguments));
        var parts = new List<(string Key, Symbol Value)> { (Text(syntax.NameKey), _grammar.Literal(Text(tool.Name))), (Text(syntax.ArgumentsKey), arguments) };
        if (syntax.IdKey is { } id && syntax.WrapperKey is null) parts.Insert(0, (Text(id), _grammar.Lexeme(Id(quoted: true))));
        if (syntax.WrapperKey is null) return Object([.. syntax.Fixed.Select(Fixed), .. parts]);
        return Object([.. syntax.Fixed.Select(Fixed), (Text(syntax.WrapperKey), Object([.. parts]))]);
    }

    private (string Key, Symbol Value) Fixed(KeyValuePair<string, string> property) => (Text(property.Key), _grammar.Literal(property.Value));

    private Symbol Object(params (string Key, Symbol Value)[] properties)
    {
        var parts = new List<Symbol> { _grammar.Literal("{") };
        foreach (var (key, value) in properties)
        {
            if (parts.Count > 1) parts.Add(_grammar.Literal(","));
            parts.AddRange([_grammar.Literal(key), _grammar.Literal(":"), value]);
        }

        return _grammar.Sequence([.. parts, _grammar.Literal("}")]);
    }

    private Symbol Headed(HeadedCall syntax, ToolDefinition tool)
    {
        var head = syntax.Head.Select(part => part.Kind switch
        {
            TextPartKind.Literal => Literal(part.Text),
            TextPartKind.Name => _grammar.Literal(tool.Name),
            TextPartKind.Index => _grammar.Lexeme(_grammar.Regexes.Repeat(_grammar.Regexes.CodePoints('0', '9'), 1, 3)),
            _ => _grammar.Lexeme(Id(quoted: false)),
        });
        var arguments = syntax.Arguments is TaggedArguments tagged
            ? new TaggedGrammar(_grammar, tagged, tool, _controls).Arguments()
            : Arguments(tool);
        return _grammar.Sequence([.. head, arguments]);
    }

    // The arguments as JSON. A tool whose schema cannot be enforced does not break the others.
    private Symbol Arguments(ToolDefinition tool)
    {
        try
        {
            return JsonSchemaGrammar.AddTo(_grammar, ClosedSchema.Of(tool.Parameters), JsonSchemaOptions.Default);
        }
        catch (RequestException error) when (_calls.Count > 0 || _constraint.Tools.Count > 1 || _constraint.Choice.Kind == ToolChoiceKind.Auto)
        {
            Warnings.Add($"The schema of the tool {tool.Name} is not enforced: {error.Message}");
            using var any = JsonDocument.Parse("""{"type": "object"}""");
            return JsonSchemaGrammar.AddTo(_grammar, any.RootElement, JsonSchemaOptions.Default);
        }
    }

    private Regex Id(bool quoted)
    {
        var regexes = _grammar.Regexes;
        var letters = regexes.Or(regexes.CodePoints('a', 'z'), regexes.CodePoints('A', 'Z'), regexes.CodePoints('0', '9'), regexes.Literal("_"));
        var id = regexes.Repeat(letters, 1, 40);
        return quoted ? regexes.Concat(regexes.Literal("\""), id, regexes.Literal("\"")) : id;
    }

    private static string Text(string value) => $"\"{JsonEncodedText.Encode(value)}\"";

    private Symbol Literal(string text) => text.Trim().Length == 0 ? _grammar.Empty : _controls.Literal(_grammar, text.Trim());

    // A token that ends the answer is not part of it.
    private string BeforeEnd(string text)
    {
        var at = _controls.Ends.Select(end => text.IndexOf(end, StringComparison.Ordinal)).Where(found => found >= 0).DefaultIfEmpty(text.Length).Min();
        return text[..at];
    }
}
