using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using ArchGen.Embeddings;

namespace ArchGen.Cli.Commands;

/// <summary><c>archgen embed</c>: texts to embeddings.</summary>
internal static class EmbedCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = ModelOptions.RequiredModel();
        var input = new Option<string>("--input", "-i")
        {
            Description = "A file with a JSON array of strings; for a reranker of pairs, too: [\"query\", \"document\"].",
            Required = true,
        };
        var output = new Option<string>("--output", "-o") { Description = "The file to write: rows of f32, little-endian; or a JSON array with an array for each text.", Required = true };
        var format = new Option<string?>("--format") { Description = "f32 or json. Default: json if the output's name ends in .json." };
        format.AcceptOnlyFromAmong("f32", "json");
        var pooling = new Option<string?>("--pooling") { Description = "How the rows of a text's tokens become one. Default: as the model says." };
        pooling.AcceptOnlyFromAmong("none", "mean", "cls", "last");
        var plain = new Option<bool>("--no-normalize") { Description = "Leave the rows at their length; without it, each is of length 1." };
        var threads = ModelOptions.Threads();
        var command = new ExampleCommand(
            "embed",
            "Turns texts into embeddings; with a reranker, texts or pairs of query and document into scores.",
            "embed model.gguf --input texts.json --output embeddings.f32",
            "embed model.gguf --input texts.json --output embeddings.json --pooling mean --no-normalize")
        {
            model, input, output, format, pooling, plain, threads,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var texts = TokenList.ReadTextsOrPairs(parsed.GetValue(input)!);
            using var loaded = ModelOptions.Load(parsed.GetValue(model), terminal);
            using var embedder = new TextEmbedder(loaded, new EmbeddingOptions
            {
                Pooling = parsed.GetValue(pooling) switch { null => null, "none" => Pooling.None, "mean" => Pooling.Mean, "cls" => Pooling.Cls, _ => Pooling.Last },
                Normalize = !parsed.GetValue(plain),
                Threads = parsed.GetValue(threads),
            });
            var path = parsed.GetValue(output)!;
            var isJson = (parsed.GetValue(format) ?? (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? "json" : "f32")) == "json";
            OutputFile.Write(path, stream =>
            {
                using var json = isJson ? new Utf8JsonWriter(stream) : null;
                json?.WriteStartArray();
                for (var i = 0; i < texts.Length; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    var rows = Embed(embedder, texts[i], i, parsed.GetValue(input)!, cancellation);
                    if (json is null) stream.Write(MemoryMarshal.AsBytes(rows.AsSpan()));
                    else WriteJson(json, rows, embedder);
                    terminal.Progress("texts", i + 1, texts.Length);
                }

                json?.WriteEndArray();
            });
            return Task.FromResult(0);
        });
        return command;
    }

    private static float[] Embed(TextEmbedder embedder, (string Text, string? Second) text, int number, string input, CancellationToken cancellation)
    {
        try
        {
            return text.Second is null ? embedder.Embed(text.Text, cancellation) : embedder.Embed(text.Text, text.Second, cancellation);
        }
        catch (ArchGenException error)
        {
            throw new ArchGenException($"{input}: element {number}: {error.Message}", error);
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
