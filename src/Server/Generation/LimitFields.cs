using System.Text.Json;
using ArchGen.Runtime.Scheduling;
using ArchGen.Server.Http;
using ArchGen.Server.Models;

namespace ArchGen.Server.Generation;

/// <summary>Reads how much is generated, where it ends, and how urgent it is. OpenAI's and llama.cpp's names.</summary>
internal static class LimitFields
{
    private const int MaxAnswers = 128;
    private const int MaxStopTexts = 64;

    /// <summary>Tokens to generate at most; null for as many as the context holds, which requests also write as -1.</summary>
    /// <exception cref="RequestException">A value is no whole number.</exception>
    public static int? MaxTokens(in JsonFields fields, ServedModel model)
    {
        var requested = fields.Whole("n_predict", -2) ?? fields.Whole("max_completion_tokens", -1) ?? fields.Whole("max_tokens", -1);
        if (requested < 0) requested = null;
        return requested ?? model.Options.MaxTokens;
    }

    /// <summary>The texts at which an answer ends: <c>stop</c>, a text or several. Empty ones are left out, as llama.cpp does.</summary>
    /// <exception cref="RequestException">It is neither, or there are too many.</exception>
    public static IReadOnlyList<string> StopTexts(in JsonFields fields, string name = "stop")
    {
        string[] texts = [.. (fields.Texts(name) ?? []).Where(text => text.Length > 0)];
        return texts.Length <= MaxStopTexts ? texts
            : throw new RequestException($"'{fields.At(name)}' has {texts.Length} texts; expected at most {MaxStopTexts}.");
    }

    /// <summary>The number of answers: <c>n</c>, in llama.cpp also <c>n_cmpl</c>.</summary>
    /// <exception cref="RequestException">It is less than 1, or too large.</exception>
    public static int Answers(in JsonFields fields) => fields.Whole("n", 1, MaxAnswers) ?? fields.Whole("n_cmpl", 1, MaxAnswers) ?? 1;

    /// <summary>
    /// The priority: <c>priority</c> above 0 (vLLM: larger is later) and <c>service_tier</c> "flex" (OpenAI) are computed with what others leave.
    /// </summary>
    /// <exception cref="RequestException">A value is of a wrong type.</exception>
    public static RequestPriority Priority(in JsonFields fields)
    {
        var isLater = fields.Any("priority") is { ValueKind: JsonValueKind.String } ? fields.Text("priority") is "batch" : fields.Number("priority") > 0;
        return isLater || fields.Text("service_tier") is "flex" or "batch" ? RequestPriority.Batch : RequestPriority.Interactive;
    }
}
