using System.CommandLine;
using System.IO.Compression;
using System.Text.Json;
using ArchGen.CommandLine.Options;
using ArchGen.CommandLine.Texts;
using ArchGen.Gguf.Files;
using ArchGen.Grammars.JsonSchema;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen grammar bench</c>: how many schemas are decided correctly, and how long a mask takes.</summary>
internal static class GrammarBenchCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new ModelChoice(TokenizerFile.Description);
        var lines = new Option<string>("--jsonl")
        {
            Description = "A schema with documents on each line: {\"name\", \"schema\", \"tests\": [{\"valid\", \"data\"}]}; .gz is unpacked.",
            HelpName = "FILE",
            Required = true,
        };
        var format = new Option<string>("--format") { Description = "The form of the figures.", DefaultValueFactory = _ => "text" }.OneOf("text", "json");
        var list = new Option<bool>("--list") { Description = "Print each schema that does not pass, with the reason." };
        var command = new ExampleCommand(
            "bench",
            "Compiles JSON schemas and feeds their documents token by token, computing each mask on one thread. A schema passes if it compiles, each valid "
            + "document is accepted, and each invalid one is refused.",
            "grammar bench model.gguf --jsonl schemas.jsonl",
            "grammar bench tokenizer.json --jsonl maskbench.jsonl.gz --list",
            "grammar bench ./Qwen3-0.6B --jsonl maskbench.jsonl.gz --format json")
        {
            model.All, lines, format, list,
        };
        command.SetAction((parsed, cancellation) =>
        {
            cancellation.ThrowIfCancellationRequested();
            var (path, file) = (model.Path(parsed), parsed.GetValue(lines)!);
            var schemas = Read(file);
            GrammarBench bench = new(TokenizerFile.Open(path, terminal, out _), JsonSchemaOptions.Default);
            List<GrammarBenchSchema> results = [];
            foreach (var (line, where) in schemas)
            {
                cancellation.ThrowIfCancellationRequested();
                results.Add(bench.Measure(line, where, cancellation));
                terminal.Progress("schemas", results.Count, schemas.Count);
            }

            GrammarBenchReport report = new(Path.GetFileName(Path.TrimEndingDirectorySeparator(path)), results);
            if (parsed.GetValue(format) == "json") report.PrintJson(terminal.Out);
            else report.PrintText(terminal.Out, parsed.GetValue(list));
            return Task.FromResult(0);
        });
        return command;
    }

    private static List<(JsonElement Line, string Where)> Read(string path)
    {
        using var file = InputFile.Open(path, "schemas");
        using var reader = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        List<(JsonElement, string)> result = [];
        try
        {
            for (var number = 1; reader.ReadLine() is { } line; number++)
            {
                if (line.Length == 0) continue;
                using var document = JsonDocument.Parse(line, new() { MaxDepth = 512 });
                result.Add((document.RootElement.Clone(), $"{path}, line {number}"));
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            throw new RequestException($"{path}, line {result.Count + 1}, is not JSON: {exception.Message}", exception);
        }

        return result.Count > 0 ? result : throw new RequestException($"{path} has no lines.");
    }
}
