using System.CommandLine;
using System.CommandLine.Parsing;

namespace ArchGen.CommandLine;

/// <summary>The messages for a command line that cannot be parsed.</summary>
internal static class UsageError
{
    /// <summary>The message, or null if there is no error.</summary>
    public static string? Of(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        // Help was asked for, or the version.
        if (parsed.Action is { ClearsParseErrors: true }) return null;
        // Errors in what is given come before missing arguments.
        return Unknown(parsed) ?? FlagWithValue(parsed, arguments)
            ?? parsed.Errors.OrderBy(e => e.SymbolResult is OptionResult { IdentifierTokenCount: > 0 } ? 0 : 1).Select(Text).FirstOrDefault();
    }

    /// <summary>The hint at the help of the command.</summary>
    public static string Hint(ParseResult parsed, string program) =>
        parsed.CommandResult.Command is RootCommand ? $"See '{program} --help'." : $"See '{program} {Name(parsed.CommandResult)} --help'.";

    /// <summary>The message for a command that does not exist.</summary>
    public static string NoCommand(Command root, string name)
    {
        var known = root.Subcommands.Select(c => c.Name).ToList();
        var nearest = Spelling.Nearest(name, [.. known, .. root.Subcommands.SelectMany(c => c.Aliases)]);
        return $"There is no command '{name}'. {Suggestion(nearest) ?? $"Known are {string.Join(", ", known)}."}";
    }

    private static string? Unknown(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        // An argument takes any word, even the name of an option that does not exist; after -- every word is an argument.
        var plain = parsed.Tokens.SkipWhile(t => t.Type != TokenType.DoubleDash).Skip(1).Count();
        var words = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens.Select(t => t.Value)).Concat(parsed.UnmatchedTokens);
        if (words.SkipLast(plain).FirstOrDefault(word => word.Length > 1 && word[0] == '-') is { } option) return NoOption(command, option.Split('=')[0]);
        if (parsed.UnmatchedTokens.Count == 0) return null;
        if (command.Subcommands.Count > 0) return NoCommand(command, parsed.UnmatchedTokens[0]);
        var takes = command.Arguments.Count == 0 ? "no arguments" : string.Join(' ', command.Arguments.Select(a => a.Name));
        return $"'{parsed.UnmatchedTokens[0]}' is one word too many: {Name(parsed.CommandResult)} takes {takes}.";
    }

    // The command with those that it is part of: grammar check.
    private static string Name(CommandResult result) =>
        result.Parent is CommandResult { Command: not RootCommand } parent ? $"{Name(parent)} {result.Command.Name}" : result.Command.Name;

    // The parser takes the value of a flag, --json=md, for an argument.
    private static string? FlagWithValue(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        foreach (var argument in arguments.TakeWhile(a => a != "--").Where(a => a.Contains('=') && !parsed.Tokens.Any(t => t.Value == a)))
        {
            var (name, value) = (argument.Split('=')[0], argument[(argument.IndexOf('=') + 1)..]);
            var option = parsed.CommandResult.Command.Options.FirstOrDefault(o => o.Name == name || o.Aliases.Contains(name));
            if (option is Option<bool> && !bool.TryParse(value, out _)) return $"{name} takes no value, '{value}'. Leave it out.";
        }

        return null;
    }

    private static string NoOption(Command command, string name)
    {
        var names = command.Options.SelectMany(o => o.Aliases.Prepend(o.Name)).Append("--help");
        var known = names.Where(n => n.StartsWith("--", StringComparison.Ordinal)).ToList();
        // For an unknown letter, an option that begins with it; for -temp, --temp.
        var nearest = name.Length == 2 ? known.Find(n => n[2] == name[1]) : known.Find(n => n == "-" + name) ?? Spelling.Nearest(name, known);
        return $"There is no option {name}. {Suggestion(nearest)}".TrimEnd();
    }

    private static string? Suggestion(string? nearest) => nearest is null ? null : $"Did you mean {nearest}?";

    // The parser's own messages name internal types and values.
    private static string Text(ParseError error) => error.SymbolResult switch
    {
        OptionResult { IdentifierTokenCount: 0 } option => $"{option.Option.Name} is missing: {option.Option.Description}",
        OptionResult { Tokens.Count: 0 } option => $"{option.Option.Name} needs a value.",
        OptionResult { IdentifierTokenCount: > 1, Option.Arity.MaximumNumberOfValues: 1 } option =>
            $"{option.Option.Name} is given {option.IdentifierTokenCount} times, expected once.",
        ArgumentResult { Tokens.Count: 0 } argument => $"{argument.Argument.Name} is missing: {argument.Argument.Description}",
        CommandResult { Command: RootCommand } => "There is no command.",
        CommandResult { Command.Subcommands: { Count: > 0 } inner } result => $"{Name(result)} needs one of {string.Join(", ", inner.Select(c => c.Name))}.",
        _ => error.Message,
    };
}
