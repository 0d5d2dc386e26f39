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
        if (parsed.GetValue<string[]>(Name) is not { Length: > 0 } files) return null;
        var found = files.SelectMany(file => read(file).Select(architecture => (File: file, Info: architecture))).ToList();
        if (found.GroupBy(f => f.Info.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new RequestException($"{Name}: {string.Join(" and ", twice.Select(f => f.File))} both have {twice.Key}. Name one of them.");
        return program.With([.. found.Select(f => f.Info)]);
    }
}
