using System.CommandLine;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen architectures</c>: lists the architectures that are built in.</summary>
internal static class ArchitecturesCommand
{
    public static Command Create(Terminal terminal, ArchgenProgram program)
    {
        var command = new ExampleCommand(
            "architectures",
            "Lists the architectures that are built in, with their Hugging Face classes.",
            "architectures");
        command.SetAction(_ =>
        {
            var width = program.Architectures.Max(a => a.Name.Length);
            foreach (var architecture in program.Architectures)
            {
                terminal.Out.WriteLine($"{architecture.Name.PadRight(width)}  {architecture.Summary}");
                terminal.Out.WriteLine($"{"".PadRight(width)}  {string.Join(", ", architecture.HuggingFaceClasses)}");
            }
        });
        return command;
    }
}
