using System.CommandLine;
using System.Text;
using ArchGen.CommandLine.Options;
using ArchGen.CommandLine.Texts;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen detokenize</c>: token ids to texts.</summary>
internal static class DetokenizeCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new ModelChoice(TokenizerFile.Description);
        var input = new TextInput("IDS", "The token ids of a text: 1,2,3", "arrays of ids");
        var output = OutputOption.Create("The file to write. Default: standard output.");
        var format = new Option<string?>("--format")
        {
            Description = "The texts as they are, each with a newline; a JSON array of strings; or a string a line. "
                + "Default: json for JSON and for names in .json, else text.",
        }.OneOf("text", "json", "jsonl");
        var special = new Option<bool>("--special") { Description = "Write special tokens as they are named; without it they are left out." };
        var command = new ExampleCommand(
            "detokenize",
            "Turns token ids into texts: what 'archgen tokenize' writes, or lists of numbers. MODEL is read as there.",
            "detokenize model.gguf 1,403,407,261,378",
            "tokenize model.gguf \"Once upon a time\" | archgen detokenize model.gguf",
            "detokenize tokenizer.json -f ids.json --special")
        {
            model.All, input.All, output, format, special,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var (path, inputs) = input.Read(parsed, model, terminal);
            var lists = inputs.Select(line => TokenList.Parse(line, inputs.Name), TokenList.IdLists);
            var tokenizer = TokenizerFile.Open(path, terminal, out _);
            TokenList.Check(lists.SelectMany(ids => ids), tokenizer.Vocabulary.Count, path);
            var texts = lists.Select(ids =>
            {
                cancellation.ThrowIfCancellationRequested();
                // After a BOS that is not printed the text begins here, without the space that the tokenizer adds.
                var isHidden = !parsed.GetValue(special) && ids.Length > 0 && ids[0] == tokenizer.Vocabulary.Bos;
                return tokenizer.Decode(isHidden ? ids[1..] : ids, parsed.GetValue(special));
            });
            var file = parsed.GetValue(output);
            var kind = inputs.Format(parsed.GetValue(format), file, "text");
            if (kind == "text") terminal.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(string.Concat(texts.Select(text => text + "\n")))));
            else JsonRows.Write(terminal, file, kind == "jsonl", rows => Array.ForEach([.. texts], text => rows.Add(json => json.WriteStringValue(text))));
            return Task.FromResult(0);
        });
        return command;
    }
}
