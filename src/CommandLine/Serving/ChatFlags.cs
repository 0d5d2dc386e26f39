using System.CommandLine;
using System.Text.Json;
using ArchGen.Chat.Prompts;
using ArchGen.CommandLine.Options;
using ArchGen.Runtime.Generation;
using ArchGen.Server;
using ArchGen.Server.Generation;

namespace ArchGen.CommandLine.Serving;

/// <summary>The options of conversations: the template, and thinking.</summary>
internal sealed class ChatFlags
{
    private readonly Option<bool> _jinja = new("--jinja") { Description = "Take any template in Jinja, which is the default." };
    private readonly Option<bool> _noJinja = new("--no-jinja") { Description = "Let --chat-template take names alone." };

    private readonly Option<string?> _template = new("--chat-template")
    {
        Description = $"The chat template: its text in Jinja, or a name of {string.Join(", ", NamedTemplates.Names)}. Default: the model's own, else chatml.",
        HelpName = "NAME|TEXT",
    };

    private readonly Option<string?> _file = new("--chat-template-file") { Description = "A file with the chat template in Jinja.", HelpName = "FILE" };

    private readonly Option<string?> _variables = new("--chat-template-kwargs")
    {
        Description = "A JSON object with further variables of the template, for requests that do not have them.", HelpName = "JSON",
    };

    private readonly Option<string> _format = new Option<string>("--reasoning-format")
    {
        Description = "Where what the model thinks is: none leaves it in the text, all others put it into reasoning_content.",
        DefaultValueFactory = _ => "auto",
    }.OneOf("auto", "none", "deepseek", "deepseek-legacy");

    private readonly Option<string> _thinks = new Option<string>("--reasoning", "-rea")
    {
        Description = "Whether the model thinks before it answers; auto leaves it to the template.", DefaultValueFactory = _ => "auto",
    }.OneOf("auto", "on", "off");

    private readonly Option<int?> _budget = new Option<int?>("--reasoning-budget")
    {
        Description = "Tokens of thinking at most; 0 for no thinking.",
    }.Within(0, int.MaxValue, "for no limit");

    /// <summary>The options.</summary>
    public IEnumerable<Symbol> All => [_jinja, _noJinja, _template, _file, _variables, _format, _thinks, _budget];

    /// <summary>Sets how a model converses.</summary>
    /// <exception cref="RequestException">An option is wrong.</exception>
    /// <exception cref="ModelFileException">The file cannot be read.</exception>
    public void Apply(ParseResult parsed, ServedModelOptions model, Terminal terminal)
    {
        var (text, file) = (parsed.GetValue(_template), parsed.GetValue(_file));
        if (text is not null && file is not null) throw new RequestException("--chat-template and --chat-template-file exclude each other.");
        if (parsed.GetValue(_jinja) && parsed.GetValue(_noJinja)) throw new RequestException("--jinja and --no-jinja exclude each other.");
        if (file is not null) model.Model.ChatTemplate = terminal.ReadText(file, "a chat template");
        else if (text is not null) model.Model.ChatTemplate = NamedTemplates.Find(text) ?? Jinja(text, parsed.GetValue(_noJinja));
        var budget = parsed.GetValue(_budget) is { } tokens and >= 0 ? tokens : (int?)null;
        model.ThinkingBudget = budget;
        model.EnableThinking = budget == 0 ? false : parsed.GetValue(_thinks) switch { "on" => true, "off" => false, _ => null };
        model.ReasoningFormat = parsed.GetValue(_format) switch
        {
            "none" => ReasoningFormat.Text,
            "deepseek-legacy" => ReasoningFormat.Both,
            _ => ReasoningFormat.Field,
        };
        if (parsed.GetValue(_variables) is { } variables) model.TemplateVariables = Object(variables);
    }

    /// <summary>Lets a model without a template converse in the form of ChatML, as llama-server does.</summary>
    public static void AddMissingTemplate(LoadedModel loaded, ServedModelOptions model, Terminal terminal)
    {
        if (model.Model.ChatTemplate is not null || loaded.File.Metadata.ContainsKey(ChatTemplate.MetadataKey)) return;
        model.Model.ChatTemplate = NamedTemplates.Find("chatml");
        terminal.Note($"{loaded.File.Name} has no chat template; conversations are written in the form of ChatML.");
    }

    private static string Jinja(string text, bool isForbidden) => !isForbidden ? text : throw new RequestException(
        $"--chat-template is no known name, and --no-jinja takes names alone. Known are {string.Join(", ", NamedTemplates.Names)}.");

    private static JsonElement Object(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document.RootElement.Clone();
        }
        catch (JsonException)
        {
        }

        throw new RequestException("""--chat-template-kwargs is no JSON object; expected one such as {"enable_thinking": false}.""");
    }
}
