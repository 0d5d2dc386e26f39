using System.Text.Json;
using ArchGen.Fixtures;
using ArchGen.Gguf;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary><c>archgen template</c>: renders of templates in files and models, errors with their place, capabilities.</summary>
public sealed class TemplateCommandTests : IDisposable
{
    private const string Conversation = """{"messages": [{"role": "user", "content": "Grüße"}], "add_generation_prompt": true, "extra": 5}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_template_in_a_file_is_rendered()
    {
        var template = Write("chat.jinja", "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}\n{% endfor %}{{ extra }}{{ bos_token }}");
        Assert.Equal("<|user|>Grüße\n5", Archgen.Run("template", template, "--input", Write("c.json", Conversation)).Out);
        Assert.Equal("<|user|>Grüße\n5", Archgen.RunWithInput(Conversation, "template", template, "--input", "-").Out);
        Assert.Equal("", Archgen.Run("template", "-m", template, "--input", Write("c.json", Conversation), "-o", _folder.File("out.txt")).Out);
        Assert.Equal("<|user|>Grüße\n5", File.ReadAllText(_folder.File("out.txt")));
    }

    [Fact]
    public void The_embedded_model_has_a_template()
    {
        var run = Archgen.RunWithInput(Conversation, "template", "--input", "-");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("Grüße", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_may_have_several_templates_and_names_its_tokens()
    {
        using var stories = GgufFile.Open(SharedFixtures.Local("models/stories260K.gguf"));
        stories.Metadata["tokenizer.chat_template.tool_use"] = GgufValue.From("{{ bos_token }}T{{ eos_token }}");
        var model = _folder.File("model.gguf");
        new GgufWriter(stories.Metadata).Save(model);
        var conversation = Write("c.json", Conversation);
        Assert.Equal("<s>T</s>", Archgen.Run("template", model, "--name", "tool_use", "--input", conversation).Out);
        var error = Archgen.Run("template", model, "--input", conversation).Error;
        Assert.Contains("the key tokenizer.chat_template is missing. It has those with --name tool_use.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_shows_its_place()
    {
        var template = Write("chat.jinja", "a\n  {{ messages[0].content + 1 }}\n");
        var error = Archgen.Run("template", template, "--input", Write("c.json", Conversation)).Error;
        Assert.Equal(
            "archgen: TypeError: can only concatenate str (not \"int\") to str\n  line 2, column 26\n    {{ messages[0].content + 1 }}\n"
            + "                           ^\n", error);
    }

    [Fact]
    public void Requests_that_say_too_little_or_too_much_are_refused()
    {
        var template = Write("chat.jinja", "x");
        Fails("There is nothing to render.", "template", template);
        Fails("--input and --capabilities are two results.", "template", template, "--capabilities", "--input", "-");
        Fails("--name x: ", "template", template, "--name", "x", "--capabilities");
        Fails("Standard input is empty, expected JSON.", "template", template, "--input", "-");
        Fails(" is a list, expected an object with messages.", "template", template, "--input", Write("c.json", "[]"));
    }

    [Fact]
    public void Capabilities_are_JSON()
    {
        var template = Write("chat.jinja", "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}{% if enable_thinking %}<think>{% endif %}");
        using var json = JsonDocument.Parse(Archgen.Run("template", template, "--capabilities").Out);
        Assert.Equal("supported", json.RootElement.GetProperty("system_role").GetString());
        Assert.Equal("enable_thinking", json.RootElement.GetProperty("thinking_switch").GetString());
        Assert.False(json.RootElement.GetProperty("tools").GetBoolean());
        string?[] variables = [.. json.RootElement.GetProperty("variables").EnumerateArray().Select(v => v.GetString())];
        Assert.Equal(["enable_thinking", "messages"], variables);
    }

    private string Write(string name, string text)
    {
        var path = _folder.File(name);
        File.WriteAllText(path, text);
        return path;
    }

    private static void Fails(string message, params string[] arguments)
    {
        var run = Archgen.Run(arguments);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }
}
