using System.CommandLine;
using ArchGen.Runtime.Sampling;

namespace ArchGen.CommandLine.Options;

/// <summary>The options of the penalties on tokens that occurred, and of DRY.</summary>
internal sealed class PenaltyOptions
{
    private const float Any = float.MaxValue;
    private const string NoBreakers = "none";

    private static readonly SamplerOptions Defaults = new();

    private readonly Option<float?> _repeat = SamplingOptions.Float(
        "--repeat-penalty", $"Penalty on tokens already seen; 1 for off. Default {SamplingOptions.FromFile(Defaults.RepetitionPenalty)}", 0, Any);
    private readonly Option<int?> _window = SamplingOptions.Whole(
        "--repeat-last-n",
        $"Number of earlier tokens that penalties read; 0 for none. Default {SamplingOptions.FromFile(Defaults.RepetitionWindow)}", 0, "for all");
    private readonly Option<float?> _frequency = SamplingOptions.Float("--frequency-penalty", "Penalty per occurrence. Default 0.", -Any, Any);
    private readonly Option<float?> _presence = SamplingOptions.Float("--presence-penalty", "Penalty on occurrence. Default 0.", -Any, Any);
    private readonly Option<float?> _multiplier = SamplingOptions.Float(
        "--dry-multiplier", "DRY: penalty on tokens that continue a repetition; 0, the default, for off.", -Any, Any);
    private readonly Option<float?> _base = SamplingOptions.Float("--dry-base", "DRY: growth of the penalty with each token. Default 1.75.", 1, Any);
    private readonly Option<int?> _length = SamplingOptions.Whole("--dry-allowed-length", "DRY: tokens that may be repeated freely. Default 2.", 0);
    private readonly Option<int?> _dryWindow = SamplingOptions.Whole(
        "--dry-penalty-last-n", "DRY: number of earlier tokens that are read; 0 for none. Default 64.", 0, "for all");
    private readonly Option<string[]> _breakers = new("--dry-sequence-breaker")
    {
        Description = "DRY: a text over which no repetition extends. Repeatable; \"none\" for no such text. Default line end, colon, double quote, asterisk.",
    };

    public IEnumerable<Symbol> All => [_repeat, _window, _frequency, _presence, _multiplier, _base, _length, _dryWindow, _breakers];

    /// <summary>Reads the options.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="recommended">What is not given.</param>
    public SamplerOptions Read(ParseResult parsed, SamplerOptions recommended) => recommended with
    {
        RepetitionPenalty = parsed.GetValue(_repeat) ?? recommended.RepetitionPenalty,
        RepetitionWindow = parsed.GetValue(_window) ?? recommended.RepetitionWindow,
        FrequencyPenalty = parsed.GetValue(_frequency) ?? recommended.FrequencyPenalty,
        PresencePenalty = parsed.GetValue(_presence) ?? recommended.PresencePenalty,
        DryMultiplier = parsed.GetValue(_multiplier) ?? recommended.DryMultiplier,
        DryBase = parsed.GetValue(_base) ?? recommended.DryBase,
        DryAllowedLength = parsed.GetValue(_length) ?? recommended.DryAllowedLength,
        DryWindow = parsed.GetValue(_dryWindow) ?? recommended.DryWindow,
        DryBreakers = parsed.GetValue(_breakers) is { Length: > 0 } breakers ? [.. breakers.Where(text => text != NoBreakers)] : recommended.DryBreakers,
    };
}
