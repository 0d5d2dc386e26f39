using System.CommandLine;

namespace ArchGen.CommandLine.Options;

/// <summary><c>-o FILE</c>: the file for a result; - is standard output.</summary>
internal static class OutputOption
{
    /// <summary>The option for a result that has a default place.</summary>
    /// <param name="description">The content of the file and its default name.</param>
    public static Option<string?> Create(string description) =>
        new("--output", "-o", "--outfile") { Description = description + " - is standard output.", HelpName = "FILE" };

    /// <summary>The option for a result without a default place.</summary>
    public static Option<string> Required(string description) =>
        new("--output", "-o", "--outfile") { Description = description + " - is standard output.", HelpName = "FILE", Required = true };
}
