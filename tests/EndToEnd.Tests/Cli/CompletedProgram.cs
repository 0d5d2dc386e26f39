using ArchGen.Architectures;
using ArchGen.CommandLine;
using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>The program under its own name, as it is installed, or under another; and its scripts for shells.</summary>
internal static class CompletedProgram
{
    /// <summary>Writes a program of a name that is archgen.</summary>
    public static void Write(TemporaryFolder folder, string name)
    {
        var program = folder.File(name);
        File.WriteAllText(program, $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "archgen.dll")}' \"$@\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>What <c>NAME completion SHELL</c> prints.</summary>
    public static string Script(string shell, string name)
    {
        using StringWriter output = new(), error = new();
        CommandTree.Run(["completion", shell], new Terminal(output, error, IsInteractive: false) { ProgramName = name }, new ArchgenProgram(Catalog.All));
        return output.ToString() + error;
    }
}
