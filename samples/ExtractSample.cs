using ArchGen.Extensions.AI;
using Microsoft.Extensions.AI;

namespace ArchGen.Samples;

/// <summary>An object from a text: the answer can be nothing else.</summary>
public static class ExtractSample
{
    /// <summary>Runs it.</summary>
    public static async Task RunAsync(ArchGenService service, string text, TextWriter output)
    {
        IChatClient client = service.AsChatClient();
        var response = await client.GetResponseAsync<Mood>($"Is this text glad or sad? {text}", new ChatOptions { Temperature = 0, MaxOutputTokens = 400 });
        output.WriteLine($"{response.Result.Feeling}, {(response.Result.IsStrong ? "strongly" : "a little")}");
    }

    /// <summary>What the text is like.</summary>
    /// <param name="Feeling">The feeling in it.</param>
    /// <param name="IsStrong">Whether the feeling is strong.</param>
    public sealed record Mood(Feeling Feeling, bool IsStrong);

    /// <summary>A feeling.</summary>
    public enum Feeling
    {
        /// <summary>A glad one.</summary>
        Glad,

        /// <summary>A sad one.</summary>
        Sad,
    }
}
