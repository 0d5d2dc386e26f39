namespace ArchGen.Runtime.Speculation;

/// <summary>
/// Decides how much may be drafted, so that drafts pay: it measures what a drafted token costs beside a step of one token, and stops where drafts lost time,
/// but for a small part of the tokens. All costs are in steps of one token.
/// </summary>
internal sealed class DraftBudget
{
    private const double UsualCost = 0.35; // of a token in a small batch, until it is measured
    private const double LowestCost = 0.03;
    private const double HighestCost = 2;
    private const double First = 1; // steps that may be lost before the first gain
    private const double PerToken = 0.01; // steps that may be lost for each token
    private const double Largest = 16; // steps of a gain that may be lost again
    private const double Least = -2; // steps that a single bad draft, or a moment of other programs, can take away
    private const int Unmeasured = 2; // steps and drafts at first, for which code is compiled
    private const double Return = 0.01; // by which the cost goes back to the usual one in a step without a draft, so that it is measured again

    private double _budget = First;
    private double _stepSeconds;
    private double _cost = UsualCost;
    private int _steps;
    private int _drafts;

    /// <summary>The cost of a drafted token: what the probability that it is accepted must be at least.</summary>
    public double Cost => _cost;

    /// <summary>The number of tokens that may be drafted now.</summary>
    public int MaxTokens => (int)Math.Clamp(_budget / _cost, 0, int.MaxValue);

    /// <summary>Takes note of a step.</summary>
    /// <param name="drafted">Tokens that were drafted.</param>
    /// <param name="accepted">How many of them were accepted.</param>
    /// <param name="seconds">The time of the step with its draft; 0 if it is not known.</param>
    public void Report(int drafted, int accepted, double seconds)
    {
        var cost = seconds > 0 ? Measure(drafted, seconds) : _cost;
        _budget = Math.Clamp(_budget + accepted - drafted * cost + PerToken * (accepted + 1), Least, Largest);
    }

    // The cost of a token in this step. Other programs can only make a step longer, so that short times count more.
    private double Measure(int drafted, double seconds)
    {
        if (drafted == 0)
        {
            _cost += Return * (UsualCost - _cost);
            if (++_steps > Unmeasured) _stepSeconds += (_stepSeconds == 0 ? 1 : seconds < _stepSeconds ? 0.3 : 0.05) * (seconds - _stepSeconds);
            return _cost;
        }

        if (++_drafts <= Unmeasured || _stepSeconds == 0) return _cost;
        var cost = Math.Clamp((seconds / _stepSeconds - 1) / drafted, LowestCost, HighestCost);
        _cost += (cost < _cost ? 0.3 : 0.1) * (cost - _cost);
        return cost;
    }
}
