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
    private const int Unmeasured = 2; // steps at first, in which much else happens

    private double _budget = First;
    private double _stepSeconds;
    private double _cost = UsualCost;
    private int _steps;

    /// <summary>The cost of a drafted token: what the probability that it is kept must be at least.</summary>
    public double Cost => _cost;

    /// <summary>The number of tokens that may be drafted now.</summary>
    public int MaxTokens => (int)Math.Min(int.MaxValue, _budget / _cost);

    /// <summary>Takes note of a step.</summary>
    /// <param name="drafted">Tokens that were drafted.</param>
    /// <param name="kept">How many of them were kept.</param>
    /// <param name="seconds">The time of the step with its draft; 0 if it is not known.</param>
    public void Report(int drafted, int kept, double seconds)
    {
        if (seconds > 0 && ++_steps > Unmeasured) Measure(drafted, seconds);
        _budget = Math.Min(Largest, _budget + kept - drafted * _cost + PerToken * (kept + 1));
    }

    // Other programs can only make a step longer, so that short times count more.
    private void Measure(int drafted, double seconds)
    {
        if (drafted == 0)
        {
            if (_stepSeconds == 0) _stepSeconds = seconds;
            else _stepSeconds += (seconds < _stepSeconds ? 0.3 : 0.05) * (seconds - _stepSeconds);
        }
        else if (_stepSeconds > 0)
        {
            var cost = Math.Clamp((seconds / _stepSeconds - 1) / drafted, LowestCost, HighestCost);
            _cost += 0.2 * (cost - _cost);
        }
    }
}
