using System.Text.Json;
using ArchGen.Server.Http;
using ArchGen.Tokenizers;

namespace ArchGen.Server.Generation;

/// <summary>Reads prompts: a text, tokens, both mixed, or a list of those.</summary>
internal static class PromptFields
{
    /// <summary>Prompts that a request may have; OpenAI's limit for embeddings.</summary>
    public const int MaxPrompts = 2048;

    /// <summary>Whether a value is a list of prompts rather than one.</summary>
    public static bool IsList(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && value.EnumerateArray().All(item => item.ValueKind != JsonValueKind.Number);

    /// <summary>The tokens of each prompt.</summary>
    /// <param name="fields">The request.</param>
    /// <param name="name">The field: a text; an array of tokens, in which texts may be, too; an object with <c>prompt_string</c>; or an array of those.</param>
    /// <param name="tokenizer">The tokenizer. It adds the model's special tokens to a text with which a prompt begins.</param>
    /// <param name="parsesSpecial">Whether control tokens are read in texts.</param>
    /// <exception cref="RequestException">It is none of these, a token is not in the vocabulary, or there are too many.</exception>
    public static IReadOnlyList<int[]> Read(in JsonFields fields, string name, Tokenizer tokenizer, bool parsesSpecial)
    {
        var value = fields.Any(name) ?? throw fields.Missing(name, "a text, an array of tokens, or an array of those");
        if (!IsList(value)) return [Prompt(fields, name, value, tokenizer, parsesSpecial)];
        if (value.GetArrayLength() > MaxPrompts)
            throw new RequestException($"'{fields.At(name)}' has {value.GetArrayLength()} elements; expected at most {MaxPrompts}.");
        var prompts = new List<int[]>();
        foreach (var item in value.EnumerateArray()) prompts.Add(Prompt(fields, $"{name}[{prompts.Count}]", item, tokenizer, parsesSpecial));
        return prompts;
    }

    private static int[] Prompt(in JsonFields fields, string name, JsonElement value, Tokenizer tokenizer, bool parsesSpecial)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String: return tokenizer.Encode(value.GetString()!, addSpecial: true, parsesSpecial);
            case JsonValueKind.Object:
                var inner = new JsonFields(value, fields.At(name));
                if (inner.Any("multimodal_data") is not null) throw inner.Unsupported("multimodal_data", "The model reads texts.");
                return tokenizer.Encode(inner.RequiredText("prompt_string"), addSpecial: true, parsesSpecial);
            case JsonValueKind.Array: return Mixed(fields, name, value, tokenizer, parsesSpecial);
            default: throw fields.Wrong(name, value, "a text or an array of tokens");
        }
    }

    private static int[] Mixed(in JsonFields fields, string name, JsonElement value, Tokenizer tokenizer, bool parsesSpecial)
    {
        var tokens = new List<int>();
        var at = 0;
        foreach (var item in value.EnumerateArray())
        {
            var place = $"{name}[{at}]";
            if (item.ValueKind == JsonValueKind.String) tokens.AddRange(tokenizer.Encode(item.GetString()!, addSpecial: at == 0, parsesSpecial));
            else if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out var token)) throw fields.Wrong(place, item, "a token's id or a text");
            else if ((uint)token < (uint)tokenizer.Vocabulary.Count) tokens.Add(token);
            else throw new RequestException($"'{fields.At(place)}' is {token}; expected 0 to {tokenizer.Vocabulary.Count - 1}, the tokens of the vocabulary.");
            at++;
        }

        return [.. tokens];
    }
}
