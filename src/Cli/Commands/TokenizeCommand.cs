using System.CommandLine;
using System.Text.Json;
using ArchGen.Tokenizers;

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
            "Turns texts into token ids. Of the file, only the vocabulary is needed.",
            "tokenize model.gguf --input texts.json --output ids.json --add-special")
        {
            model, input, output, addSpecial, parseSpecial,
        };
        command.SetAction((parsed, cancellation) =>
        {
            using var file = ModelOptions.Open(parsed.GetValue(model));
            var tokenizer = Tokenizer.FromMetadata(file.Metadata);
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
                    foreach (var id in tokenizer.Encode(texts[i], parsed.GetValue(addSpecial), parsed.GetValue(parseSpecial))) json.WriteNumberValue(id);
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
