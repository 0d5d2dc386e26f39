using System.CommandLine;
using ArchGen.CommandLine.Commands;
using ArchGen.CommandLine.Options;
using ArchGen.CommandLine.Serving;

namespace ArchGen.CommandLine;

/// <summary>The command <c>archgen</c>: its commands, and the exit codes of errors and Ctrl-C.</summary>
internal static class CommandTree
{
    /// <summary>The exit code of a command that cannot do what was asked.</summary>
    public const int UserError = 1;

    private const int ClosedPipe = 141; // as of a process that SIGPIPE ends

    /// <summary>The exit code of a command that was cancelled; that of Ctrl-C.</summary>
    public const int Cancelled = 130;

    /// <summary>Runs a command line; returns the exit code.</summary>
    public static int Run(string[] arguments, Terminal terminal, ArchgenProgram program, CancellationToken cancellation = default)
    {
        try
        {
            var parsed = Parse(ref arguments, terminal, program);
            if (UsageError.Of(parsed, arguments) is { } message)
            {
                terminal.Note(message);
                terminal.Error.WriteLine(UsageError.Hint(parsed, terminal.ProgramName));
                return UserError;
            }

            var configuration = new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return parsed.InvokeAsync(configuration, cancellation).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            return Cancelled;
        }
        catch (ClosedPipeException)
        {
            return ClosedPipe;
        }
        catch (Exception error) when (error is ArchGenException or IOException or UnauthorizedAccessException)
        {
            terminal.Note(error.Message);
            return UserError;
        }
    }

    /// <summary>Reads the arguments, to which the settings of a server are added.</summary>
    private static ParseResult Parse(ref string[] arguments, Terminal terminal, ArchgenProgram program)
    {
        // No bundling: -temp is a slip for --temp, not -t emp. No response files: a prompt may begin with @.
        var parser = new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null };
        var commands = Commands(terminal, program);
        var parsed = commands.Parse(arguments.Length == 0 ? ["--help"] : arguments, parser);
        if (ArchitecturesOption.Read(parsed, program) is { } extended)
        {
            commands = Commands(terminal, extended);
            parsed = commands.Parse(arguments, parser);
        }

        if (parsed.Errors.Count > 0 || parsed.CommandResult.Command.Name != "serve" || parsed.Action != parsed.CommandResult.Command.Action) return parsed;
        var file = File.Exists(ServeSettings.FileName) ? File.ReadAllText(ServeSettings.FileName) : null;
        arguments = [.. arguments, .. ServeSettings.Missing(parsed, Environment.GetEnvironmentVariable, file)];
        return commands.Parse(arguments, parser);
    }

    /// <summary>All commands.</summary>
    public static RootCommand Commands(Terminal terminal, ArchgenProgram program)
    {
        var root = new RootCommand("Runs language models whose architecture is one C# file.")
        {
            RunCommand.Create(terminal, program), ChatCommand.Create(terminal, program), ServeCommand.Create(terminal, program),
            ConvertCommand.Create(terminal, program), VerifyCommand.Create(terminal, program), ConvertLoraCommand.Create(terminal, program),
            MergeLoraCommand.Create(terminal, program), QuantizeCommand.Create(terminal, program), LogitsCommand.Create(terminal, program),
            TokenizeCommand.Create(terminal), DetokenizeCommand.Create(terminal), EmbedCommand.Create(terminal, program),
            InspectCommand.Create(terminal, program), ImatrixCommand.Create(terminal, program), PerplexityCommand.Create(terminal, program),
            GraphCommand.Create(terminal, program), ArchitecturesCommand.Create(terminal, program), DumpCommand.Create(terminal, program),
            CompareCommand.Create(terminal, program), MutationTestCommand.Create(terminal, program), RecipeCommand.Create(terminal, program),
            BenchCommand.Create(terminal, program), BenchServeCommand.Create(terminal), DevicesCommand.Create(terminal),
            GrammarCommand.Create(terminal), TemplateCommand.Create(terminal, program), ParseCommand.Create(terminal, program),
            EditCommand.Create(terminal), SplitCommand.Create(terminal), MergeCommand.Create(terminal), DiffCommand.Create(terminal),
            NewCommand.Create(terminal, program), CompletionCommand.Create(terminal),
        };
        root.HelpName = terminal.ProgramName;
        if (program.ReadArchitectures is not null) root.Add(ArchitecturesOption.Create());
        root.Add(HelpCommand.Create(root));
        root.Add(VersionCommand.Create(root, terminal));
        ExampleCommand.ShowExamples(root);
        OwnName.Give(root, terminal.ProgramName);
        return root;
    }
}
