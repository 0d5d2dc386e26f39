using System.CommandLine;
using ArchGen.CommandLine.Options;
using ArchGen.Gguf;
using ArchGen.Tools.ModelFiles;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen edit</c>: copies a file with other keys.</summary>
internal sealed class EditCommand(Terminal terminal)
{
    private readonly Argument<string> _source = new("IN") { Description = "A GGUF file; of a model in parts, the first." };

    private readonly Option<string?> _output = OutputOption.Create("The file to write, with the same tensors.");

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "KEY=TYPE:VALUE, or KEY=VALUE of the type it has: a key to set; repeatable. TYPE: u8 to u64, i8 to i64, f32, f64, bool, str; "
            + "int is u32, float is f32; with [] a list in JSON.",
    };

    private readonly Option<string[]> _remove = new("--remove", "--remove-metadata") { Description = "A key to leave out; repeatable.", HelpName = "KEY" };
    private readonly Option<string[]> _rename = new("--rename") { Description = "OLD=NEW: another name for a key; repeatable." };

    private readonly Option<string?> _template = new("--chat-template", "--chat-template-file")
    {
        Description = "The chat template in Jinja: a file, or the text itself if there is no such file.",
        HelpName = "FILE|TEXT",
    };

    private readonly Option<string?> _vocabulary = new("--vocab-from")
    {
        Description = "A GGUF file whose vocabulary and chat template are taken; it must have as many tokens.",
        HelpName = "MODEL",
    };

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Print what would be changed, and write nothing." };

    public static Command Create(Terminal terminal)
    {
        var edit = new EditCommand(terminal);
        var command = new ExampleCommand(
            "edit",
            "Copies a model with other keys. Its tensors stay as they are.",
            "edit model.gguf -o renamed.gguf --set general.name=str:\"My model\"",
            "edit model.gguf -o longer.gguf --set llama.context_length=131072 --remove general.url",
            "edit model.gguf -o chat.gguf --chat-template template.jinja",
            "edit model.gguf --rename llama.rope.freq_bas=llama.rope.freq_base --dry-run",
            "edit tuned.gguf -o fixed.gguf --vocab-from base.gguf")
        {
            edit._source, edit._output, edit._set, edit._remove, edit._rename, edit._template, edit._vocabulary, edit._dryRun,
        };
        command.SetAction(edit.Execute);
        return command;
    }

    private Task<int> Execute(ParseResult parsed, CancellationToken cancellation)
    {
        var isDry = parsed.GetValue(_dryRun);
        if (!isDry && parsed.GetValue(_output) is null)
            throw new RequestException("--output is missing: name the file to write with -o, or try with --dry-run.");
        using var file = ModelOptions.Open(parsed.GetValue(_source)!);
        var edited = new EditedModel(file);
        if (parsed.GetValue(_vocabulary) is { } model)
        {
            using var other = ModelOptions.Open(model);
            edited.CopyVocabulary(other);
        }

        foreach (var key in parsed.GetValue(_remove) ?? []) edited.Remove(key);
        foreach (var names in parsed.GetValue(_rename) ?? []) Rename(edited, names);
        foreach (var text in parsed.GetValue(_set) ?? [])
        {
            var (key, value) = KeyText.Parse(text, edited.Metadata);
            edited.Set(key, value);
        }

        if (parsed.GetValue(_template) is { } template)
        {
            edited.SetChatTemplate(Template(template));
            if (parsed.GetValue(_output) is { } path && ChunkedFile.IsSame(template, ChunkedFile.Target(path)))
                throw new RequestException($"{path} is a file that is read. Choose another name for the result.");
        }

        if (!isDry) Write(edited, parsed.GetValue(_output)!, cancellation);
        foreach (var change in edited.Changes) (isDry ? terminal.Out : terminal.Error).WriteLine(change);
        if (edited.Changes.Count == 0) terminal.Error.WriteLine("Nothing changes.");
        return Task.FromResult(0);
    }

    private static void Rename(EditedModel edited, string names)
    {
        var equals = names.IndexOf('=');
        if (equals <= 0 || equals == names.Length - 1)
            throw new RequestException($"--rename '{names}' is not of the form OLD=NEW, such as general.nam=general.name.");
        edited.Rename(names[..equals], names[(equals + 1)..]);
    }

    // A template that cannot be read would be noticed at the first message only.
    private string Template(string given)
    {
        var isText = given.Contains("{%", StringComparison.Ordinal) || given.Contains("{{", StringComparison.Ordinal);
        var text = isText && !File.Exists(given) ? given : terminal.ReadText(given, "a chat template");
        Templates.Template.Parse(text);
        return text;
    }

    private void Write(EditedModel edited, string path, CancellationToken cancellation)
    {
        var progress = new WriteProgress(terminal, edited.ByteLength);
        if (path == Terminal.Standard) terminal.Write(path, stream => edited.Write(stream, progress.Report, cancellation));
        else terminal.Out.WriteLine(edited.Write(path, progress.Report, cancellation));
        progress.End();
    }
}
