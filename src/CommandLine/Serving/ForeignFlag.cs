using System.CommandLine;

namespace ArchGen.CommandLine.Serving;

/// <summary>Options of llama-server that do nothing here. They are no part of the help.</summary>
internal sealed class ForeignFlag
{
    private readonly Option<string[]> _option;

    /// <summary>Options with one reason.</summary>
    /// <param name="names">The names and aliases with a space between them.</param>
    /// <param name="reason">Why it does nothing, or what to do in its place: the end of a sentence.</param>
    /// <param name="values">The number of values: 0, 1, or 2 for one that may be left out.</param>
    public ForeignFlag(string names, string reason, int values = 1)
    {
        var all = names.Split(' ');
        Reason = reason;
        _option = new Option<string[]>(all[0], all[1..])
        {
            Description = reason,
            Hidden = true,
            Arity = values switch { 0 => ArgumentArity.Zero, 1 => ArgumentArity.OneOrMore, _ => ArgumentArity.ZeroOrMore },
        };
    }

    /// <summary>The option.</summary>
    public Option Option => _option;

    /// <summary>Why it does nothing.</summary>
    public string Reason { get; }

    /// <summary>The name that was given; null if it was not.</summary>
    public string? Given(ParseResult parsed) => parsed.GetResult(_option) is { Implicit: false } result ? result.IdentifierToken?.Value ?? _option.Name : null;
}
