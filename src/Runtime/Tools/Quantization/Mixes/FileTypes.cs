using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Tools.Quantization.Plan;
using static ArchGen.Formats.TensorType;
using static ArchGen.Tools.Quantization.Mixes.Choice;

namespace ArchGen.Tools.Quantization.Mixes;

/// <summary>
/// The mixes: which type the tensors of each role have, as llama.cpp publishes them. What all have in common is in <see cref="TypeSelection"/>.
/// </summary>
public static class FileTypes
{
    private static readonly Choice[] Raised = [EightExperts(Q5_K)];

    /// <summary>Every file type, the widest first.</summary>
    public static IReadOnlyList<FileType> All { get; } =
    [
        new("F32", 0, F32),
        new("F16", 1, F16),
        new("BF16", 32, BF16),
        new("Q8_0", 7, Q8_0) { Output = Q8_0 },
        new("Q6_K", 18, Q6_K),
        new("Q5_K_M", 17, Q5_K)
        {
            Aliases = ["Q5_K"], Value = [Sensitive(Q6_K)], FeedForwardDown = [Sensitive(Q6_K)],
        },
        new("Q5_K_S", 16, Q5_K),
        new("Q5_1", 9, Q5_1),
        new("Q5_0", 8, Q5_0)
        {
            FeedForwardDown = [FirstPart(8, Q5_1).WithImportance()],
        },
        new("Q4_K_M", 15, Q4_K)
        {
            Aliases = ["Q4_K"], Value = [Sensitive(Q6_K)], AttentionOutput = Raised,
            FeedForwardDown = [Sensitive(Q6_K)], LeanFeedForwardDown = [FirstPart(16, Q6_K), Sensitive(Q5_K)],
        },
        new("Q4_K_S", 14, Q4_K)
        {
            Value = [First(4, Q5_K)], AttentionOutput = Raised,
            FeedForwardDown = [FirstPart(8, Q5_K)], LeanFeedForwardDown = [],
        },
        new("Q4_1", 3, Q4_1),
        new("Q4_0", 2, Q4_0)
        {
            FeedForwardDown = [FirstPart(8, Q4_1).WithImportance()],
        },
        new("IQ4_NL", 25, IQ4_NL)
        {
            Value = [Shared(Q5_K)], AttentionOutput = Raised,
            FeedForwardDown = [FirstPart(8, Q5_K).WithoutImportance()],
        },
        new("IQ4_XS", 30, IQ4_XS)
        {
            Value = [Shared(Q5_K)], AttentionOutput = Raised,
            FeedForwardDown = [FirstPart(8, Q5_K).WithoutImportance()],
        },
        new("MXFP4_MOE", 38, MXFP4) { ForExperts = true, Output = Q8_0 },
        new("NVFP4", 39, NVFP4),
        new("Q3_K_L", 13, Q3_K)
        {
            Value = [Always(Q5_K)], AttentionOutput = [Always(Q5_K).And(static place => place.Model.Experts != ManyExperts)],
            LeanAttentionOutput = [Always(Q4_K)],
            FeedForwardDown = [Always(Q5_K)], LeanFeedForwardDown = [Always(Q4_K)],
        },
        new("Q3_K_M", 12, Q3_K)
        {
            Aliases = ["Q3_K"], Value = [First(2, Q5_K), Always(Q4_K)], AttentionOutput = [.. Raised, Always(Q4_K)],
            FeedForwardDown = [FirstPart(16, Q5_K), Always(Q4_K)], LeanFeedForwardDown = [FirstPart(16, Q5_K), Sensitive(Q4_K)],
        },
        new("Q3_K_S", 11, Q3_K) { AttentionOutput = Raised },
        new("IQ3_M", 27, IQ3_S)
        {
            Value = [Always(Q4_K)], AttentionOutput = [.. Raised, Always(Q4_K)],
            FeedForwardDown = [FirstPart(8, Q4_K), Sensitive(Q4_K).And(EightExperts(Q4_K).Holds)],
        },
        new("IQ3_S", 26, IQ3_S) { Value = [Shared(Q4_K)], AttentionOutput = Raised },
        new("IQ3_XS", 22, IQ3_S)
        {
            Query = [Always(IQ3_XXS)], Key = [Always(IQ3_XXS)], Value = [Shared(Q4_K)], AttentionOutput = Raised,
            FeedForwardInput = [Middle(IQ3_XXS)],
        },
        new("IQ3_XXS", 23, IQ3_XXS)
        {
            Output = Q5_K, TokenEmbedding = [Always(IQ3_S)],
            Query = [Always(IQ2_S)], Key = [Always(IQ2_S)], Value = [Shared(Q4_K), Always(IQ3_S).WithoutImportance()],
            AttentionOutput = [.. Raised, Always(IQ3_S)],
            FeedForwardDown = [FirstPart(8, Q4_K).WithoutImportance(), Always(Q3_K).WithoutImportance()],
        },
        new("Q2_K", 10, Q2_K)
        {
            Value = [Shared(Q4_K), Always(Q3_K)], AttentionOutput = [.. Raised, Always(Q3_K)],
            FeedForwardDown = [Always(Q3_K)],
        },
        new("Q2_K_S", 21, Q2_K) { NeedsImportance = true, Value = [Shared(Q4_K)], FeedForwardDown = [FirstPart(8, Q4_K)] },
        Lowest("IQ2_M", 29, IQ2_S, better: IQ3_S, attentionOutput: IQ3_S),
        Lowest("IQ2_S", 28, IQ2_XS, better: IQ3_S, attentionOutput: IQ3_S),
        Lowest("IQ2_XS", 20, IQ2_XS, better: Q2_K, attentionOutput: IQ2_XS),
        Lowest("IQ2_XXS", 19, IQ2_XXS, better: Q2_K, attentionOutput: IQ2_XXS),
        Lowest("IQ1_M", 31, IQ1_M, better: Q2_K, attentionOutput: IQ2_XXS),
        Lowest("IQ1_S", 24, IQ1_S, better: Q2_K, attentionOutput: IQ2_XXS),
        new("Q2_0", 41, Q2_0) { TokenEmbedding = [Always(Q4_K)] },
        new("TQ2_0", 37, TQ2_0) { TokenEmbedding = [Always(Q4_K)] },
        new("TQ1_0", 36, TQ1_0) { TokenEmbedding = [Always(Q4_K)] },
        new("Q1_0", 40, Q1_0),
        new("COPY", -1, F32) { KeepsTypes = true },
    ];

    /// <summary>Mixes of about two bits and fewer, which need an importance matrix.</summary>
    private static FileType Lowest(string name, int id, TensorType type, TensorType better, TensorType attentionOutput) => new(name, id, type)
    {
        IsLowest = true,
        Output = Q5_K,
        TokenEmbedding = [Always(better)],
        Key = [EightExperts(Q4_K)],
        Value = [Shared(Q4_K), FourExperts(Q4_K), Always(better)],
        AttentionOutput = [EightExperts(Q5_K), Always(attentionOutput)],
        FeedForwardDown = [FirstPart(8, better)],
    };
}
