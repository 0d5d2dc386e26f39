using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ArchGen.Chat.Answers;
using ArchGen.Chat.Messages;
using ArchGen.Chat.Prompts;
using ArchGen.CommandLine.Chat;
using ArchGen.CommandLine.Options;
using ArchGen.CommandLine.Texts;
using ArchGen.Gguf.Files;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen parse</c>: thinking, text and tool calls of an answer.</summary>
internal static class ParseCommand
{
    // Arguments are JSON text, as in OpenAI's API.
    private static readonly MessageForm Written = new() { HasParsedArguments = false };

    public static Command Create(Terminal terminal, ArchgenProgram program)
    {
        var model = new ModelChoice("A GGUF file, whose tokenizer.chat_template tells how the model answers; or a template, FILE.jinja.");
        var input = new Option<string>("--input")
        {
            Description = "The conversation that is answered, as JSON: messages, tools, and the template's other variables.",
            HelpName = "FILE",
            Required = true,
        };
        var text = new Option<string>("--text") { Description = "The answer as the model wrote it. - is standard input.", HelpName = "FILE", Required = true };
        var output = OutputOption.Create("The file to write. Default: standard output.");
        var command = new ExampleCommand(
            "parse",
            "Prints as JSON what an answer consists of: reasoning_content, content and tool_calls, in the form of OpenAI's API.",
            "parse model.gguf --input conversation.json --text answer.txt",
            "parse chat.jinja --input conversation.json --text - < answer.txt")
        {
            model.All, input, text, output,
        };
        command.SetAction((parsed, _) =>
        {
            var json = terminal.ReadText(parsed.GetValue(input)!, "a conversation, JSON");
            var answer = terminal.ReadText(parsed.GetValue(text)!, "an answer");
            var result = Parse(Template(model.Path(parsed), terminal, program), MessageReader.Schema(json), answer).ToJsonString(new JsonSerializerOptions
            {
                WriteIndented = true,
                NewLine = "\n",
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            });
            terminal.Write(parsed.GetValue(output), stream => stream.Write(Encoding.UTF8.GetBytes(result + "\n")));
            return Task.FromResult(0);
        });
        return command;
    }

    private static ChatTemplate Template(string path, Terminal terminal, ArchgenProgram program)
    {
        var source = TemplateFile.Open(path, name: null, terminal, program);
        return source.Tokenizer is { } tokenizer ? new ChatTemplate(source.Text, tokenizer) : ChatTemplate.WithoutVocabulary(source.Text);
    }

    private static JsonObject Parse(ChatTemplate template, JsonElement conversation, string answer)
    {
        if (conversation.ValueKind != JsonValueKind.Object) throw new RequestException("The conversation is no JSON object; expected {\"messages\": [...]}.");
        var tools = conversation.TryGetProperty("tools", out var list) && list.ValueKind == JsonValueKind.Array ? MessageReader.Tools(list.GetRawText()) : [];
        var ids = 0;
        var parser = new AnswerParser(template.Format, tools, template.StartsInThinking(conversation), () => $"call_{ids++}");
        var parts = new List<AnswerPart>();
        parser.Append(answer, parts);
        parser.Finish(parts);
        var reasoning = string.Concat(parts.OfType<AnswerReasoning>().Select(part => part.Text));
        var result = new JsonObject { ["role"] = "assistant" };
        if (reasoning.Length > 0) result["reasoning_content"] = reasoning;
        result["content"] = string.Concat(parts.OfType<AnswerText>().Select(part => part.Text)).Trim();
        var calls = parts.OfType<AnswerToolCall>().Select(part => part.Call).ToList();
        if (calls.Count > 0) result["tool_calls"] = new JsonArray([.. calls.Select(call => MessageJson.Call(call, Written))]);
        var malformed = parts.OfType<AnswerMalformedCall>().ToList();
        if (malformed.Count > 0) result["malformed_calls"] = new JsonArray([.. malformed.Select(Malformed)]);
        return result;
    }

    private static JsonNode Malformed(AnswerMalformedCall call) => new JsonObject { ["text"] = call.Text, ["reason"] = call.Reason };
}
