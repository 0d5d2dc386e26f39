using System.Numerics.Tensors;
using ArchGen.Extensions.AI;
using Microsoft.Extensions.AI;

namespace ArchGen.Samples;

/// <summary>The sentence that is closest to a text, by embeddings.</summary>
public static class SearchSample
{
    private static readonly string[] Sentences = ["A man is eating food.", "The girl is carrying a baby.", "A cheetah chases prey across a field."];

    /// <summary>Runs it.</summary>
    public static async Task RunAsync(ArchGenService service, string text, TextWriter output)
    {
        IEmbeddingGenerator<string, Embedding<float>> generator = service.AsEmbeddingGenerator();
        var embeddings = await generator.GenerateAsync([text, .. Sentences]);
        for (var i = 0; i < Sentences.Length; i++)
        {
            var similarity = TensorPrimitives.CosineSimilarity(embeddings[0].Vector.Span, embeddings[i + 1].Vector.Span);
            output.WriteLine(FormattableString.Invariant($"{similarity:F3} {Sentences[i]}"));
        }
    }
}
