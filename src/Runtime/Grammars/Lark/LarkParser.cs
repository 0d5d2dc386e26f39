using System.Text;
using System.Text.Json;
using ArchGen.Grammars.Regexes;
using ArchGen.Grammars.Rules;
using ArchGen.Tokenizers;

namespace ArchGen.Grammars.Lark;

/// <summary>
/// Reads a grammar in the way of Lark, with what llguidance adds to it (docs/syntax.md): rules in lower case, terminals in upper case, <c>%ignore</c>,
/// <c>%import common.X</c>, <c>&amp;</c> and <c>~</c> of terminals, tokens in angle brackets, <c>%json</c>, and the attributes <c>lazy</c>, <c>suffix</c>
/// and <c>capture</c> (which means nothing here). A terminal may end wherever it matches, as with Lark's lexer <c>dynamic_complete</c>.
/// </summary>
internal sealed partial class LarkParser
{
    private readonly GrammarBuilder _builder;
    private readonly RuleScanner _scanner;
    private readonly Func<GrammarBuilder, JsonElement, Symbol>? _json;
    private readonly Dictionary<string, RuleTree> _rules = [];
    private readonly Dictionary<string, RuleTree> _terminals = [];
    private readonly HashSet<string> _lazy = [];
    private readonly List<string> _ignored = [];

    private LarkParser(GrammarBuilder builder, string text, Tokenizer? tokenizer, Func<GrammarBuilder, JsonElement, Symbol>? json)
    {
        (_builder, _json) = (builder, json);
        _scanner = new(new("Lark grammar", text), builder.Limits, tokenizer);
    }

    /// <summary>The symbol of the rule <c>start</c>.</summary>
    /// <param name="json">Adds what a JSON schema describes; null if <c>%json</c> is not to be known.</param>
    /// <exception cref="RequestException">The grammar is wrong or not supported; line, column and a caret say where.</exception>
    public static Symbol Parse(GrammarBuilder builder, string text, Tokenizer? tokenizer, Func<GrammarBuilder, JsonElement, Symbol>? json)
    {
        LarkParser parser = new(builder, text, tokenizer, json);
        parser.Lines();
        while (!parser._scanner.IsAtEnd)
        {
            parser.Item();
            parser.Blanks();
            if (!parser._scanner.IsAtEnd && parser._scanner.Current is not ('\r' or '\n'))
            {
                throw parser._scanner.Error("a part of a rule, |, or the end of the line was expected.");
            }

            parser.Lines();
        }

        return parser.Compile();
    }

    private Symbol Compile()
    {
        if (!_rules.ContainsKey("start") && !_lazy.Contains("start"))
        {
            throw _scanner.Error("there is no rule called start, which is the whole text. Add start: ...");
        }

        RuleCompiler terminals = new(_builder, _scanner.Source, _terminals, merges: true);
        foreach (var name in _terminals.Keys)
        {
            if (terminals.Regular(name) is not { } regex)
            {
                throw _scanner.Source.Error(
                    Math.Max(_scanner.Text.IndexOf(name, StringComparison.Ordinal), 0),
                    $"the terminal {name} is not regular: it leads back to itself or names a token. Write it as a rule, in lower case.");
            }

            if (_ignored.Contains(name)) _builder.Ignore(regex, isLeading: true, isTrailing: true);
            else _rules.TryAdd(name, new RuleTree.Terminal(regex, _lazy.Contains(name)));
        }

        return new RuleCompiler(_builder, _scanner.Source, _rules, merges: _ignored.Count == 0).Compile("start");
    }

    private void Item()
    {
        if (_scanner.Current == '%')
        {
            Statement();
            return;
        }

        var start = _scanner.At;
        if (!_scanner.TryTake("?")) _scanner.TryTake("!");
        var name = Name();
        if (_scanner.Current == '{') throw _scanner.Error("templates of rules are not supported. Write the rule out.");
        if (_scanner.Current == '.') throw _scanner.Error("priorities are not supported: all ways to read a text are followed. Remove the number.");
        var isTerminal = IsTerminal(name);
        Blanks();
        var (isLazy, suffix) = _scanner.Current == '[' ? Attributes(isTerminal) : (false, null);
        Blanks();
        if (!_scanner.TryTake(":")) throw _scanner.Error(": was expected after the name of a rule or terminal.");
        var tree = Alternatives(isNested: false);
        if (suffix is not null) tree = new RuleTree.Sequence([tree, suffix]);
        if (isLazy) _lazy.Add(name);
        if (_rules.ContainsKey(name) || !(isTerminal || isLazy ? _terminals : _rules).TryAdd(name, tree))
        {
            throw _scanner.Source.Error(start, $"{name} is defined twice. Join the two with |.");
        }
    }

    private (bool IsLazy, RuleTree? Suffix) Attributes(bool isTerminal)
    {
        if (isTerminal) throw _scanner.Error("only rules have attributes. Write the name in lower case.");
        _scanner.At++;
        var isLazy = false;
        RuleTree? suffix = null;
        do
        {
            Blanks();
            var start = _scanner.At;
            var key = Name();
            Blanks();
            switch (key)
            {
                case "lazy":
                    isLazy = true;
                    break;
                case "suffix" when _scanner.TryTake("="):
                    (isLazy, suffix) = (true, Value());
                    break;
                case "capture":
                    if (_scanner.TryTake("=")) Value();
                    break;
                default:
                    throw _scanner.Source.Error(start, $"the attribute {key} is not supported. Known are lazy, suffix=\"...\" and capture.");
            }

            Blanks();
        }
        while (_scanner.TryTake(","));
        if (!_scanner.TryTake("]")) throw _scanner.Error("attributes end with ].");
        return (isLazy, suffix);
    }

    private RuleTree Value()
    {
        Blanks();
        return Atom() ?? throw _scanner.Error("a text, a pattern or a terminal was expected.");
    }

    private void Statement()
    {
        var start = _scanner.At;
        if (_scanner.TryTake("%ignore"))
        {
            var name = $"%ignore {_ignored.Count}";
            _terminals.Add(name, Alternatives(isNested: false));
            _ignored.Add(name);
        }
        else if (_scanner.TryTake("%import"))
        {
            Import();
        }
        else if (_scanner.TryTake("%llguidance"))
        {
            Blanks();
            using var options = Json();
            if (options.RootElement.ValueKind != JsonValueKind.Object || options.RootElement.EnumerateObject().Any())
            {
                throw _scanner.Source.Error(start, "options of llguidance are not supported. Remove them.");
            }
        }
        else
        {
            throw _scanner.Error("unknown statement. Known are %ignore and %import; %json is written inside a rule.");
        }
    }

    private void Import()
    {
        Blanks();
        if (!_scanner.TryTake("common")) throw _scanner.Error("only the module common can be imported: %import common.INT.");
        if (_scanner.TryTake("."))
        {
            var (name, at) = ImportedName();
            Blanks();
            var alias = name;
            if (_scanner.TryTake("->"))
            {
                Blanks();
                alias = Name();
            }

            AddCommon(name, alias, at);
            return;
        }

        Blanks();
        if (!_scanner.TryTake("(")) throw _scanner.Error("a name was expected: %import common.INT or %import common (INT, WS).");
        do
        {
            Lines();
            var (name, at) = ImportedName();
            AddCommon(name, name, at);
            Lines();
        }
        while (_scanner.TryTake(","));
        if (!_scanner.TryTake(")")) throw _scanner.Error("the list of names ends with ).");
    }

    private (string Name, int At) ImportedName()
    {
        var at = _scanner.At;
        return (Name(), at);
    }

    private void AddCommon(string name, string alias, int at)
    {
        var pattern = CommonTerminals.Find(name) ?? throw _scanner.Source.Error(at, $"common has no {name}. It has {CommonTerminals.Names}.");
        if (!IsTerminal(alias)) throw _scanner.Source.Error(at, $"{alias} is the name of a rule; a terminal has one in upper case.");
        if (!_terminals.TryAdd(alias, new RuleTree.Terminal(RegexParser.Parse(_builder.Regexes, pattern, RegexSyntax.Unicode))))
        {
            throw _scanner.Source.Error(at, $"{alias} is defined twice. Import it under another name: common.{name} -> OTHER.");
        }
    }

    private JsonDocument Json()
    {
        var start = _scanner.At;
        var bytes = Encoding.UTF8.GetBytes(_scanner.Text[start..]);
        try
        {
            Utf8JsonReader reader = new(bytes, new JsonReaderOptions { MaxDepth = _builder.Limits.Nesting });
            var document = JsonDocument.ParseValue(ref reader);
            _scanner.At = start + Encoding.UTF8.GetCharCount(bytes, 0, (int)reader.BytesConsumed);
            return document;
        }
        catch (JsonException error)
        {
            throw _scanner.Source.Error(start, $"this is no JSON: {error.Message}");
        }
    }

    private static bool IsTerminal(string name) => name.AsSpan().TrimStart('_') is [var first, ..] && char.IsAsciiLetterUpper(first);
}
