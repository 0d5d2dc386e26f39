using System.Text.Json.Nodes;

namespace ArchGen.Server.OpenAI;

/// <summary>The tokens of all answers to a request.</summary>
internal sealed class UsageJson
{
    private int _prompt;
    private int _cached;
    private int _generated;
    private int _reasoning;

    /// <summary>Adds a prompt, which answers may share.</summary>
    public void AddPrompt(int tokens, int cached) => (_prompt, _cached) = (_prompt + tokens, _cached + cached);

    /// <summary>Adds an answer.</summary>
    public void AddAnswer(int tokens, int reasoning) => (_generated, _reasoning) = (_generated + tokens, _reasoning + reasoning);

    /// <summary>The object <c>usage</c>.</summary>
    public JsonObject ToJson() => new()
    {
        ["prompt_tokens"] = _prompt,
        ["completion_tokens"] = _generated,
        ["total_tokens"] = _prompt + _generated,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = _cached },
        ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = _reasoning },
    };
}
