namespace ArchGen.Runtime.Sampling;

/// <summary>Refuses options that are out of their ranges.</summary>
internal static class SamplerOptionsCheck
{
    private const string OnlyFinite = "a finite number; 0 changes nothing";
    private const int MaxBreakers = 64;

    /// <exception cref="RequestException">A value is out of its range.</exception>
    public static void Check(SamplerOptions options, int vocabularySize)
    {
        CheckTruncation(options);
        CheckPenalties(options);
        CheckDraw(options);
        foreach (var (token, bias) in options.LogitBias)
        {
            Require(token >= 0 && token < vocabularySize, "token of a logit bias", token, $"an id from 0 to {vocabularySize - 1}");
            Require(bias < float.PositiveInfinity, $"logit bias of token {token}", bias, "a finite number, or negative infinity to forbid the token");
        }
    }

    private static void CheckTruncation(SamplerOptions options)
    {
        Require(options.TopK >= 0, "top-k", options.TopK, "a count from 0 (all tokens) upwards");
        Require(options.TopP is >= 0 and <= 1, "top-p", options.TopP, "a probability from 0 to 1 (all tokens)");
        Require(options.MinP is >= 0 and <= 1, "min-p", options.MinP, "a fraction from 0 (all tokens) to 1");
        Require(options.TypicalP is >= 0 and <= 1, "typical-p", options.TypicalP, "a probability from 0 to 1 (all tokens)");
        Require(float.IsFinite(options.TopNSigma), "top-n-sigma", options.TopNSigma, "a finite number; 0 or less keeps all tokens");
        Require(options.XtcProbability is >= 0 and <= 1, "XTC probability", options.XtcProbability, "a probability from 0 (never) to 1");
        Require(options.XtcThreshold is >= 0 and <= 1, "XTC threshold", options.XtcThreshold, "a probability from 0 to 1; above 0.5 it removes nothing");
        Require(options.MinKeep >= 0, "number of tokens to keep (min-keep)", options.MinKeep, "a count from 0 upwards");
    }

    private static void CheckPenalties(SamplerOptions options)
    {
        var repetition = options.RepetitionPenalty;
        Require(repetition > 0 && float.IsFinite(repetition), "repetition penalty", repetition, "a number above 0; 1 changes nothing");
        Require(options.RepetitionWindow >= -1, "repetition window", options.RepetitionWindow, "a count of tokens, 0 for none or -1 for all");
        Require(float.IsFinite(options.FrequencyPenalty), "frequency penalty", options.FrequencyPenalty, OnlyFinite);
        Require(float.IsFinite(options.PresencePenalty), "presence penalty", options.PresencePenalty, OnlyFinite);
        Require(float.IsFinite(options.DryMultiplier), "DRY multiplier", options.DryMultiplier, OnlyFinite);
        Require(options.DryBase >= 1 && float.IsFinite(options.DryBase), "DRY base", options.DryBase, "a number from 1 upwards");
        Require(options.DryAllowedLength >= 0, "allowed length of DRY", options.DryAllowedLength, "a count of tokens from 0 upwards");
        Require(options.DryWindow >= -1, "window of DRY", options.DryWindow, "a count of tokens, 0 for none or -1 for all");
        Require(options.DryBreakers.Count <= MaxBreakers, "number of DRY's sequence breakers", options.DryBreakers.Count, $"at most {MaxBreakers}");
        foreach (var breaker in options.DryBreakers)
        {
            if (breaker.Length > 0) continue;
            throw new RequestException("A sequence breaker of DRY is empty; expected is a text. Leave it out, or give none at all.");
        }
    }

    private static void CheckDraw(SamplerOptions options)
    {
        var temperature = options.Temperature;
        Require(temperature >= 0 && float.IsFinite(temperature), "temperature", temperature, "a number from 0 (always the likeliest token) upwards");
        Require(options.TemperatureRange >= 0 && float.IsFinite(options.TemperatureRange),
            "range of a dynamic temperature", options.TemperatureRange, "a number from 0 (a fixed temperature) upwards");
        Require(options.TemperatureExponent >= 0 && float.IsFinite(options.TemperatureExponent),
            "exponent of a dynamic temperature", options.TemperatureExponent, "a number from 0 upwards");
        Require(options.Mirostat is >= 0 and <= 2, "version of mirostat", options.Mirostat, "0 (off), 1 or 2");
        Require(options.MirostatTau >= 0 && float.IsFinite(options.MirostatTau), "mirostat tau", options.MirostatTau, "a number of bits from 0 upwards");
        Require(options.MirostatEta >= 0 && float.IsFinite(options.MirostatEta), "mirostat eta", options.MirostatEta, "a rate from 0 upwards");
        Require(options.AdaptiveTarget <= 1, "target of adaptive-p", options.AdaptiveTarget, "a probability from 0 to 1, or less for none");
        Require(options.AdaptiveDecay is >= 0 and <= 0.99f, "decay of adaptive-p", options.AdaptiveDecay, "a number from 0 to 0.99");
        Require(options.ProbabilityCount >= 0, "number of probabilities", options.ProbabilityCount, "a count from 0 upwards");
    }

    private static void Require(bool isValid, string what, double found, string expected)
    {
        if (!isValid)
        {
            throw new RequestException(FormattableString.Invariant($"The {what} is {found}; expected is {expected}."));
        }
    }
}
