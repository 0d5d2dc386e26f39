using System.CommandLine;

namespace ArchGen.CommandLine;

/// <summary>
/// The name of the program in what it says of itself. Texts and messages, also those of the libraries, name a command as 'archgen inspect'; a program of
/// one's own shows its own name there.
/// </summary>
internal static class OwnName
{
    /// <summary>The name of the program that comes with ArchGen.</summary>
    public const string Usual = "archgen";

    /// <summary>The name that the help of some commands shows.</summary>
    public static string Of(RootCommand root) => root.HelpName ?? Usual;

    /// <summary>A text that names commands within quotation marks.</summary>
    public static string In(string text, string program) => text.Replace($"'{Usual} ", $"'{program} ", StringComparison.Ordinal);

    /// <summary>A command line after the program's name. A second command in it begins with the name.</summary>
    public static string InExample(string example, string program) => $"{program} {example.Replace($"| {Usual} ", $"| {program} ", StringComparison.Ordinal)}";

    /// <summary>Gives a command, its options and all commands below it the name.</summary>
    public static void Give(Command command, string program)
    {
        if (program == Usual) return;
        foreach (var symbol in (IEnumerable<Symbol>)[command, .. command.Arguments, .. command.Options])
        {
            if (symbol.Description is { } text) symbol.Description = In(text, program);
        }

        foreach (var inner in command.Subcommands) Give(inner, program);
    }
}
