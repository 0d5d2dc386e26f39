using ArchGen.Gguf;
using ArchGen.Tokenizers;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>
/// The tokens that end generation besides the end of sequence: generation_config.json may list several ids and texts, a GGUF has three keys, and readers
/// know the usual markers by their texts.
/// </summary>
internal static class EndTokens
{
    private static readonly SpecialToken[] Roles = [SpecialToken.Eot, SpecialToken.Eom];

    /// <summary>Writes the free keys for tokens that a reader would not stop at, and reports the tokens for which no key is left.</summary>
    /// <param name="files">The checkpoint's files.</param>
    /// <param name="metadata">All keys of the file to be.</param>
    /// <param name="vocabulary">The vocabulary as a reader of these keys has it.</param>
    /// <param name="log">Receives lines that the user should see.</param>
    /// <returns>The keys that were added.</returns>
    public static IReadOnlyList<string> Write(TokenizerFolder files, GgufMetadata metadata, Tokenizers.Vocabulary vocabulary, Action<string> log)
    {
        var added = new List<string>();
        var generation = files.GenerationConfig["eos_token_id"];
        var (source, list) = generation.Exists ? ("generation_config.json", generation) : ("config.json", files.Setting("eos_token_id"));
        // A single id of config.json is the end of sequence, or a remainder of another tokenizer.
        var stated = list.IsList ? list.Items.Select(item => item.IntegerIfAny) : [generation.IntegerIfAny];
        foreach (var id in stated.OfType<int>().Distinct().Where(id => id >= 0 && id < vocabulary.Count && !vocabulary.IsEndOfGeneration(id)))
        {
            var token = $"token {id} ({MessageText.Quote(vocabulary.Text(id))})";
            // First the roles that no token has by its text.
            var keys = Roles.OrderBy(role => vocabulary[role] is not null).Select(role => SpecialTokenTexts.Keys(role)[0]);
            if (keys.FirstOrDefault(key => !metadata.ContainsKey(key)) is { } free)
            {
                added.Add(free);
                metadata[free] = GgufValue.From((uint)id);
                log($"{free} = {id} is written: {source} ends a text at {token} too.");
            }
            else
            {
                log($"{source} ends a text at {token} too, and GGUF has no key left for it: readers will not stop there.");
            }
        }

        if (files.GenerationConfig["stop_strings"] is { Exists: true } stops)
            log($"generation_config.json stops at the texts {stops.Raw}, for which GGUF has no key: readers will not stop there.");
        return added;
    }
}
