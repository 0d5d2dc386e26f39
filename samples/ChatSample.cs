using ArchGen.Extensions.AI;
using Microsoft.Extensions.AI;

namespace ArchGen.Samples;

/// <summary>A conversation of two turns; the second takes the first from the cache.</summary>
public static class ChatSample
{
    /// <summary>Runs it.</summary>
    public static async Task RunAsync(ArchGenService service, string text, TextWriter output)
    {
        IChatClient client = service.AsChatClient();
        List<ChatMessage> messages = [new(ChatRole.User, text)];
        foreach (var question in new[] { null, "Say it in one sentence." })
        {
            if (question is not null) messages.Add(new ChatMessage(ChatRole.User, question));
            var updates = new List<ChatResponseUpdate>();
            await foreach (var update in client.GetStreamingResponseAsync(messages, new ChatOptions { MaxOutputTokens = 200 }))
            {
                output.Write(update.Text);
                updates.Add(update);
            }

            output.WriteLine();
            var response = updates.ToChatResponse();
            messages.AddRange(response.Messages);
            output.WriteLine($"({response.Usage!.CachedInputTokenCount} of {response.Usage.InputTokenCount} tokens from the cache)");
        }
    }
}
