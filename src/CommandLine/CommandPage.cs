using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;

namespace ArchGen.CommandLine;

/// <summary>Writes what the help of every command says as a page in Markdown: docs/commands.md.</summary>
internal static class CommandPage
{
    /// <summary>Writes a section for each command, those inside others after them.</summary>
    public static void Write(RootCommand root, TextWriter output)
    {
        var program = OwnName.Of(root);
        foreach (var command in root.Subcommands.OrderBy(c => c.Name, StringComparer.Ordinal)) Write(program, command, program, output);
    }

    private static void Write(string parent, Command command, string program, TextWriter output)
    {
        if (command.Hidden) return;
        var name = $"{parent} {command.Name}";
        var options = command.Options.Where(o => !o.Hidden).ToList();
        Line(output, $"## {name}");
        Line(output);
        Line(output, Cell(command.Description));
        Line(output);
        var usage = command.Arguments.Select(a => a.Arity.MinimumNumberOfValues == 0 ? $"[{a.Name}]" : a.Name);
        if (options.Count > 0) usage = usage.Append("[options]");
        if (command.Subcommands.Count > 0) usage = usage.Append("COMMAND");
        Line(output, $"    {string.Join(' ', usage.Prepend(name))}");
        Line(output);
        if (command.Arguments.Count > 0 || options.Count > 0)
        {
            Line(output, "| | |");
            Line(output, "|---|---|");
            foreach (var argument in command.Arguments) Line(output, $"| `{Cell(argument.Name)}` | {Cell(argument.Description)} |");
            foreach (var option in options) Line(output, $"| {Names(option)} | {Cell(option.Description)}{Default(option)} |");
            Line(output);
        }

        if (command is ExampleCommand { Examples: var examples })
        {
            foreach (var example in examples) Line(output, $"    {OwnName.InExample(example, program)}");
            Line(output);
        }

        foreach (var inner in command.Subcommands) Write(name, inner, program, output);
    }

    private static string Names(Option option)
    {
        var values = option is Option<bool> ? "" : option.GetCompletions(CompletionContext.Empty).Select(c => c.Label).ToList() is { Count: > 0 } names
            ? " " + string.Join('\u00a6', names)
            : option.HelpName is { } word ? " " + word : "";
        // A bar would end the cell.
        values = Cell(values).Replace("\u00a6", "\\|", StringComparison.Ordinal);
        return string.Join(", ", option.Aliases.Prepend(option.Name).Select(name => $"`{name}{values}`"));
    }

    // The number of threads is that of the machine.
    private static string Default(Option option)
    {
        if (option is Option<bool> || !option.HasDefaultValue || option.Name == "--threads") return "";
        var text = Convert.ToString(option.GetDefaultValue(), CultureInfo.InvariantCulture);
        return string.IsNullOrEmpty(text) || text.StartsWith("System.", StringComparison.Ordinal) ? "" : $" Default: `{text}`.";
    }

    private static string Cell(string? text) =>
        (text ?? "").ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    private static void Line(TextWriter output, string text = "") => output.Write(text + "\n");
}
