using ArchGen.Extensions.AI;
using Microsoft.Extensions.AI;

namespace ArchGen.Samples;

/// <summary>The sentences that are closest to a text, by embeddings in a store of vectors (Microsoft.Extensions.VectorData).</summary>
public static class SearchSample
{
    private static readonly string[] Sentences = ["A man is eating food.", "The girl is carrying a baby.", "A cheetah chases prey across a field."];

    /// <summary>Runs it.</summary>
    public static async Task RunAsync(ArchGenService service, string text, TextWriter output)
    {
        using var sentences = new SentenceCollection(service.AsEmbeddingGenerator());
        await sentences.UpsertAsync(Sentences.Select((sentence, i) => new Sentence { Id = i, Text = sentence }));
        await foreach (var found in sentences.SearchAsync(text, top: 3))
            output.WriteLine(FormattableString.Invariant($"{found.Score:F3} {found.Record.Text}"));
    }
}
