using System.CommandLine;
using ArchGen.CommandLine.Commands;
using ArchGen.CommandLine.Serving;

namespace ArchGen.CommandLine;

/// <summary>The command <c>archgen</c>: its commands, and the exit codes of errors and Ctrl-C.</summary>
internal static class CommandTree
{
    private const int UserError = 1;
    private const int ClosedPipe = 141; // as of a process that SIGPIPE ends

    /// <summary>The exit code of a command that was cancelled; that of Ctrl-C.</summary>
    public const int Cancelled = 130;

    /// <summary>Runs a command line; returns the exit code.</summary>
    public static int Run(string[] arguments, Terminal terminal, CancellationToken cancellation = default)
    {
        try
        {
            // No bundling: -temp is a slip for --temp, not -t emp. No response files: a prompt may begin with @.
            var parser = new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null };
            var commands = Commands(terminal);
            var parsed = commands.Parse(arguments.Length == 0 ? ["--help"] : arguments, parser);
            if (parsed.Errors.Count == 0 && parsed.CommandResult.Command.Name == "serve" && parsed.Action == parsed.CommandResult.Command.Action)
            {
                var file = File.Exists(ServeSettings.FileName) ? File.ReadAllText(ServeSettings.FileName) : null;
                arguments = [.. arguments, .. ServeSettings.Missing(parsed, Environment.GetEnvironmentVariable, file)];
                parsed = commands.Parse(arguments, parser);
            }

            if (UsageError.Of(parsed, arguments) is { } message)
            {
                terminal.Error.WriteLine($"archgen: {message}");
                terminal.Error.WriteLine(UsageError.Hint(parsed));
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
            terminal.Error.WriteLine($"archgen: {error.Message}");
            return UserError;
        }
    }

    /// <summary>All commands.</summary>
    public static RootCommand Commands(Terminal terminal)
    {
        var root = new RootCommand("Runs language models whose architecture is one C# file.")
        {
            RunCommand.Create(terminal), ChatCommand.Create(terminal), ServeCommand.Create(terminal), ConvertCommand.Create(terminal),
            VerifyCommand.Create(terminal), ConvertLoraCommand.Create(terminal), MergeLoraCommand.Create(terminal),
            QuantizeCommand.Create(terminal), LogitsCommand.Create(terminal),
            TokenizeCommand.Create(terminal),
            DetokenizeCommand.Create(terminal), EmbedCommand.Create(terminal), InspectCommand.Create(terminal), ImatrixCommand.Create(terminal),
            PerplexityCommand.Create(terminal), GraphCommand.Create(terminal), ArchitecturesCommand.Create(terminal), DumpCommand.Create(terminal),
            CompareCommand.Create(terminal), MutationTestCommand.Create(terminal), RecipeCommand.Create(terminal), BenchCommand.Create(terminal),
            BenchServeCommand.Create(terminal), DevicesCommand.Create(terminal), GrammarCommand.Create(terminal),
            TemplateCommand.Create(terminal), ParseCommand.Create(terminal),
        };
        root.HelpName = "archgen";
        root.Add(HelpCommand.Create(root));
        root.Add(VersionCommand.Create(root, terminal));
        ExampleCommand.ShowExamples(root);
        return root;
    }
}
