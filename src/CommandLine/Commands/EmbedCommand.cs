using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using ArchGen.CommandLine.Options;
using ArchGen.CommandLine.Texts;
using ArchGen.Cpu.Execution;
using ArchGen.Runtime.Embeddings;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen embed</c>: texts to embeddings.</summary>
internal sealed class EmbedCommand(Terminal terminal, ArchgenProgram program)
{
    private readonly ModelChoice _model = ModelChoice.File();
    private readonly TextInput _input = new("TEXT", "A text", "strings; for a reranker of pairs, too: [\"query\", \"document\"]");
    private readonly Option<string?> _output = OutputOption.Create("The file to write. Default: standard output.");

    private readonly Option<string?> _format = new Option<string?>("--format")
    {
        Description = "Rows of f32, little-endian; a JSON array with an array for each text; or an array a line. "
            + "Default: by the output's name, .json or .jsonl, else f32; on standard output json for JSON, else jsonl.",
    }.OneOf("f32", "json", "jsonl");

    private readonly Option<string?> _pooling = new Option<string?>("--pooling")
    {
        Description = "The pooling type: how the rows of a text's tokens become one. Default: as the model says.",
    }.OneOf("none", "mean", "cls", "last");

    private readonly Option<bool> _plain = new("--no-normalize") { Description = "Leave the rows at their length; without it, each is of length 1." };
    private readonly Option<int> _threads = ModelOptions.Threads();
    private readonly DeviceOptions _device = new();

    public static Command Create(Terminal terminal, ArchgenProgram program)
    {
        var embed = new EmbedCommand(terminal, program);
        var command = new ExampleCommand(
            "embed",
            "Turns texts into embeddings; with a reranker, texts or pairs of query and document into scores.",
            "embed model.gguf \"A man is eating food.\"",
            "embed model.gguf -f lines.txt -o embeddings.f32",
            "embed model.gguf < lines.txt",
            "embed model.gguf -f texts.json -o embeddings.json --pooling mean --no-normalize")
        {
            embed._model.All, embed._input.All, embed._output, embed._format, embed._pooling, embed._plain, embed._threads,
            embed._device.All,
        };
        command.SetAction(embed.Execute);
        return command;
    }

    private Task<int> Execute(ParseResult parsed, CancellationToken cancellation)
    {
        var (path, inputs) = _input.Read(parsed, _model, terminal);
        var texts = inputs.Select(line => (line, null), TokenList.TextsOrPairs);
        using var loaded = program.Load(path, terminal);
        var backend = _device.Backend(parsed, new CpuBackend { Threads = parsed.GetValue(_threads) }, ModelOptions.Fastest, terminal);
        using var embedder = new TextEmbedder(loaded, backend, new EmbeddingOptions
        {
            Pooling = parsed.GetValue(_pooling) switch
            {
                null => null,
                "none" => Pooling.None,
                "mean" => Pooling.Mean,
                "cls" => Pooling.Cls,
                _ => Pooling.Last,
            },
            Normalize = !parsed.GetValue(_plain),
        });
        var file = parsed.GetValue(_output);
        var kind = inputs.Format(parsed.GetValue(_format), file, file is null or Terminal.Standard ? "jsonl" : "f32");
        if (kind == "f32") terminal.Write(file, stream => EmbedAll(rows => stream.Write(MemoryMarshal.AsBytes(rows.AsSpan()))));
        else JsonRows.Write(terminal, file, kind == "jsonl", json => EmbedAll(rows => json.Add(writer => WriteJson(writer, rows, embedder))));
        return Task.FromResult(0);

        void EmbedAll(Action<float[]> write)
        {
            for (var i = 0; i < texts.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                write(Embed(embedder, texts[i], i, inputs, cancellation));
                terminal.Progress("texts", i + 1, texts.Length);
            }
        }
    }

    private static float[] Embed(TextEmbedder embedder, (string Text, string? Second) text, int number, TextInputs inputs, CancellationToken cancellation)
    {
        try
        {
            return text.Second is null ? embedder.Embed(text.Text, cancellation) : embedder.Embed(text.Text, text.Second, cancellation);
        }
        catch (ArchGenException error)
        {
            throw new RequestException($"{inputs.Name}: {(inputs.Json is null ? $"text {number + 1}" : $"element {number}")}: {error.Message}", error);
        }
    }

    private static void WriteJson(Utf8JsonWriter json, float[] rows, TextEmbedder embedder)
    {
        if (embedder.Pooling != Pooling.None)
        {
            WriteRow(json, rows);
            return;
        }

        json.WriteStartArray();
        for (var start = 0; start < rows.Length; start += embedder.Width) WriteRow(json, rows.AsSpan(start, embedder.Width));
        json.WriteEndArray();
    }

    private static void WriteRow(Utf8JsonWriter json, ReadOnlySpan<float> row)
    {
        json.WriteStartArray();
        foreach (var value in row) json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
