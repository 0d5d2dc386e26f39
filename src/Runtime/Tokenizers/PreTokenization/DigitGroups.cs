namespace ArchGen.Tokenizers.PreTokenization;

/// <summary>
/// Cuts runs of digits into groups of three from the right: 1234567 becomes 1, 234, 567. A separate step, as the patterns published for it look ahead
/// over the whole run at each digit.
/// </summary>
/// <param name="isDigit">Whether a kind counts as a digit.</param>
/// <param name="cutsBefore">Cut before the first group of three, if nothing is before it.</param>
/// <param name="cutsAfter">Cut after the last group.</param>
internal sealed class DigitGroups(Func<byte, bool> isDigit, bool cutsBefore, bool cutsAfter) : ISplitStep
{
    /// <summary>All numbers, each group cut off at its right end only: what precedes a number stays with its first group.</summary>
    public static readonly DigitGroups AfterEachGroup = new(
        kind => kind is CodePointKind.Number or (>= (byte)'0' and <= (byte)'9'), cutsBefore: false, cutsAfter: true);

    /// <summary>The digits 0 to 9, cut before each group: the pattern <c>(?=(\d{3})+(?!\d))</c>.</summary>
    public static readonly DigitGroups BeforeEachGroup = new(kind => kind is >= (byte)'0' and <= (byte)'9', cutsBefore: true, cutsAfter: false);

    public void Split(CodePoints text, List<int> ends, List<int> result)
    {
        var kinds = text.Kinds;
        var start = 0;
        foreach (var end in ends)
        {
            for (var position = start; position < end;)
            {
                if (!isDigit(kinds[position]))
                {
                    position++;
                    continue;
                }

                var first = position;
                while (position < end && isDigit(kinds[position])) position++;
                for (var cut = first + (position - first) % 3; cut <= position; cut += 3)
                {
                    var wanted = cut == first ? cutsBefore && cut > start : cut < position || cutsAfter;
                    if (wanted && cut < end) result.Add(cut);
                }
            }

            result.Add(end);
            start = end;
        }
    }
}
