using System.Text;

namespace ArchGen.CommandLine.Serving;

/// <summary>Prompts of words that a generator chooses. The same seed gives the same words.</summary>
/// <param name="seed">The seed.</param>
/// <param name="share">The share of its words that each prompt has in common with all others, at its beginning.</param>
internal sealed class LoadPrompts(int seed, double share)
{
    private static readonly string[] Words =
    [
        "the", "day", "was", "long", "and", "she", "had", "seen", "many", "people", "walk", "down", "road", "with", "their", "dogs", "water", "over",
        "stone", "light", "from", "tree", "house", "some", "time", "they", "would", "play", "until", "night", "came", "then", "home", "food", "warm",
        "small", "bird", "song", "river", "cold", "white", "snow", "green", "grass", "blue", "sky", "open", "door", "old", "man", "young", "girl", "book",
        "read", "word", "line", "story", "told", "friend", "hand", "heart", "head", "foot", "hill", "town", "ship", "sea", "wind", "sail", "fish", "bread",
        "milk", "table", "chair", "bed", "sleep", "dream", "wake", "morning", "sun", "moon", "star", "far", "near", "high", "low", "fast", "slow", "big",
        "red", "black", "gold", "king", "queen", "horse", "ride", "field", "farm", "rain", "cloud", "fire", "ice", "glass", "paper", "box", "ball", "game",
        "team", "win", "lose", "find", "keep", "give", "take", "make", "break", "build", "wall", "bridge", "train", "plane", "letter", "name", "year",
        "week", "hour", "world", "life", "love", "hope", "fear", "laugh", "cry",
    ];

    /// <summary>The words of a prompt.</summary>
    /// <param name="request">The number of the request: prompts of two numbers differ after what they share.</param>
    /// <param name="words">How many words.</param>
    public string Text(int request, int words)
    {
        var shared = (int)Math.Round(words * share, MidpointRounding.AwayFromZero);
        var text = new StringBuilder();
        Append(text, new Random(seed), shared);
        Append(text, new Random(HashOf(request)), words - shared);
        return text.ToString();
    }

    private static void Append(StringBuilder text, Random random, int words)
    {
        for (var i = 0; i < words; i++)
        {
            if (text.Length > 0) text.Append(' ');
            text.Append(Words[random.Next(Words.Length)]);
        }
    }

    // Two neighbours have seeds that are far from each other (the constant is 2^32 divided by the golden ratio).
    private int HashOf(int request) => unchecked((int)((((uint)seed * 31) + (uint)request + 1) * 2654435769u) & int.MaxValue);
}
