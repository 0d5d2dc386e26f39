using System.CommandLine;
using ArchGen.CommandLine.Options;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Tools.Scaffolding;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen new</c>: writes a solution for an architecture of one's own.</summary>
internal static class NewCommand
{
    public static Command Create(Terminal terminal, ArchgenProgram program)
    {
        var name = new Argument<string>("NAME") { Description = "The name of the architecture's class, such as Quill." };
        var from = new Option<string?>("--from")
        {
            Description = "A checkpoint folder of Hugging Face: the declaration is drafted from its config.json and the headers of its weights.",
            HelpName = "DIR",
        };
        var output = new Option<string?>("--output", "-o") { Description = "The folder to write. Default: NAME.", HelpName = "DIR" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the architecture's file, and write nothing." };
        var command = new ExampleCommand(
            "new",
            "Writes a solution with an architecture, a program that has every command over it, and tests.",
            "new Quill",
            "new Quill --from ./quill-checkpoint",
            "new Quill --from ./quill-checkpoint --dry-run")
        {
            name, from, output, dryRun,
        };
        command.SetAction((parsed, cancellation) =>
        {
            cancellation.ThrowIfCancellationRequested();
            var architecture = parsed.GetValue(name)!;
            ProjectScaffold.CheckName(architecture);
            var draft = parsed.GetValue(from) is { } folder ? Draft(folder, architecture, program, terminal) : null;
            var files = ProjectScaffold.Files(architecture, draft, VersionCommand.Package);
            if (parsed.GetValue(dryRun))
            {
                terminal.Out.Write(files[^1].Text);
                return Task.FromResult(0);
            }

            var target = parsed.GetValue(output) ?? architecture;
            ProjectScaffold.Write(target, files, cancellation);
            foreach (var file in files) terminal.Out.WriteLine(Path.Combine(target, file.Path));
            return Task.FromResult(0);
        });
        return command;
    }

    private static string Draft(string folder, string name, ArchgenProgram program, Terminal terminal)
    {
        using var checkpoint = Checkpoint.Open(folder);
        var draft = ArchitectureScaffold.Of(checkpoint, program.Architectures, name, ProjectScaffold.Namespace(name));
        terminal.Error.WriteLine($"{draft.Class}: {draft.Tensors.Count} kinds of tensors; {(draft.IsVariant ? "a variant of" : "nearest to")} "
            + $"{draft.Nearest.Architecture.Name}. {draft.Questions.Count} questions about config.json.");
        if (draft.IsClaimed)
            terminal.Error.WriteLine($"A built-in architecture implements {draft.Class} already: '{terminal.ProgramName} convert {folder}' converts it.");
        return draft.Text;
    }
}
