using System.ComponentModel;
using System.Text.Json;
using ArchGen.Chat.Conversations;
using ArchGen.Fixtures;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;

namespace ArchGen.Extensions.AI.Tests;

/// <summary>The client as users of Microsoft.Extensions.AI call it.</summary>
public sealed class ChatClientTests
{
    private static readonly ChatOptions Greedy = new() { Temperature = 0, MaxOutputTokens = 24 };

    [Fact]
    public async Task A_question_is_answered()
    {
        using var service = TestService.Open();
        var response = await service.AsChatClient().GetResponseAsync("Once upon a time", Greedy);
        Assert.NotEmpty(response.Text);
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.Equal("stories260K", response.ModelId);
        Assert.Equal(ChatRole.Assistant, Assert.Single(response.Messages).Role);
        Assert.NotNull(response.ResponseId);
        Assert.NotNull(response.CreatedAt);
        Assert.Equal(24, response.Usage!.OutputTokenCount);
        Assert.Equal(response.Usage.InputTokenCount + 24, response.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task A_smaller_model_drafts_and_changes_nothing()
    {
        using var plain = TestService.Open();
        using var drafted = TestService.Open(options => options.DraftModelPath = SharedFixtures.Local("models/stories260K.gguf"));
        var (expected, actual) = (await plain.AsChatClient().GetResponseAsync("Once", Greedy), await drafted.AsChatClient().GetResponseAsync("Once", Greedy));
        Assert.Equal((expected.Text, true), (actual.Text, drafted.Engine.Metrics.AcceptedTokens > 0));
    }

    [Fact]
    public async Task The_second_turn_takes_the_first_from_the_cache()
    {
        using var service = TestService.Open();
        var client = service.AsChatClient();
        List<ChatMessage> messages = [new(ChatRole.User, "Tell me of a small cat and of a dog that was its friend.")];
        var first = await client.GetResponseAsync(messages, Greedy);
        Assert.Equal(0, first.Usage!.CachedInputTokenCount);
        messages.AddRange([.. first.Messages, new(ChatRole.User, "Go on.")]);
        var second = await client.GetResponseAsync(messages, Greedy);
        var (cached, all) = (second.Usage!.CachedInputTokenCount, second.Usage.InputTokenCount);
        Assert.True(cached >= first.Usage.InputTokenCount, $"{cached} of {all}");
    }

    [Fact]
    public async Task Callers_at_the_same_time_get_what_each_alone_gets()
    {
        string[] texts = ["Once upon a time", "There was a", "Lily and Tom", "The big red ball", "One day"];
        var alone = new List<string>();
        foreach (var text in texts)
        {
            using var service = TestService.Open();
            alone.Add((await service.AsChatClient().GetResponseAsync(text, Greedy)).Text);
        }

        using var shared = TestService.Open();
        var together = await Task.WhenAll(texts.Select(text => shared.AsChatClient().GetResponseAsync(text, Greedy)));
        Assert.Equal(alone, together.Select(response => response.Text));
    }

    [Fact]
    public async Task A_seed_gives_the_same_answer_again()
    {
        using var service = TestService.Open();
        var options = new ChatOptions { Temperature = 1, Seed = 7, MaxOutputTokens = 24 };
        var first = await service.AsChatClient().GetResponseAsync("Once upon a time", options);
        var second = await service.AsChatClient().GetResponseAsync("Once upon a time", options);
        var other = await service.AsChatClient().GetResponseAsync("Once upon a time", new ChatOptions { Temperature = 1, Seed = 8, MaxOutputTokens = 24 });
        Assert.Equal(first.Text, second.Text);
        Assert.NotEqual(first.Text, other.Text);
    }

    [Fact]
    public async Task Leaving_the_stream_early_cancels_the_answer()
    {
        using var service = TestService.Open();
        await foreach (var update in service.AsChatClient().GetStreamingResponseAsync("Once upon a time", new ChatOptions { Temperature = 0 }))
        {
            Assert.NotEmpty(update.Contents);
            break;
        }

        await service.Chat.Engine.DrainAsync();
        Assert.Equal(0, service.Chat.Engine.Metrics.RunningAnswers);
    }

    [Fact]
    public async Task A_cancelled_token_ends_the_answer()
    {
        using var service = TestService.Open();
        using var cancel = new CancellationTokenSource();
        var updates = service.AsChatClient().GetStreamingResponseAsync("Once upon a time", new ChatOptions { Temperature = 0 }, cancel.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in updates) await cancel.CancelAsync();
        });
    }

    [Fact]
    public async Task A_stop_text_ends_the_answer_before_it()
    {
        using var service = TestService.Open();
        var whole = (await service.AsChatClient().GetResponseAsync("Once upon a time", Greedy)).Text;
        var stop = whole[(whole.Length / 2)..(whole.Length / 2 + 3)];
        var options = new ChatOptions { Temperature = 0, MaxOutputTokens = 24, StopSequences = [stop] };
        var response = await service.AsChatClient().GetResponseAsync("Once upon a time", options);
        Assert.Equal(whole[..whole.IndexOf(stop, StringComparison.Ordinal)], response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
    }

    [Fact]
    public async Task A_response_format_is_enforced()
    {
        using var service = TestService.Open();
        var format = ChatResponseFormat.ForJsonSchema(Json("""
            {"type": "object", "properties": {"size": {"enum": ["small", "big"]}}, "required": ["size"], "additionalProperties": false}
            """));
        var response = await service.AsChatClient().GetResponseAsync("How big is the cat?", new ChatOptions { Temperature = 0, ResponseFormat = format });
        using var document = JsonDocument.Parse(response.Text);
        Assert.Contains(document.RootElement.GetProperty("size").GetString(), new[] { "small", "big" });
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
    }

    [Fact]
    public async Task A_required_call_is_made_and_its_function_invoked()
    {
        using var service = TestService.Open();
        var called = new List<string>();
        [Description("Gets a thing.")]
        string Get([Description("Which.")] Thing which)
        {
            called.Add(which.ToString());
            return "It is here.";
        }

        var client = service.AsChatClient().AsBuilder().UseFunctionInvocation(configure: invoking => invoking.MaximumIterationsPerRequest = 1).Build();
        var tool = AIFunctionFactory.Create(Get, "get");
        var options = new ChatOptions { Temperature = 0, MaxOutputTokens = 400, Tools = [tool], ToolMode = ChatToolMode.RequireAny };
        var response = await client.GetResponseAsync("Where is the ball?", options);
        Assert.NotEmpty(called);
        Assert.Contains(response.Messages.SelectMany(message => message.Contents), content => content is FunctionCallContent { Name: "get" });
        Assert.Contains(response.Messages.SelectMany(message => message.Contents), content => content is FunctionResultContent);
    }

    [Fact]
    public async Task A_named_call_calls_this_tool()
    {
        using var service = TestService.Open();
        AITool[] tools = [AIFunctionFactory.Create((int n) => n, "first"), AIFunctionFactory.Create((bool flag) => flag, "second")];
        var options = new ChatOptions { Temperature = 0, MaxOutputTokens = 400, Tools = tools, ToolMode = ChatToolMode.RequireSpecific("second") };
        var response = await service.AsChatClient().GetResponseAsync("Call one.", options);
        var call = Assert.IsType<FunctionCallContent>(response.Messages[0].Contents.First(content => content is FunctionCallContent));
        Assert.Equal("second", call.Name);
        Assert.Contains(((JsonElement)call.Arguments!["flag"]!).ValueKind, new[] { JsonValueKind.True, JsonValueKind.False });
        Assert.StartsWith("call_", call.CallId, StringComparison.Ordinal);
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
    }

    [Fact]
    public async Task What_cannot_be_followed_is_refused()
    {
        using var service = TestService.Open();
        var client = service.AsChatClient();
        var undecidable = Json("""{"type": "array", "uniqueItems": true, "items": {"type": "string"}}""");
        (ChatOptions Options, string Message)[] cases =
        [
            (new() { ConversationId = "x" }, "ConversationId"),
            (new() { ModelId = "other" }, "There is no model other"),
            (new() { Tools = [new HostedWebSearchTool()] }, "web_search"),
            (new() { AllowBackgroundResponses = true }, "background"),
            (new() { Seed = -1 }, "seed"),
            (new() { AdditionalProperties = new() { ["unheard_of"] = 1 } }, "unheard_of"),
            (new() { AdditionalProperties = new() { ["min_p"] = "much" } }, "min_p"),
            (new() { RawRepresentationFactory = _ => "no" }, "RawRepresentationFactory"),
            (new() { Reasoning = new() { Effort = ReasoningEffort.High } }, "does not think"),
            (new() { Temperature = -1 }, "emperature"),
            (new() { ToolMode = ChatToolMode.RequireSpecific("none"), Tools = [AIFunctionFactory.Create(() => 1, "one")] }, "no tool none"),
            (new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(undecidable) }, "uniqueItems"),
        ];
        foreach (var (options, message) in cases)
        {
            var error = await Assert.ThrowsAnyAsync<ArchGenException>(() => client.GetResponseAsync("Hello", options));
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_conversation_longer_than_the_context_is_refused_and_not_cut()
    {
        using var service = TestService.Open();
        await Assert.ThrowsAsync<ContextFullException>(() => service.AsChatClient().GetResponseAsync(string.Concat(Enumerable.Repeat("and so on ", 600))));
    }

    [Fact]
    public async Task Each_sampling_option_acts()
    {
        using var service = TestService.Open();
        var plain = new ChatOptions { Temperature = 1.5f, Seed = 3, MaxOutputTokens = 40, TopK = 0, TopP = 1 };
        var text = (await service.AsChatClient().GetResponseAsync("Once", plain)).Text;
        ChatOptions[] changed =
        [
            With(options => options.Temperature = 0.1f), With(options => options.TopK = 1), With(options => options.TopP = 0.05f),
            With(options => options.FrequencyPenalty = 1.9f), With(options => options.PresencePenalty = 1.9f),
            With(options => options.AdditionalProperties = new() { ["min_p"] = 0.5 }),
            With(options => options.RawRepresentationFactory = _ => new ChatGeneration { StopTexts = [text[3..5]] }),
        ];
        foreach (var options in changed) Assert.NotEqual(text, (await service.AsChatClient().GetResponseAsync("Once", options)).Text);

        ChatOptions With(Action<ChatOptions> change)
        {
            var options = plain.Clone();
            change(options);
            return options;
        }
    }

    [Fact]
    public void Services_are_found()
    {
        var services = new ServiceCollection().AddArchGen(SharedFixtures.Local("models/stories260K.gguf"), options => options.ModelId = "tiny");
        using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IChatClient>();
        Assert.Equal("tiny", client.GetService<ChatClientMetadata>()!.DefaultModelId);
        Assert.Same(provider.GetRequiredService<ArchGenService>(), client.GetService<ArchGenService>());
        Assert.Same(client, client.GetService<IChatClient>());
        Assert.Null(client.GetService<string>());
    }

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>What the function of a test gets.</summary>
    private enum Thing
    {
        Ball,
        Book,
    }
}
