using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ArchGen.CommandLine.Serving;

/// <summary>A client of a server with OpenAI's API that measures its answers. Safe for concurrent use.</summary>
internal sealed class LoadClient : IDisposable
{
    private const int MaxErrorText = 300;

    private readonly LoadOptions _options;
    private readonly HttpClient _client;

    /// <summary>Creates the client.</summary>
    /// <param name="options">The server and what is asked of it.</param>
    /// <param name="handler">Sends; null for connections of its own, as many as requests are open.</param>
    public LoadClient(LoadOptions options, HttpMessageHandler? handler = null)
    {
        _options = options;
        // A proxy would be measured, too.
        _client = new HttpClient(handler ?? new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
        if (options.ApiKey is { } key) _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>The name of the first model that the server lists.</summary>
    /// <exception cref="RequestException">The server does not answer, or not so.</exception>
    public async Task<string> FirstModelAsync(CancellationToken cancellation)
    {
        var url = Url("models");
        try
        {
            using var response = await _client.GetAsync(url, cancellation).ConfigureAwait(false);
            var text = await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode) throw new RequestException($"{url} answers {Failure((int)response.StatusCode, text)}");
            using var list = JsonDocument.Parse(text);
            return list.RootElement.GetProperty("data")[0].GetProperty("id").GetString() ?? throw new JsonException("The name is null.");
        }
        catch (HttpRequestException error)
        {
            throw new RequestException($"Nothing answers at {_options.Server}: {Text(error)} Start a server there, such as 'archgen serve'.", error);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            throw new RequestException($"{url} lists no model. Is this a server with OpenAI's API? If it is, name the model with --model.", error);
        }
    }

    /// <summary>Sends a prompt and reads the answer to its end. What fails is in the result.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompt">The text of the prompt.</param>
    /// <param name="answerTokens">Tokens of the answer at most.</param>
    /// <param name="cancellation">Ends it with <see cref="OperationCanceledException"/>.</param>
    public async Task<LoadResult> SendAsync(string model, string prompt, int answerTokens, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, _options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        using var message = new HttpRequestMessage(HttpMethod.Post, Url(_options.IsChat ? "chat/completions" : "completions"));
        message.Content = new ByteArrayContent(Body(model, prompt, answerTokens)) { Headers = { ContentType = new("application/json") } };
        var events = new LoadEvents(_options.Clock);
        try
        {
            using var response = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
                return events.Fail(Failure((int)response.StatusCode, await response.Content.ReadAsStringAsync(either.Token).ConfigureAwait(false)));
            if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
                return events.Fail($"The answer is {response.Content.Headers.ContentType}; expected text/event-stream.");
            var stream = await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
            await foreach (var item in SseParser.Create(stream).EnumerateAsync(either.Token).ConfigureAwait(false))
            {
                if (item.Data == "[DONE]") return events.Finish();
                if (events.Add(item.Data) is { } error) return events.Fail(error);
            }

            return events.Fail("The answer ended without [DONE].");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return events.Fail($"There was no complete answer after {_options.Timeout.TotalSeconds:0} s.");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException or InvalidOperationException)
        {
            return events.Fail(Text(error));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private Uri Url(string endpoint)
    {
        var server = _options.Server.AbsoluteUri.TrimEnd('/');
        return new Uri(server.EndsWith("/v1", StringComparison.Ordinal) ? $"{server}/{endpoint}" : $"{server}/v1/{endpoint}");
    }

    private byte[] Body(string model, string prompt, int answerTokens)
    {
        var body = new JsonObject
        {
            ["model"] = model,
            ["max_tokens"] = answerTokens,
            ["stream"] = true,
            ["stream_options"] = new JsonObject { ["include_usage"] = true },
        };
        if (_options.IsChat) body["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = prompt });
        else body["prompt"] = prompt;
        if (_options.Temperature is { } temperature) body["temperature"] = temperature;
        if (_options.IgnoresEnd) body["ignore_eos"] = true;
        return Encoding.UTF8.GetBytes(body.ToJsonString());
    }

    // The message of OpenAI's error object, or else what the server wrote.
    private static string Failure(int status, string body)
    {
        var text = body.Trim();
        try
        {
            text = LoadEvents.Error(JsonNode.Parse(text)) ?? text;
        }
        catch (JsonException)
        {
        }

        return $"{status}: {(text.Length > MaxErrorText ? text[..MaxErrorText] + "..." : text.Length > 0 ? text : "no text")}";
    }

    private static string Text(Exception error) =>
        error.InnerException is SocketException or IOException ? Sentence(error.InnerException.Message) : Sentence(error.Message);

    private static string Sentence(string text) => text.EndsWith('.') ? text : text + ".";
}
