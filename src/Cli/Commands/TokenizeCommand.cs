using System.CommandLine;
using System.Text.Json;
using ArchGen.Tokenizers;
using ArchGen.Tokenizers.HuggingFace;

namespace ArchGen.Cli.Commands;

/// <summary><c>archgen tokenize</c>: texts to token ids.</summary>
internal static class TokenizeCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = ModelOptions.RequiredModel();
        var input = new Option<string>("--input", "-i") { Description = "A file with a JSON array of strings.", Required = true };
        var output = new Option<string>("--output", "-o") { Description = "The file to write: a JSON array with an array of ids for each string.", Required = true };
        var addSpecial = new Option<bool>("--add-special") { Description = "Add the tokens that the model wants around a text, such as BOS." };
        var parseSpecial = new Option<bool>("--parse-special") { Description = "Read special tokens written in the text as such." };
        var command = new ExampleCommand(
            "tokenize",
            "Turns texts into token ids. Of the file, only the vocabulary is needed. A checkpoint folder or a tokenizer.json is read as Hugging Face's "
            + "tokenizers do, which always find special tokens in a text.",
            "tokenize model.gguf --input texts.json --output ids.json --add-special")
        {
            model, input, output, addSpecial, parseSpecial,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var path = parsed.GetValue(model);
            var isCheckpoint = path is not null && CheckpointTokenizer.IsOne(path);
            using var file = isCheckpoint ? null : ModelOptions.Open(path);
            var tokenizer = file is null ? CheckpointTokenizer.Open(path!) : Tokenizer.FromMetadata(file.Metadata);
            var parses = parsed.GetValue(parseSpecial) || (isCheckpoint && tokenizer is HuggingFaceTokenizer);
            foreach (var warning in tokenizer.Warnings) terminal.Error.WriteLine($"archgen: {warning}");
            var texts = TokenList.ReadTexts(parsed.GetValue(input)!);
            OutputFile.Write(parsed.GetValue(output)!, stream =>
            {
                using var json = new Utf8JsonWriter(stream);
                json.WriteStartArray();
                for (var i = 0; i < texts.Length; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    json.WriteStartArray();
                    foreach (var id in tokenizer.Encode(texts[i], parsed.GetValue(addSpecial), parses)) json.WriteNumberValue(id);
                    json.WriteEndArray();
                    terminal.Progress("texts", i + 1, texts.Length);
                }

                json.WriteEndArray();
            });
            return Task.FromResult(0);
        });
        return command;
    }
}
