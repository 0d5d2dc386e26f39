namespace ArchGen.CommandLine;

/// <summary>The commands of archgen, for a program of one's own.</summary>
/// <example><code>
/// using ArchGen.CommandLine;
///
/// return Archgen.Run(args, Catalog.All);
/// </code></example>
public static class Archgen
{
    /// <summary>Runs a command line over some architectures: <c>run</c>, <c>convert</c>, <c>compare</c> and all others.</summary>
    /// <param name="arguments">The arguments of the process.</param>
    /// <param name="architectures">The architectures, such as <c>Catalog.All</c>.</param>
    /// <returns>The exit code: 0, or 1 after an error, whose message is on standard error; after a signal 128 and the signal's number.</returns>
    public static int Run(string[] arguments, IReadOnlyList<ArchitectureInfo> architectures)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(architectures);
        try
        {
            return Run(arguments, new ArchgenProgram(architectures));
        }
        catch (RequestException error)
        {
            Terminal.Process().Note(error.Message);
            return CommandTree.UserError;
        }
    }

    /// <summary>Runs a command line in a program that brings a model or recorded results along.</summary>
    /// <param name="arguments">The arguments of the process.</param>
    /// <param name="program">What the commands work with.</param>
    /// <returns>The exit code: 0, or 1 after an error, whose message is on standard error; after a signal 128 and the signal's number.</returns>
    public static int Run(string[] arguments, ArchgenProgram program)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(program);
        using var interruption = new Interruption();
        var exitCode = CommandTree.Run(arguments, Terminal.Process(), program, interruption.Token);
        return exitCode == CommandTree.Cancelled ? interruption.ExitCode ?? exitCode : exitCode;
    }
}
