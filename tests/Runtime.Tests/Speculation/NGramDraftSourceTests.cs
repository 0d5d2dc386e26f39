using ArchGen.Runtime.Speculation;

namespace ArchGen.Runtime.Tests.Speculation;

/// <summary>Drafts of what followed the last tokens before.</summary>
public sealed class NGramDraftSourceTests
{
    private const float Cheap = 0.001f;

    [Fact]
    public void It_proposes_what_followed_the_longest_match()
    {
        Assert.Equal([4, 9, 1, 2], Draft([1, 2, 3, 4, 9, 1, 2, 3], 4));

        // Five tokens match at the first place, three at the second, which is later.
        Assert.Equal([6, 7], Draft([8, 9, 1, 2, 3, 6, 7, 0, 1, 2, 3, 5, 8, 9, 1, 2, 3], 2));

        // Of equals the last.
        Assert.Equal([5], Draft([1, 2, 3, 4, 1, 2, 3, 5, 1, 2, 3], 1));
    }

    [Fact]
    public void A_repetition_goes_on() => Assert.Equal([1, 2, 1, 2, 1, 2, 1], Draft([2, 1, 2, 1, 2, 1, 2], 7));

    [Fact]
    public void Without_a_match_of_three_tokens_there_is_none()
    {
        Assert.Empty(Draft([1, 2, 3, 4, 2, 3], 4));
        Assert.Empty(Draft([1, 2, 3], 4));
        Assert.Empty(Draft([1], 4));
        Assert.Empty(Draft([], 4));
    }

    [Fact]
    public void A_sequence_that_grows_shrinks_or_changes_is_read_like_a_new_one()
    {
        Random random = new(1);
        using NGramDraftSource source = new();
        List<int> tokens = [];
        for (var round = 0; round < 2000; round++)
        {
            if (random.Next(20) == 0) tokens.RemoveRange(tokens.Count / 2, tokens.Count - tokens.Count / 2);
            if (random.Next(50) == 0 && tokens.Count > 0) tokens[random.Next(tokens.Count)] = 7;
            for (var i = random.Next(4); i > 0; i--) tokens.Add(random.Next(3));
            var draft = new int[8];
            var count = source.Draft([.. tokens], Cheap, draft);
            Assert.Equal(Draft([.. tokens], 8), draft[..count]);
        }
    }

    [Fact]
    public void It_proposes_less_where_it_was_wrong_and_more_where_it_was_right()
    {
        int[] tokens = [1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3];
        int Proposed(int reports, bool isRight)
        {
            using NGramDraftSource source = new();
            var draft = new int[100];
            var count = source.Draft(tokens, 0.3f, draft);
            for (var i = 0; i < reports; i++)
            {
                source.Report(count, isRight ? count : 0);
                count = source.Draft(tokens, 0.3f, draft);
            }

            return count;
        }

        Assert.InRange(Proposed(0, true), 1, 3);
        Assert.Equal(0, Proposed(3, false));
        Assert.True(Proposed(5, true) > Proposed(1, true));

        // What costs as much as a step is never worth it.
        using NGramDraftSource dear = new();
        Assert.Equal(0, dear.Draft(tokens, 1, new int[8]));
    }

    private static int[] Draft(int[] tokens, int limit)
    {
        using NGramDraftSource source = new();
        var draft = new int[limit];
        return draft[..source.Draft(tokens, Cheap, draft)];
    }
}
