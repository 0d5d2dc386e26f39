#pragma warning disable OPENAI001 // The client's part for responses is marked as a preview.
using System.ClientModel;
using System.Text.Json;
using OpenAI.Responses;

namespace ArchGen.Server.Tests.Responses;

/// <summary>OpenAI's own client for .NET, unchanged.</summary>
public sealed class OpenAIResponsesClientTests
{
    private static readonly BinaryData WeatherSchema = BinaryData.FromString("""
        {"type": "object", "properties": {"city": {"type": "string", "enum": ["Rome", "Oslo"]}}, "required": ["city"], "additionalProperties": false}
        """);

    [Fact]
    public async Task A_response_is_read()
    {
        await using var server = await TestServer.StartAsync();
        ResponseResult response = await Client(server).CreateResponseAsync(
            new CreateResponseOptions
            {
                Model = "stories260K",
                Instructions = "You tell stories.",
                InputItems = { ResponseItem.CreateUserMessageItem("Once upon a time") },
                MaxOutputTokenCount = 8,
                StoredOutputEnabled = false,
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(ResponseStatus.Incomplete, response.Status);
        Assert.Equal(ResponseIncompleteStatusReason.MaxOutputTokens, response.IncompleteStatusDetails.Reason);
        Assert.NotEmpty(response.GetOutputText());
        Assert.Equal(8, response.Usage.OutputTokenCount);
        Assert.Equal(0, response.Usage.OutputTokenDetails.ReasoningTokenCount);
    }

    [Fact]
    public async Task A_function_is_called_and_its_result_read()
    {
        await using var server = await TestServer.StartAsync();
        var client = Client(server);
        var options = new CreateResponseOptions
        {
            Model = "stories260K",
            InputItems = { ResponseItem.CreateUserMessageItem("How is the weather?") },
            Tools = { ResponseTool.CreateFunctionTool("weather", WeatherSchema, strictModeEnabled: true, "The weather of a city") },
            ToolChoice = ResponseToolChoice.CreateFunctionChoice("weather"),
            ParallelToolCallsEnabled = false,
            MaxOutputTokenCount = 200,
        };
        ResponseResult asked = await client.CreateResponseAsync(options, TestContext.Current.CancellationToken);
        Assert.Equal(ResponseStatus.Completed, asked.Status);
        var call = Assert.IsType<FunctionCallResponseItem>(Assert.Single(asked.OutputItems));
        using var arguments = JsonDocument.Parse(call.FunctionArguments);
        Assert.Contains(arguments.RootElement.GetProperty("city").GetString(), (string[])["Rome", "Oslo"]);
        options.InputItems.Add(call);
        options.InputItems.Add(ResponseItem.CreateFunctionCallOutputItem(call.CallId, "sunny"));
        options.ToolChoice = ResponseToolChoice.CreateNoneChoice();
        options.MaxOutputTokenCount = 4;
        ResponseResult answered = await client.CreateResponseAsync(options, TestContext.Current.CancellationToken);
        Assert.NotEmpty(answered.GetOutputText());
    }

    [Fact]
    public async Task The_events_are_understood()
    {
        await using var server = await TestTemplates.ServeAsync(TestTemplates.Thinking);
        var updates = await Client(server).CreateResponseStreamingAsync(
            new CreateResponseOptions
            {
                Model = "stories260K",
                InputItems = { ResponseItem.CreateUserMessageItem("Once upon a time") },
                ReasoningOptions = new ResponseReasoningOptions { ReasoningEffortLevel = ResponseReasoningEffortLevel.None },
                MaxOutputTokenCount = 12,
                StreamingEnabled = true,
            },
            TestContext.Current.CancellationToken);
        var text = "";
        ResponseResult? last = null;
        await foreach (var update in updates)
        {
            if (update is StreamingResponseOutputTextDeltaUpdate delta) text += delta.Delta;
            if (update is StreamingResponseCompletedUpdate completed) last = completed.Response;
            if (update is StreamingResponseIncompleteUpdate incomplete) last = incomplete.Response;
        }

        Assert.NotEmpty(text);
        Assert.Equal(last!.GetOutputText(), text);
    }

    [Fact]
    public async Task An_error_is_understood()
    {
        await using var server = await TestServer.StartAsync();
        var error = await Assert.ThrowsAsync<ClientResultException>(() => Client(server).CreateResponseAsync(
            new CreateResponseOptions
            {
                Model = "stories260K",
                InputItems = { ResponseItem.CreateUserMessageItem("Hello") },
                PreviousResponseId = "resp_1",
            },
            TestContext.Current.CancellationToken));
        Assert.Equal(400, error.Status);
        Assert.Contains("previous_response_id", error.Message);
    }

    private static ResponsesClient Client(TestServer server) =>
        new(new ApiKeyCredential("any"), new ResponsesClientOptions { Endpoint = new Uri(server.Address, "v1") });
}
