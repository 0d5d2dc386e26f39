using ArchGen.Fixtures;

namespace ArchGen.Templates.Tests.Capabilities;

/// <summary>What a template can do is found by rendering it.</summary>
public sealed class CapabilityTests
{
    private const string Plain = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}";

    [Fact]
    public void A_plain_template_has_no_tools_and_no_thinking()
    {
        var can = Of(Plain);
        Assert.Equal(SystemRole.Supported, can.SystemRole);
        Assert.True(can.GenerationPrompt && can.Prefill);
        Assert.False(can.Tools || can.ToolCalls || can.ParallelToolCalls || can.ToolCallIds);
        Assert.False(can.ContentParts || can.ContentMustBeParts || can.ReasoningEffort);
        Assert.Null(can.ThinkingSwitch);
        Assert.Null(can.ReasoningKey);
        Assert.Equal(["add_generation_prompt", "messages"], can.Variables);
    }

    [Theory]
    [InlineData("{% if messages[0].role == 'system' %}{{ raise_exception('no') }}{% endif %}", SystemRole.Refused)]
    [InlineData("{% set messages = messages|rejectattr('role', 'equalto', 'system')|list %}", SystemRole.Ignored)]
    [InlineData("", SystemRole.Supported)]
    public void The_system_message_is_written_refused_or_left_out(string before, SystemRole expected) => Assert.Equal(expected, Of(before + Plain).SystemRole);

    [Fact]
    public void Content_may_be_text_or_parts()
    {
        const string parts = "{% for m in messages %}{{ m.role }}: {% for p in m.content if p.type == 'text' %}{{ p.text }}{% endfor %}{% endfor %}";
        Assert.True(Of(parts) is { ContentParts: true, ContentMustBeParts: true, Prefill: true, SystemRole: SystemRole.Supported });
        const string both = "{% for m in messages %}{% if m.content is string %}{{ m.content }}{% else %}{{ m.content[0].text }}{% endif %}{% endfor %}";
        Assert.True(Of(both) is { ContentParts: true, ContentMustBeParts: false });
    }

    [Fact]
    public void Calls_may_be_one_or_several_with_ids_and_arguments_as_objects()
    {
        const string calls = "{% for t in tools or [] %}{{ t.function.name }}{% endfor %}{% for m in messages %}{{ m.content }}";
        const string one = calls + "{% if m.tool_calls %}{% set f = m.tool_calls[0].function %}{{ f.name }}{{ f.arguments|tojson }}{% endif %}{% endfor %}";
        Assert.True(Of(one) is { Tools: true, ToolCalls: true, ParallelToolCalls: false, ToolCallIds: false });
        Assert.True(Of(one) is { ArgumentsMustBeObject: true, ToolResponses: true });
        const string many = calls + "{% for c in m.tool_calls or [] %}{{ c.id }}{{ c.function.name }}{{ c.function.arguments }}{% endfor %}{% endfor %}";
        Assert.True(Of(many) is { ToolCalls: true, ToolCallIds: true, ArgumentsMustBeObject: false });
    }

    [Fact]
    public void Thinking_has_a_switch_and_a_key()
    {
        var can = Of("{% for m in messages %}{{ m.thinking }}{{ m.content }}{% endfor %}{% if thinking %}<think>{% endif %}{{ reasoning_effort }}");
        Assert.True(can is { ThinkingSwitch: "thinking", ReasoningKey: "thinking", ReasoningEffort: true });
    }

    [Fact]
    public void Qwen_3_thinks_and_calls_tools()
    {
        var can = Of(Published("Qwen-Qwen3-0.6B"));
        Assert.Equal(SystemRole.Supported, can.SystemRole);
        Assert.True(can.Tools && can.ToolCalls && can.ParallelToolCalls && can.ToolResponses && can.GenerationPrompt && can.Prefill);
        Assert.Equal(("enable_thinking", "reasoning_content"), (can.ThinkingSwitch, can.ReasoningKey));
        Assert.False(can.ContentMustBeParts);
    }

    [Fact]
    public void Phi_has_no_tools()
    {
        var can = Of(Published("microsoft-Phi-3.5-mini-instruct"));
        Assert.False(can.Tools || can.ToolCalls);
        Assert.True(can is { SystemRole: SystemRole.Supported, ThinkingSwitch: null, GenerationPrompt: true });
    }

    private static TemplateCapabilities Of(string template) => TemplateCapabilities.Of(Template.Parse(template));

    private static string Published(string name) => File.ReadAllText(
        Path.Combine(SharedFixtures.Root, "tests", "Templates.Tests", "Reference", "Data", "published", "templates", name + ".jinja"));
}
