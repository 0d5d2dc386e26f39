namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>
/// The names that <c>tokenizer.ggml.pre</c> has for a structure of tokenizer.json (<see cref="PreTokenizerSection"/>). All names of a row split texts in the
/// same way; the default is the first, unless the architecture prefers another.
/// </summary>
internal static class PreTokenizerStructures
{
    private const string Contraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string WhiteSpace = @"\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Upper = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]";
    private const string Lower = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";
    private const string Ideographs = "[一-龥ࠀ-一가-퟿]+";
    private const string DeepSeekLetters =
        @"\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-ώᾀ-ᾴᾶ-ᾼι"
        + @"ῂ-ῄῆ-ῌῐ-ΐῖ-Ίῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤΩℨK-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-"
        + @"𞥃]+";

    private const string Bytes = " → ByteLevel";
    private const string WholeWords = " → whole words";
    private const string Gpt2 = "ByteLevel regex";
    private const string Llama3 = "Split /" + Contraction + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|" + WhiteSpace + "/" + Bytes;
    private const string Qwen2 = "Split /" + Contraction + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|" + WhiteSpace + "/" + Bytes;
    private const string DeepSeek3 = @"Split /\p{N}{1,3}/ → Split /[一-龥぀-ゟ゠-ヿ]+/ → "
        + @"Split /[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|" + WhiteSpace + "/" + Bytes;
    private const string Gpt4O = "Split /" + @"[^\r\n\p{L}\p{N}]?" + Upper + "*" + Lower + "+" + Contraction + @"?|[^\r\n\p{L}\p{N}]?" + Upper + "+" + Lower
        + "*" + Contraction + @"?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + WhiteSpace + "/" + Bytes;
    private const string Tekken = "Split /" + @"[^\r\n\p{L}\p{N}]?" + Upper + "*" + Lower + @"+|[^\r\n\p{L}\p{N}]?" + Upper + "+" + Lower
        + @"*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + WhiteSpace + "/" + Bytes;

    /// <summary>A structure, the post-processor that it needs ("" for any) and its names.</summary>
    private static readonly (string Structure, string Post, string Names)[] Rows =
    [
        (Gpt2, "RobertaProcessing", "roberta-bpe jina-v1-en jina-v2-code"),
        (Gpt2, "", "gpt-2 phi-2 jina-es jina-de gigachat jina-v2-es jina-v2-de a.x-4.0 mellum jais trillion granite-docling"),
        ("NFC → " + Gpt2, "TemplateProcessing", "modern-bert olmo mpt exaone4 exaone gpt-2"),
        ("NFC → " + Gpt2, "", "olmo mpt exaone4 exaone modern-bert gpt-2"),
        (@"Split /\p{N}/ → " + Gpt2, "", "refact starcoder codeshell smollm exaone minerva-7b mellum2"),
        (@"NFC → Split /\p{N}/ → " + Gpt2, "", "command-r exaone"),
        (@"Punctuation Contiguous → ByteLevel regex → Split /\p{N}+/ → Split /[0-9]{3}/", "", "falcon"),

        (Llama3 + WholeWords, "", "llama-bpe falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano bailingmoe smaug-bpe"),
        (Llama3, "", "dbrx smaug-bpe glm4 chatglm-bpe falcon-h1 falcon3 lfm2 llama-bpe"),
        (Qwen2, "", "hunyuan qwen2 stablelm2 megrez grok-2 solar-open deepseek-r1-qwen kormo"),
        ("NFC → " + Qwen2, "", "qwen2 stablelm2 megrez deepseek-r1-qwen kormo f2llmv2 hunyuan"),
        ("NFC → Split /" + Contraction + @"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|" + WhiteSpace + "/" + Bytes, "", "qwen35"),
        (@"Split /\p{N}{1,3}/ → Split /" + Contraction + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}+| ?[^\s\p{L}\p{N}]+[\r\n]*|" + WhiteSpace + "/" + Bytes
            + WholeWords, "", "minicpm5"),
        ("Split /" + Contraction + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}\r\n]+|" + WhiteSpace + "/" + Bytes, "", "seed-coder"),
        ("Split /" + Contraction + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+/" + Bytes, "",
            "bailingmoe bailingmoe2 llada-moe"),
        ("Split /" + Contraction + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s{512}(?!\S)|\s{256}(?!\S)|\s{128}(?!\S)|"
            + @"\s{64}(?!\S)|\s{32}(?!\S)|\s{16}(?!\S)|\s{8}(?!\S)|\s{4}(?!\S)|\s{1,2}(?!\S)|\s/" + Bytes, "", "jais-2"),
        ("NFC → Split /" + Contraction + @"|[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+/"
            + Bytes, "", "exaone-moe"),

        (Gpt4O, "", "gpt-4o llama4 kanana2 talkie minimax-m2"),
        (Gpt4O + WholeWords, "", "gpt-4o llama4 kanana2 minimax-m2"),
        (Tekken, "", "tekken"),
        (Tekken + WholeWords, "", "tekken"),
        (@"Split /\d{1,3}(?=(?:\d{3})*\b)/ → " + Gpt4O, "", "tiny_aya cohere2moe"),
        (@"NFC → Split /\d{1,3}(?=(?:\d{3})*\b)/ → " + Gpt4O, "", "tiny_aya cohere2moe"),

        (DeepSeek3, "", "deepseek-v3 hunyuan-dense joyai-llm"),
        (@"Split /[\r\n]/ → Split /" + DeepSeekLetters + @"/ → Split /\s?[!-/:-~！-／：-～‘-‟　-。]+/ → Split /\s+$/ → Split /" + Ideographs
            + @"/ → Split /\p{N}/" + Bytes, "", "deepseek-llm"),
        (@"Split /[\r\n]/ → Split /\s?\p{L}+/ → Split /\s?\p{P}+/ → Split /" + Ideographs + @"/ → Split /\p{N}/" + Bytes, "", "deepseek-coder"),

        ("Split / ?[^(\\s|[.,!?…。，、।۔،])]+/" + Bytes, "", "bloom gpt3-finnish poro-chat"),
        ("Split / ?[^(\\s|.,!?…。，、।۔،)]+/" + Bytes, "", "bloom gpt3-finnish poro-chat"),
        (@"NFC → Split / ?[^(\s|[.,!?…。，、।۔،])]+/ → Split /\p{N}/" + Bytes, "", "viking"),
    ];

    /// <summary>The name for a structure, or null if it is not known.</summary>
    /// <param name="structure">The canonical line of the sections.</param>
    /// <param name="post">The type of the post-processor.</param>
    /// <param name="hints">Names that are preferred if several fit.</param>
    public static string? Find(string structure, string post, IReadOnlyList<string> hints)
    {
        foreach (var row in Rows)
        {
            if (row.Structure != structure || (row.Post.Length > 0 && row.Post != post)) continue;
            var names = row.Names.Split(' ');
            return hints.FirstOrDefault(hint => names.Contains(hint)) ?? names[0];
        }

        return null;
    }
}
