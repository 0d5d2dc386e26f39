using ArchGen.Fixtures;

namespace ArchGen.Extensions.AI.Tests;

/// <summary>A story model of 260 thousand weights with a template written for these tests: it answers at once, and never to the point.</summary>
internal static class TestService
{
    public const string Template = """
        {%- if tools %}[tools] {{ tools | tojson }}
        {% endif %}
        {%- for message in messages %}{{ message.role }}: {{ message.content }}
        {%- for call in message.tool_calls or [] %}
        {%- set function = call.function %}<call>{"name": "{{ function.name }}", "arguments": {{ function.arguments | tojson }}}</call>{% endfor %}
        {% endfor %}
        {%- if add_generation_prompt %}assistant:{% endif %}
        """;

    public static ArchGenService Open(Action<ArchGenOptions>? configure = null)
    {
        var options = new ArchGenOptions
        {
            ModelPath = SharedFixtures.Local("models/stories260K.gguf"),
            ChatTemplate = Template,
            ContextLength = 1024,
        };
        configure?.Invoke(options);
        return new ArchGenService(options);
    }
}
