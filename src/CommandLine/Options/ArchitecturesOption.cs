using System.CommandLine;

namespace ArchGen.CommandLine.Options;

/// <summary>The option <c>--architectures FILE</c> of every command: further architectures, those of an assembly.</summary>
internal static class ArchitecturesOption
{
    private const string Name = "--architectures";

    public static Option<string[]> Create() => new(Name)
    {
        Description = "An assembly with further architectures, my.dll; repeatable. One with the name of a built-in one takes its place.",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>The program with the architectures of the files that a command line names; null if it names none.</summary>
    /// <exception cref="ArchGenException">A file is no assembly, or has no architectures.</exception>
    public static ArchgenProgram? Read(ParseResult parsed, ArchgenProgram program)
    {
        if (program.ReadArchitectures is not { } read || parsed.GetResult(Name) is not { } given || given.Errors.Any()) return null;
        return parsed.GetValue<string[]>(Name) is { Length: > 0 } files ? program.With(files.SelectMany(read)) : null;
    }
}
