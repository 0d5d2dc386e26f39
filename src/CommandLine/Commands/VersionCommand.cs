using System.CommandLine;
using System.Reflection;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen version</c>, and <c>--version</c>.</summary>
internal static class VersionCommand
{
    private static string Text { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The version of the packages that belong to this program: without the commit.</summary>
    public static string Package => Text.Split('+')[0];

    public static Command Create(RootCommand root, Terminal terminal)
    {
        var command = new ExampleCommand("version", "Shows the version.", "version");
        command.SetAction(_ => terminal.Out.WriteLine(Text));
        root.Options.OfType<VersionOption>().Single().Action = command.Action;
        return command;
    }
}
