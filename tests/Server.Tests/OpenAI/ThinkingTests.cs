using System.Text.Json.Nodes;

namespace ArchGen.Server.Tests.OpenAI;

public sealed class ThinkingTests
{
    /// <summary>A template whose model thinks first, unless it is told not to.</summary>
    public const string Template = """
        {%- for message in messages %}{{ message.role }}: {% if message.reasoning_content %}<think>
        {{ message.reasoning_content }}
        </think>

        {% endif %}{{ message.content }}
        {% endfor %}
        {%- if add_generation_prompt %}assistant: {% if enable_thinking is defined and enable_thinking is false %}<think>

        </think>

        {% else %}<think>
        {% endif %}{% endif %}
        """;

    private const string Path = "/v1/chat/completions";
    private const string User = """[{"role": "user", "content": "Hi"}]""";

    [Fact]
    public async Task What_the_model_thinks_is_a_field_of_its_own()
    {
        await using var server = await StartAsync();
        var request = $$"""{"messages": {{User}}, "max_tokens": 60, "thinking_budget_tokens": 12, "seed": 5, "ignore_eos": true""";
        var (_, body) = await server.PostAsync(Path, request + "}");
        var message = body["choices"]![0]!["message"]!;
        Assert.NotEqual("", (string?)message["reasoning_content"] ?? "");
        Assert.DoesNotContain("think>", (string?)message["content"]);
        Assert.True((int)body["usage"]!["completion_tokens_details"]!["reasoning_tokens"]! > 0);
        var events = await server.StreamAsync(Path, request + """, "stream": true}""");
        Assert.Equal((string?)message["reasoning_content"], events.Join("reasoning_content"));
        Assert.Equal((string?)message["content"], events.Join("content"));
    }

    [Theory]
    [InlineData("none", true, false)]
    [InlineData("deepseek", false, true)]
    [InlineData("deepseek-legacy", true, true)]
    [InlineData("hidden", false, false)]
    public async Task The_client_chooses_where_it_is(string format, bool isInText, bool isInField)
    {
        await using var server = await StartAsync();
        var (_, body) = await server.PostAsync(
            Path, $$"""{"messages": {{User}}, "max_tokens": 60, "thinking_budget_tokens": 8, "reasoning_format": "{{format}}", "ignore_eos": true}""");
        var message = body["choices"]![0]!["message"]!;
        Assert.Equal(isInText, ((string)message["content"]!).StartsWith("<think>\n", StringComparison.Ordinal));
        Assert.Equal(isInText, ((string)message["content"]!).Contains("\n</think>\n\n", StringComparison.Ordinal));
        Assert.Equal(isInField, message["reasoning_content"] is not null);
    }

    [Theory]
    [InlineData("\"reasoning_effort\": \"none\"")]
    [InlineData("\"enable_thinking\": false")]
    [InlineData("\"chat_template_kwargs\": {\"enable_thinking\": false}")]
    public async Task Thinking_can_be_switched_off(string field)
    {
        await using var server = await StartAsync();
        var (_, body) = await server.PostAsync(Path, $$"""{"messages": {{User}}, "max_tokens": 6, "verbose": true, {{field}}}""");
        Assert.EndsWith("</think>\n\n", (string?)body["__verbose"]!["prompt"]);
        Assert.Null(body["choices"]![0]!["message"]!["reasoning_content"]);
    }

    // A template that opens the thinking whatever it is told.
    [Fact]
    public async Task A_model_that_must_not_think_but_is_made_to_ends_at_once()
    {
        await using var server = await TestServer.StartAsync(options => options.Models[0].Model.ChatTemplate = """
            {% for message in messages %}{{ message.role }}: {{ message.content }}
            {% endfor %}{% if add_generation_prompt %}assistant: <think>
            {% endif %}
            """);
        var (_, body) = await server.PostAsync(Path, $$"""{"messages": {{User}}, "max_tokens": 40, "enable_thinking": false, "ignore_eos": true}""");
        Assert.Null(body["choices"]![0]!["message"]!["reasoning_content"]);
        Assert.NotEqual("", (string?)body["choices"]![0]!["message"]!["content"]);
    }

    [Theory]
    [InlineData("reasoning_content")]
    [InlineData("reasoning")]
    public async Task What_was_thought_before_is_given_back_to_the_model(string field)
    {
        await using var server = await StartAsync();
        var (_, body) = await server.PostAsync(Path, new JsonObject
        {
            ["messages"] = new JsonArray(
                new JsonObject { ["role"] = "user", ["content"] = "a" },
                new JsonObject { ["role"] = "assistant", ["content"] = "b", [field] = "so it is" },
                new JsonObject { ["role"] = "user", ["content"] = "c" }),
            ["max_tokens"] = 1,
            ["verbose"] = true,
        }.ToJsonString());
        Assert.Contains("<think>\nso it is\n</think>", (string?)body["__verbose"]!["prompt"]);
    }

    private static Task<TestServer> StartAsync() => TestServer.StartAsync(options => options.Models[0].Model.ChatTemplate = Template);
}
