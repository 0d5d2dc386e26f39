namespace ArchGen.Server.Tests;

/// <summary>Chat templates that were written for these tests.</summary>
internal static class TestTemplates
{
    /// <summary>Its model thinks between marks, unless it is told not to; what it thought in earlier answers is shown to it again.</summary>
    public const string Thinking = """
        {%- if tools %}[tools] {{ tools | tojson }}
        {% endif %}
        {%- for message in messages %}{{ message.role }}: {% if message.reasoning_content %}<think>{{ message.reasoning_content }}</think>
        {% endif %}{{ message.content }}
        {%- for call in message.tool_calls or [] %}
        {%- set function = call.function %}<call>{"name": "{{ function.name }}", "arguments": {{ function.arguments | tojson }}}</call>{% endfor %}
        {% endfor %}
        {%- if add_generation_prompt %}assistant: <think>
        {% if enable_thinking is defined and not enable_thinking %}</think>
        {% endif %}{% endif %}
        """;

    /// <summary>The story model with a template.</summary>
    public static ServedModelOptions Stories(string template, int contextLength = 512)
    {
        var model = TestServer.Stories(contextLength: contextLength);
        model.Model.ChatTemplate = template;
        return model;
    }

    /// <summary>A server of the story model with a template.</summary>
    public static Task<TestServer> ServeAsync(string template) => TestServer.StartAsync(options =>
    {
        options.Models.Clear();
        options.Models.Add(Stories(template));
    });
}
