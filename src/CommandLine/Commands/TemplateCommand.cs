using System.CommandLine;
using System.Text;
using System.Text.Json;
using ArchGen.CommandLine.Options;
using ArchGen.CommandLine.Texts;
using ArchGen.Gguf.Files;
using ArchGen.Templates;
using ArchGen.Tokenizers;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen template</c>: what a chat template renders, and what it can do.</summary>
internal static class TemplateCommand
{
    public static Command Create(Terminal terminal, ArchgenProgram program)
    {
        var model = new ModelChoice("A GGUF file, whose tokenizer.chat_template is used; or a template, FILE.jinja." + ModelChoice.WithoutIt(program));
        var input = new Option<string?>("--input")
        {
            Description = "The template's variables as a JSON object: messages, tools, add_generation_prompt, and any others. - is standard input.",
            HelpName = "FILE",
        };
        var name = new Option<string?>("--name") { Description = "The named template of a GGUF file: tokenizer.chat_template.NAME.", HelpName = "NAME" };
        var capabilities = new Option<bool>("--capabilities")
        {
            Description = "Print as JSON what the template can do. Found by rendering small conversations.",
        };
        var output = OutputOption.Create("The file to write. Default: standard output.");
        var command = new ExampleCommand(
            "template",
            "Prints what a chat template renders, or what it can do. An error in the template is shown with its place.",
            "template model.gguf --input conversation.json",
            "template chat.jinja --input - < conversation.json",
            "template model.gguf --capabilities")
        {
            model.All, input, name, capabilities, output,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var source = TemplateFile.Open(model.PathOrNull(parsed), parsed.GetValue(name), terminal, program);
            var template = Template.Parse(source.Text);
            var (file, shows) = (parsed.GetValue(input), parsed.GetValue(capabilities));
            if (file is null && !shows)
                throw new RequestException("There is nothing to render. Give the variables with --input FILE, or ask for --capabilities.");
            if (file is not null && shows) throw new RequestException("--input and --capabilities are two results. Ask for one of them.");
            var bytes = file is null
                ? Describe(TemplateCapabilities.Of(template))
                : Render(template, Tokens(source.Tokenizer?.Vocabulary), file, terminal, cancellation);
            terminal.Write(parsed.GetValue(output), stream => stream.Write(bytes));
            return Task.FromResult(0);
        });
        return command;
    }

    private static byte[] Render(Template template, TemplateVariables tokens, string file, Terminal terminal, CancellationToken cancellation)
    {
        var shown = file == Terminal.Standard ? "Standard input" : file;
        var json = JsonFile.Parse(terminal.ReadBytes(file, "the variables of a template, JSON"), shown, JsonFile.CorrectIt);
        if (json.ValueKind != JsonValueKind.Object) throw new RequestException($"{shown} is {JsonFile.Kind(json)}, expected an object with messages.");
        var text = template.Render(tokens.With(TemplateVariables.FromJson(json)), new RenderOptions { Cancellation = cancellation }).Text;
        return Encoding.UTF8.GetBytes(text);
    }

    // The texts of BOS and EOS as variables.
    private static TemplateVariables Tokens(Vocabulary? vocabulary)
    {
        var tokens = new TemplateVariables();
        if (vocabulary?.Bos is { } bos) tokens["bos_token"] = TemplateValue.Trusted(vocabulary.Text(bos));
        if (vocabulary?.Eos is { } eos) tokens["eos_token"] = TemplateValue.Trusted(vocabulary.Text(eos));
        return tokens;
    }

    private static byte[] Describe(TemplateCapabilities can)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("system_role", can.SystemRole.ToString().ToLowerInvariant());
            json.WriteBoolean("tools", can.Tools);
            json.WriteBoolean("tool_calls", can.ToolCalls);
            json.WriteBoolean("parallel_tool_calls", can.ParallelToolCalls);
            json.WriteBoolean("tool_responses", can.ToolResponses);
            json.WriteBoolean("tool_call_ids", can.ToolCallIds);
            json.WriteBoolean("arguments_must_be_object", can.ArgumentsMustBeObject);
            json.WriteBoolean("content_parts", can.ContentParts);
            json.WriteBoolean("content_must_be_parts", can.ContentMustBeParts);
            json.WriteString("thinking_switch", can.ThinkingSwitch);
            json.WriteBoolean("reasoning_effort", can.ReasoningEffort);
            json.WriteString("reasoning_key", can.ReasoningKey);
            json.WriteBoolean("generation_prompt", can.GenerationPrompt);
            json.WriteBoolean("prefill", can.Prefill);
            json.WriteStartArray("variables");
            foreach (var variable in can.Variables) json.WriteStringValue(variable);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }
}
