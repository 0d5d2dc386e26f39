using System.CommandLine;

namespace ArchGen.Cli.Options;

/// <summary><c>-o FILE</c>: where a result goes; - is standard output.</summary>
internal static class OutputOption
{
    /// <param name="description">What is written, and where unless told.</param>
    public static Option<string?> Create(string description) =>
        new("--output", "-o", "--outfile") { Description = description + " - is standard output.", HelpName = "FILE" };

    /// <summary>The same where the result has to be given a place.</summary>
    public static Option<string> Required(string description) =>
        new("--output", "-o", "--outfile") { Description = description + " - is standard output.", HelpName = "FILE", Required = true };
}
