using System.Collections.Concurrent;
using ArchGen.Chat.Constraints;
using ArchGen.Chat.Prompts;

namespace ArchGen.Server.OpenAI;

/// <summary>The answers that are being generated and whose thinking can be ended, by their ids.</summary>
internal sealed class RunningThoughts
{
    private readonly ConcurrentDictionary<string, ThinkingControl?> _running = new(StringComparer.Ordinal);

    /// <summary>Adds an answer, until what is returned is disposed of.</summary>
    /// <param name="id">The id of the answer.</param>
    /// <param name="control">Ends its thinking; null if the request did not ask for that.</param>
    /// <param name="prompt">The prompt, which begins with the thinking or does not.</param>
    public IDisposable Add(string id, ThinkingControl? control, ChatPrompt prompt)
    {
        _running[id] = prompt.StartsInThinking ? control : null;
        return new Entry(this, id);
    }

    /// <summary>Ends the thinking of an answer.</summary>
    /// <returns>Why it cannot be ended; null if it ends.</returns>
    public string? End(string id)
    {
        if (!_running.TryGetValue(id, out var control)) return "No answer of this id is being generated.";
        if (control is null) return "Its thinking cannot be ended: the request had no \"reasoning_control\": true, or the answer does not begin with thinking.";
        control.End();
        return null;
    }

    private sealed class Entry(RunningThoughts owner, string id) : IDisposable
    {
        public void Dispose() => owner._running.TryRemove(id, out _);
    }
}
