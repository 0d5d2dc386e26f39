using System.Text;
using System.Text.RegularExpressions;
using ArchGen.Tools.Recipes;

namespace ArchGen.Fixtures;

/// <summary>
/// The recipe of Qwen3-Next with one block more, which predicts further tokens: like block 1, with weights of its own and the tensors that join a token with
/// the row of the token before. The main model is that of the recipe, whose results are recorded.
/// </summary>
public static partial class PredictingRecipe
{
    private static readonly string[] Joining =
    [
        "[\"blk.2.nextn.enorm.weight\", \"f32\", [64], \"normal\", 1, 0.2]",
        "[\"blk.2.nextn.hnorm.weight\", \"f32\", [64], \"normal\", 1, 0.2]",
        "[\"blk.2.nextn.eh_proj.weight\", \"f32\", [128, 64], \"normal\", 0, 0.115]",
        "[\"blk.2.nextn.shared_head_norm.weight\", \"f32\", [64], \"normal\", 1, 0.2]",
    ];

    private static readonly string[] Own =
    [
        "[\"blk.2.nextn.embed_tokens.weight\", \"f32\", [64, 128], \"normal\", 0, 0.7]",
        "[\"blk.2.nextn.shared_head_head.weight\", \"f32\", [64, 128], \"normal\", 0, 0.1625]",
    ];

    /// <summary>The recipe.</summary>
    /// <param name="ownTables">Whether the block has an embedding and an output matrix of its own.</param>
    /// <param name="without">The tensor that it lacks, if any.</param>
    public static ModelRecipe Load(bool ownTables = false, string? without = null)
    {
        var fixture = ArchitectureFixture.Load("qwen3next");
        var json = File.ReadAllText(fixture.PathOf(".json"));
        var block = Block().Matches(json).Select(m => m.Value.Replace("blk.1.", "blk.2.", StringComparison.Ordinal)).Concat(Joining)
            .Concat(ownTables ? Own : []).Where(row => without is null || !row.Contains($"\"{without}\"", StringComparison.Ordinal));
        json = json.Replace("[\"qwen3next.block_count\", \"u32\", 2]",
                "[\"qwen3next.block_count\", \"u32\", 3], [\"qwen3next.nextn_predict_layers\", \"u32\", 1]", StringComparison.Ordinal)
            .Replace("\"tensors\": [", "\"tensors\": [" + string.Concat(block.Select(row => row + ",")), StringComparison.Ordinal);
        return ModelRecipe.Parse("predicting", "predicting.json", Encoding.UTF8.GetBytes(json), null);
    }

    [GeneratedRegex(@"\[""blk\.1\.[^\[\]]*\[[^\]]*\][^\]]*\]")]
    private static partial Regex Block();
}
