using System.ClientModel;
using System.Text.Json;
using ArchGen.Runtime.Embeddings;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;
using OpenAI.Models;

namespace ArchGen.Server.Tests.OpenAI;

/// <summary>OpenAI's own client for .NET, unchanged. It throws at words and shapes that it does not expect.</summary>
public sealed class OpenAIClientTests
{
    private static readonly ChatTool Find = ChatTool.CreateFunctionTool("find", "Finds a thing.", BinaryData.FromString(
        """{"type": "object", "properties": {"thing": {"enum": ["ball", "cat"]}}, "required": ["thing"], "additionalProperties": false}"""));

    [Fact]
    public async Task A_chat_is_answered()
    {
        await using var server = await TestServer.StartAsync();
#pragma warning disable OPENAI001 // The seed is marked as experimental.
        var options = new ChatCompletionOptions
        {
            MaxOutputTokenCount = 8, Temperature = 0.5f, Seed = 3, IncludeLogProbabilities = true, TopLogProbabilityCount = 2,
        };
#pragma warning restore OPENAI001
        ChatCompletion answer = await Client(server).GetChatClient("gpt-4o").CompleteChatAsync(
            [new SystemChatMessage("You tell stories."), new UserChatMessage("Begin.")], options);
        Assert.Equal(ChatFinishReason.Length, answer.FinishReason);
        Assert.Equal(ChatMessageRole.Assistant, answer.Role);
        Assert.NotEmpty(answer.Content[0].Text);
        Assert.Equal(8, answer.Usage.OutputTokenCount);
        Assert.Equal(0, answer.Usage.InputTokenDetails.CachedTokenCount);
        Assert.Equal(0, answer.Usage.OutputTokenDetails.ReasoningTokenCount);
        Assert.Equal(8, answer.ContentTokenLogProbabilities.Count);
        Assert.Equal(2, answer.ContentTokenLogProbabilities[0].TopLogProbabilities.Count);
        Assert.True(answer.CreatedAt.Year >= 2024);
    }

    [Fact]
    public async Task A_chat_is_streamed()
    {
        await using var server = await TestServer.StartAsync();
        var client = Client(server).GetChatClient("gpt-4o");
        List<ChatMessage> messages = [new UserChatMessage("Begin.")];
        ChatCompletion whole = await client.CompleteChatAsync(messages, new ChatCompletionOptions { MaxOutputTokenCount = 12, Temperature = 0 });
        var text = "";
        ChatFinishReason? reason = null;
        ChatTokenUsage? usage = null;
        await foreach (var update in client.CompleteChatStreamingAsync(messages, new ChatCompletionOptions { MaxOutputTokenCount = 12, Temperature = 0 }))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            reason = update.FinishReason ?? reason;
            usage = update.Usage ?? usage;
        }

        Assert.Equal(whole.Content[0].Text, text);
        Assert.Equal(ChatFinishReason.Length, reason);
        // The client asks for usage by itself.
        Assert.Equal(12, usage!.OutputTokenCount);
    }

    [Fact]
    public async Task A_tool_is_called_and_its_result_read()
    {
        await using var server = await TestServer.StartAsync();
        var client = Client(server).GetChatClient("gpt-4o");
        List<ChatMessage> messages = [new UserChatMessage("Where is it?")];
        var options = new ChatCompletionOptions
        {
            MaxOutputTokenCount = 400,
            Temperature = 0,
            Tools = { Find },
            ToolChoice = ChatToolChoice.CreateFunctionChoice("find"),
            AllowParallelToolCalls = false,
        };
        ChatCompletion first = await client.CompleteChatAsync(messages, options);
        Assert.Equal(ChatFinishReason.ToolCalls, first.FinishReason);
        var call = Assert.Single(first.ToolCalls);
        Assert.Equal("find", call.FunctionName);
        using var arguments = JsonDocument.Parse(call.FunctionArguments);
        Assert.Contains(arguments.RootElement.GetProperty("thing").GetString(), (string[])["ball", "cat"]);
        messages.Add(new AssistantChatMessage(first));
        messages.Add(new ToolChatMessage(call.Id, "under the tree"));
        options.ToolChoice = ChatToolChoice.CreateNoneChoice();
        options.MaxOutputTokenCount = 6;
        ChatCompletion second = await client.CompleteChatAsync(messages, options);
        Assert.NotEmpty(second.Content[0].Text);
    }

    [Fact]
    public async Task Calls_of_a_stream_can_be_put_together()
    {
        await using var server = await TestServer.StartAsync();
        var options = new ChatCompletionOptions
        {
            MaxOutputTokenCount = 400, Temperature = 0, Tools = { Find }, ToolChoice = ChatToolChoice.CreateRequiredChoice(),
        };
        var calls = new SortedDictionary<int, (string Id, string Name, string Arguments)>();
        ChatFinishReason? reason = null;
        await foreach (var update in Client(server).GetChatClient("x").CompleteChatStreamingAsync([new UserChatMessage("Where?")], options))
        {
            reason = update.FinishReason ?? reason;
            foreach (var part in update.ToolCallUpdates)
            {
                var before = calls.GetValueOrDefault(part.Index, ("", "", ""));
                calls[part.Index] = (before.Item1 + part.ToolCallId, before.Item2 + part.FunctionName, before.Item3 + part.FunctionArgumentsUpdate);
            }
        }

        Assert.Equal(ChatFinishReason.ToolCalls, reason);
        Assert.NotEmpty(calls);
        Assert.All(calls.Values, call => Assert.Equal("find", call.Name));
        Assert.All(calls.Values, call => JsonDocument.Parse(call.Arguments).Dispose());
    }

    [Fact]
    public async Task An_answer_has_the_form_of_a_schema()
    {
        await using var server = await TestServer.StartAsync();
        var options = new ChatCompletionOptions
        {
            MaxOutputTokenCount = 400,
            Temperature = 0,
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("size", BinaryData.FromString(
                """{"type": "object", "properties": {"size": {"enum": ["small", "large"]}}, "required": ["size"], "additionalProperties": false}"""),
                jsonSchemaIsStrict: true),
        };
        ChatCompletion answer = await Client(server).GetChatClient("x").CompleteChatAsync([new UserChatMessage("How large?")], options);
        using var json = JsonDocument.Parse(answer.Content[0].Text);
        Assert.Contains(json.RootElement.GetProperty("size").GetString(), (string[])["small", "large"]);
    }

    [Fact]
    public async Task Embeddings_are_computed()
    {
        await using var server = await TestServer.StartAsync(options => options.Models[0].Model.Embeddings = new() { Pooling = Pooling.Mean });
        OpenAIEmbeddingCollection rows = await Client(server).GetEmbeddingClient("text-embedding-3-small").GenerateEmbeddingsAsync(["one", "two"]);
        Assert.Equal(2, rows.Count);
        Assert.All(rows, row => Assert.Equal(64, row.ToFloats().Length));
        Assert.Equal(rows.Usage.InputTokenCount, rows.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task The_models_are_listed()
    {
        await using var server = await TestServer.StartAsync();
        OpenAIModelCollection models = await Client(server).GetOpenAIModelClient().GetModelsAsync();
        Assert.Equal("stories260K", Assert.Single(models).Id);
        OpenAIModel model = await Client(server).GetOpenAIModelClient().GetModelAsync("stories260K");
        Assert.True(model.CreatedAt.Year >= 2024);
    }

    [Fact]
    public async Task An_error_has_its_status_and_its_words()
    {
        await using var server = await TestServer.StartAsync();
        var error = await Assert.ThrowsAsync<ClientResultException>(() => Client(server).GetChatClient("x").CompleteChatAsync(
            [new UserChatMessage("Hi")], new ChatCompletionOptions { Temperature = -1 }));
        Assert.Equal(400, error.Status);
        Assert.Contains("'temperature' is -1", error.Message);
    }

    private static OpenAIClient Client(TestServer server) =>
        new(new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(server.Address, "v1") });
}
