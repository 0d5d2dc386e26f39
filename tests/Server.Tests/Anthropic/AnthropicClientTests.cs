using System.Text.Json;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;

namespace ArchGen.Server.Tests.Anthropic;

/// <summary>Anthropic's own client for .NET, unchanged. It checks each answer against what it expects of Anthropic's API.</summary>
public sealed class AnthropicClientTests
{
    private static readonly Tool Weather = new()
    {
        Name = "weather",
        Description = "The weather of a city",
        InputSchema = new InputSchema
        {
            Properties = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>("""{"city": {"type": "string", "enum": ["Rome", "Oslo"]}}"""),
            Required = ["city"],
        },
    };

    [Fact]
    public async Task A_message_is_answered_and_counted()
    {
        await using var server = await TestServer.StartAsync();
        using var client = Client(server);
        List<MessageParam> conversation = [new UserMessageParam("Once upon a time")];
        var message = await client.Messages.Create(
            new MessageCreateParams { Model = "stories260K", MaxTokens = 8, Messages = conversation, System = "You tell stories." },
            TestContext.Current.CancellationToken);
        message.Validate();
        Assert.True(message.Content.Single().TryPickText(out var text));
        Assert.NotEmpty(text!.Text);
        Assert.Equal(StopReason.MaxTokens, message.StopReason!.Value());
        Assert.Equal(8, message.Usage.OutputTokens);
        var counted = await client.Messages.CountTokens(
            new MessageCountTokensParams { Model = "stories260K", Messages = conversation, System = "You tell stories." },
            TestContext.Current.CancellationToken);
        Assert.Equal(message.Usage.InputTokens + message.Usage.CacheReadInputTokens, counted.InputTokens);
    }

    [Fact]
    public async Task A_tool_is_called_and_its_result_read()
    {
        await using var server = await TestServer.StartAsync();
        using var client = Client(server);
        List<MessageParam> conversation = [new UserMessageParam("How is the weather?")];
        var asked = await client.Messages.Create(
            new MessageCreateParams
            {
                Model = "stories260K",
                MaxTokens = 300,
                Messages = conversation,
                Tools = [Weather],
                ToolChoice = new ToolChoiceTool { Name = "weather", DisableParallelToolUse = true },
            },
            TestContext.Current.CancellationToken);
        asked.Validate();
        Assert.Equal(StopReason.ToolUse, asked.StopReason!.Value());
        Assert.True(asked.Content.Single().TryPickToolUse(out var call));
        Assert.Contains(call!.Input["city"].GetString(), (string[])["Rome", "Oslo"]);
        conversation.Add(new AssistantMessageParam { Content = new([new ToolUseBlockParam { ID = call.ID, Name = call.Name, Input = call.Input }]) });
        conversation.Add(new UserMessageParam { Content = new([new ToolResultBlockParam(call.ID) { Content = "sunny" }]) });
        var answered = await client.Messages.Create(
            new MessageCreateParams { Model = "stories260K", MaxTokens = 4, Messages = conversation, Tools = [Weather], ToolChoice = new ToolChoiceNone() },
            TestContext.Current.CancellationToken);
        answered.Validate();
        Assert.True(answered.Content.Single().TryPickText(out _));
    }

    [Fact]
    public async Task The_events_are_understood()
    {
        await using var server = await TestTemplates.ServeAsync(TestTemplates.Thinking);
        using var client = Client(server);
        var events = client.Messages.CreateStreaming(
            new MessageCreateParams
            {
                Model = "stories260K",
                MaxTokens = 40,
                Messages = [new UserMessageParam("Once upon a time")],
                Thinking = new ThinkingConfigEnabled(8),
            },
            TestContext.Current.CancellationToken);
        var (thought, text, signature, reason) = ("", "", "", (StopReason?)null);
        await foreach (var next in events)
        {
            next.Validate();
            if (next.TryPickDelta(out var end)) reason = end.Delta.StopReason!.Value();
            if (!next.TryPickContentBlockDelta(out var delta)) continue;
            if (delta.Delta.TryPickThinking(out var thinking)) thought += thinking.Thinking;
            if (delta.Delta.TryPickSignature(out var signed)) signature += signed.Signature;
            if (delta.Delta.TryPickText(out var part)) text += part.Text;
        }

        Assert.NotEmpty(thought);
        Assert.NotEmpty(signature);
        Assert.NotEmpty(text);
        Assert.NotNull(reason);
    }

    [Fact]
    public async Task An_error_is_understood()
    {
        await using var server = await TestServer.StartAsync();
        using var client = Client(server);
        var error = await Assert.ThrowsAsync<AnthropicBadRequestException>(() => client.Messages.Create(
            new MessageCreateParams
            {
                Model = "stories260K",
                MaxTokens = 8,
                Messages = [new UserMessageParam("Hello")],
                ToolChoice = new ToolChoiceAny(),
            },
            TestContext.Current.CancellationToken));
        Assert.Contains("the request has no tools", error.Message);
        Assert.NotEmpty(error.RequestID!);
    }

    private static AnthropicClient Client(TestServer server) =>
        new() { BaseUrl = server.Address.ToString(), ApiKey = "any", MaxRetries = 0, ResponseValidation = true };
}
