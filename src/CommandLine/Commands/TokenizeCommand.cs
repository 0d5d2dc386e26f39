using System.CommandLine;
using ArchGen.CommandLine.Options;
using ArchGen.CommandLine.Texts;
using ArchGen.Tokenizers.HuggingFace;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen tokenize</c>: texts to token ids.</summary>
internal static class TokenizeCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new ModelChoice(TokenizerFile.Description);
        var input = new TextInput("TEXT", "A text", "strings");
        var output = OutputOption.Create("The file to write. Default: standard output.");
        var format = new Option<string?>("--format")
        {
            Description = "A JSON array of arrays of ids, or an array a line. Default: json for JSON and for names in .json, else jsonl.",
        }.OneOf("json", "jsonl");
        var addSpecial = new Option<bool>("--add-special") { Description = "Add the tokens that the model wants around a text, such as BOS." };
        var parseSpecial = TextOptions.ParseSpecial();
        var command = new ExampleCommand(
            "tokenize",
            "Turns texts into token ids. Of a GGUF file only the vocabulary is needed. A checkpoint folder or a tokenizer.json is read as Hugging Face's "
            + "tokenizers do, which always find special tokens in a text.",
            "tokenize model.gguf \"Once upon a time\"",
            "tokenize ./Qwen3-0.6B -f lines.txt",
            "tokenize tokenizer.json --add-special < lines.txt",
            "tokenize model.gguf -f texts.json -o ids.json")
        {
            model.All, input.All, output, format, addSpecial, parseSpecial,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var (path, inputs) = input.Read(parsed, model, terminal);
            var texts = inputs.Select(line => line, TokenList.Texts);
            var tokenizer = TokenizerFile.Open(path, terminal, out var isCheckpoint);
            var parses = parsed.GetValue(parseSpecial) || (isCheckpoint && tokenizer is HuggingFaceTokenizer);
            var file = parsed.GetValue(output);
            JsonRows.Write(terminal, file, inputs.Format(parsed.GetValue(format), file, "jsonl") == "jsonl", rows =>
            {
                for (var i = 0; i < texts.Length; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    var ids = tokenizer.Encode(texts[i], parsed.GetValue(addSpecial), parses);
                    rows.Add(json =>
                    {
                        json.WriteStartArray();
                        foreach (var id in ids) json.WriteNumberValue(id);
                        json.WriteEndArray();
                    });
                    terminal.Progress("texts", i + 1, texts.Length);
                }
            });
            return Task.FromResult(0);
        });
        return command;
    }
}
