using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ArchGen.CommandLine;

/// <summary>A command whose help ends with examples.</summary>
internal sealed class ExampleCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>Adds options and arguments that belong together.</summary>
    public void Add(IEnumerable<Symbol> symbols)
    {
        foreach (var symbol in symbols)
        {
            if (symbol is Option option) Add(option);
            else Add((Argument)symbol);
        }
    }

    /// <summary>Lets the help of every command below show its examples.</summary>
    public static void ShowExamples(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
    }

    private sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parsed)
        {
            var result = inner.Invoke(parsed);
            if (parsed.CommandResult.Command is ExampleCommand { Examples.Count: > 0 } command)
            {
                var output = parsed.InvocationConfiguration.Output;
                output.WriteLine("Examples:");
                var program = OwnName.Of((RootCommand)parsed.RootCommandResult.Command);
                foreach (var example in command.Examples) output.WriteLine($"  {OwnName.InExample(example, program)}");
                output.WriteLine();
            }

            return result;
        }
    }
}
