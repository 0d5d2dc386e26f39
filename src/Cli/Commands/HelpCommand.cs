using System.CommandLine;

namespace ArchGen.Cli.Commands;

/// <summary><c>archgen help</c>: the help of a command, as its <c>--help</c> prints it.</summary>
internal static class HelpCommand
{
    public static Command Create(RootCommand root)
    {
        var name = new Argument<string?>("COMMAND") { Description = "A command. Default: the list of all commands.", Arity = ArgumentArity.ZeroOrOne };
        var command = new ExampleCommand("help", "Shows the help of a command.", "help run") { name };
        command.SetAction(parsed =>
        {
            var asked = parsed.GetValue(name);
            if (asked is not null && !root.Subcommands.Any(c => c.Name == asked || c.Aliases.Contains(asked)))
                throw new RequestException(UsageError.NoCommand(root, asked));
            return root.Parse(asked is null ? ["--help"] : [asked, "--help"]).Invoke(parsed.InvocationConfiguration);
        });
        return command;
    }
}
