using System.Text.Json;
using ArchGen.Chat.Formats;
using ArchGen.Chat.Messages;
using ArchGen.Chat.Probing;
using ArchGen.Templates;
using ArchGen.Tokenizers;

namespace ArchGen.Chat.Prompts;

/// <summary>A model's chat template with its vocabulary: writes conversations as tokens, and knows how the model answers. Safe for several threads.</summary>
public sealed class ChatTemplate
{
    /// <summary>The metadata key of a model's template in a GGUF file.</summary>
    internal const string MetadataKey = "tokenizer.chat_template";

    /// <summary>The template of ChatML, a form that many models know which leave their template out.</summary>
    internal const string ChatMl = """
        {%- for message in messages %}<|im_start|>{{ message.role }}
        {{ message.content }}<|im_end|>
        {% endfor %}
        {%- if add_generation_prompt %}<|im_start|>assistant
        {% endif %}
        """;

    private readonly Template _template;
    private readonly Tokenizer? _tokenizer;
    private readonly RenderOptions _options;

    /// <summary>Reads a template, and finds by rendering some conversations how its model answers.</summary>
    /// <param name="template">The template in Jinja2, such as the key <c>tokenizer.chat_template</c> of a GGUF file.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="clock">The clock of <c>strftime_now</c>; null for the system's.</param>
    /// <exception cref="TemplateException">It is no template.</exception>
    public ChatTemplate(string template, Tokenizer tokenizer, TimeProvider? clock = null)
        : this(Template.Parse(template ?? throw new ArgumentNullException(nameof(template))), tokenizer, clock)
    {
    }

    private ChatTemplate(Template template, Tokenizer? tokenizer, TimeProvider? clock)
    {
        ArgumentNullException.ThrowIfNull(template);
        _template = template;
        _tokenizer = tokenizer;
        _options = RenderOptions.Default with { Clock = clock ?? TimeProvider.System, AllowsListChanges = true };
        (Format, Form) = FormatProbe.Find(new ProbedTemplate(this));
    }

    /// <summary>A template alone: answers can be read, and nothing can be written as tokens.</summary>
    /// <exception cref="TemplateException">It is no template.</exception>
    internal static ChatTemplate WithoutVocabulary(string template) => new(Template.Parse(template), null, null);

    /// <summary>The template's text.</summary>
    public string Source => _template.Source;

    /// <summary>Whether the model may think before it answers.</summary>
    public bool CanThink => Format.Thinking is not null;

    /// <summary>Whether the model's way to call tools is known.</summary>
    public bool CanCallTools => Format.ToolCalls is not null;

    /// <summary>How the model answers.</summary>
    internal AnswerFormat Format { get; }

    /// <summary>How messages are given to the template.</summary>
    internal MessageForm Form { get; }

    /// <summary>Writes a conversation as tokens, up to where the answer begins.</summary>
    /// <exception cref="RequestException">The template does not support the conversation: the message has the template's own.</exception>
    public ChatPrompt Render(ChatRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Render(request, findsBoundaries: true);
    }

    /// <summary>As <see cref="Render(ChatRequest)"/>; boundaries cost a second rendering, and only recurrent models need them.</summary>
    internal ChatPrompt Render(ChatRequest request, bool findsBoundaries)
    {
        if (request.Messages.Count == 0) throw new RequestException("The conversation is empty; expected at least one message.");
        var isContinued = request.Messages[^1].Role == MessageRole.Assistant && request.Messages[^1].ToolCalls.Count == 0;
        var messages = request.Messages.Select(WithShortIds).ToList();
        var variables = Variables(messages, request.ToolChoice.Kind == ToolChoiceKind.None ? [] : request.Tools, Form, !isContinued, request.EnableThinking);
        if (request.TemplateVariables is { } further) variables = variables.With(TemplateVariables.FromJson(further));
        var rendered = Rendered(variables);
        if (isContinued) rendered = UpTo(rendered, request.Messages[^1].Content);
        else if (request.EnableThinking == false && BeginsAnswer(request)) rendered = WithoutThinking(rendered, variables);
        var tokens = Tokens(rendered);
        var boundaries = isContinued || !findsBoundaries ? [] : Boundaries(variables, tokens);
        return new ChatPrompt(rendered.Text, tokens, boundaries, StartsInThinking(rendered.Text, isContinued));
    }

    /// <summary>The text of a conversation, without the beginning of an answer.</summary>
    internal string RenderText(IReadOnlyList<Message> messages, IReadOnlyList<ToolDefinition> tools) =>
        Rendered(Variables(messages, tools, Form, begin: false, think: null)).Text;

    private RenderedText Rendered(TemplateVariables variables)
    {
        try
        {
            return _template.Render(variables, _options);
        }
        catch (TemplateException error)
        {
            throw new RequestException($"The model's chat template does not take this conversation: {error.Message}", error);
        }
    }

    // Templates of the Mistral family want ids of nine letters and digits.
    private static Message WithShortIds(Message message) => message with
    {
        ToolCalls = [.. message.ToolCalls.Select(call => call with { Id = ShortId(call.Id) })],
        ToolCallId = message.ToolCallId is { } id ? ShortId(id) : null,
    };

    private static string ShortId(string id) => id.StartsWith("call_", StringComparison.Ordinal) && id.Length == 14 ? id[5..] : id;

    private TemplateVariables Variables(
        IReadOnlyList<Message> messages, IReadOnlyList<ToolDefinition> tools, MessageForm form, bool begin, bool? think)
    {
        var json = MessageJson.Tools(tools);
        var variables = new TemplateVariables
        {
            ["messages"] = TemplateVariables.TrustRoles(TemplateValue.FromJson(MessageJson.Messages(messages, form))),
            ["add_generation_prompt"] = begin,
            ["bos_token"] = Marker(SpecialToken.Bos),
            ["eos_token"] = Marker(SpecialToken.Eos),
        };
        if (json is not null) variables["tools"] = TemplateValue.FromJson(json);
        // Firefunction's names, which it does not ask for.
        variables["functions"] = json?.ToJsonString() ?? "";
        variables["datetime"] = _options.Clock.GetUtcNow().ToString("MMM dd yyyy HH:mm:ss 'GMT'", System.Globalization.CultureInfo.InvariantCulture);

        if (think is { } isOn)
        {
            variables["enable_thinking"] = isOn;
            variables["thinking"] = isOn;
        }

        return variables;
    }

    private TemplateValue Marker(SpecialToken role) =>
        TemplateValue.Trusted(_tokenizer?.Vocabulary[role] is { } id ? _tokenizer.Vocabulary.Text(id) : "");

    // BOS is added by the tokenizer or written by the template; both would be one too many.
    private int[] Tokens(RenderedText rendered)
    {
        var plain = rendered.Spans.Where(span => span.Origin == TextOrigin.Input).Select(span => new Range(span.Start, span.Start + span.Length)).ToList();
        var tokens = _tokenizer!.Encode(rendered.Text, addSpecial: false, plain);
        var needsBos = _tokenizer.AddsBos && _tokenizer.Vocabulary.Bos is { } bos && (tokens.Length == 0 || tokens[0] != bos);
        return needsBos ? [_tokenizer.Vocabulary.Bos!.Value, .. tokens] : tokens;
    }

    private static bool BeginsAnswer(ChatRequest request) =>
        request.TemplateVariables is not { ValueKind: JsonValueKind.Object } variables
        || !variables.TryGetProperty("add_generation_prompt", out var begins) || begins.ValueKind != JsonValueKind.False;

    // A template that cannot be told not to let the model think: then the thinking is there already, and empty.
    private RenderedText WithoutThinking(RenderedText rendered, TemplateVariables variables)
    {
        if (Format.Thinking is not { } thinking) return rendered;
        var withThinking = Rendered(variables.With(new TemplateVariables { ["enable_thinking"] = true, ["thinking"] = true }));
        if (withThinking.Text != rendered.Text) return rendered;
        var end = StartsInThinking(rendered.Text, isContinued: false) ? thinking.End : thinking.Begin.Length > 0 ? thinking.Begin + thinking.End : "";
        return new RenderedText(rendered.Text + end, rendered.Spans);
    }

    // The text after the part that is continued closes a message.
    private static RenderedText UpTo(RenderedText rendered, string content)
    {
        var end = rendered.Text.LastIndexOf(content.TrimEnd(), StringComparison.Ordinal);
        if (content.Trim().Length == 0 || end < 0)
            throw new RequestException("The last message cannot be continued: the model's template does not write its text. Let the user speak last.");
        var length = end + content.TrimEnd().Length;
        var spans = rendered.Spans.Where(span => span.Start < length)
            .Select(span => span with { Length = Math.Min(span.Length, length - span.Start) });
        return new RenderedText(rendered.Text[..length], [.. spans]);
    }

    private List<int> Boundaries(TemplateVariables variables, int[] tokens)
    {
        var closed = Tokens(Rendered(variables.With(new TemplateVariables { ["add_generation_prompt"] = false })));
        var common = closed.AsSpan().CommonPrefixLength(tokens);
        return common > 0 && common < tokens.Length ? [common, tokens.Length] : [tokens.Length];
    }

    /// <summary>Whether the template opens the thinking for these variables, as <c>archgen template --input</c> takes them.</summary>
    /// <exception cref="RequestException">The template does not support the conversation.</exception>
    internal bool StartsInThinking(JsonElement variables)
    {
        var markers = new TemplateVariables
        {
            ["bos_token"] = Marker(SpecialToken.Bos),
            ["eos_token"] = Marker(SpecialToken.Eos),
            ["add_generation_prompt"] = true,
        };
        return StartsInThinking(Rendered(markers.With(TemplateVariables.FromJson(variables))).Text, isContinued: false);
    }

    private bool StartsInThinking(string text, bool isContinued)
    {
        if (Format.Thinking is not { } thinking || isContinued) return false;
        return thinking.Begin.Length == 0 ? !text.TrimEnd().EndsWith(thinking.End, StringComparison.Ordinal)
            : text.TrimEnd().EndsWith(thinking.Begin, StringComparison.Ordinal);
    }

    private sealed class ProbedTemplate(ChatTemplate template) : IProbedTemplate
    {
        public string Source => template.Source;

        public string? Render(IReadOnlyList<Message> messages, MessageForm form, bool begin = false, bool? think = null)
        {
            try
            {
                return template._template.Render(template.Variables(messages, ProbeMessages.Tools, form, begin, think), template._options).Text;
            }
            catch (TemplateException)
            {
                return null;
            }
        }
    }
}
