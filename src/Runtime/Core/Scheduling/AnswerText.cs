using ArchGen.Runtime.Generation;
using ArchGen.Tokenizers;

namespace ArchGen.Runtime.Scheduling;

/// <summary>The text of one answer, up to the first stop text.</summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="request">The request, which has the stop texts.</param>
internal sealed class AnswerText(Tokenizer tokenizer, GenerationRequest request)
{
    private readonly StreamingDecoder _decoder = new(tokenizer, special: false);
    private readonly StopMatcher _stops = new(request.StopTexts, request.KeepsStopText);

    /// <summary>The stop text that was found; null if none was.</summary>
    public string? StopText => _stops.Found;

    /// <summary>Whether a stop text was found.</summary>
    public bool IsStopped => StopText is not null;

    /// <summary>The characters that are decided with a token.</summary>
    public string Append(int token) => _stops.Append(_decoder.Append(token));

    /// <summary>The characters that were held back, at the end of the answer.</summary>
    public string Flush()
    {
        var text = _stops.Append(_decoder.Flush());
        return IsStopped ? text : text + _stops.Flush();
    }
}
