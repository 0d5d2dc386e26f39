using System.CommandLine;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen help</c>: the help of a command, as its <c>--help</c> prints it.</summary>
internal static class HelpCommand
{
    public static Command Create(RootCommand root)
    {
        var name = new Argument<string[]>("COMMAND") { Description = "A command. Default: the list of all commands.", Arity = ArgumentArity.ZeroOrMore };
        var markdown = new Option<bool>("--markdown") { Description = "Print the help of all commands as one page in Markdown." };
        var command = new ExampleCommand("help", "Shows the help of a command.", "help run", "help --markdown") { name, markdown };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(markdown))
            {
                CommandPage.Write(root, parsed.InvocationConfiguration.Output);
                return 0;
            }

            Command at = root;
            var asked = parsed.GetValue(name) ?? [];
            foreach (var word in asked)
            {
                var next = at.Subcommands.FirstOrDefault(c => c.Name == word || c.Aliases.Contains(word));
                at = next ?? throw new RequestException(
                    at.Subcommands.Count > 0 ? UsageError.NoCommand(at, word) : $"'{word}' is one word too many: {at.Name} has no commands of its own.");
            }

            return root.Parse([.. asked, "--help"]).Invoke(parsed.InvocationConfiguration);
        });
        return command;
    }
}
