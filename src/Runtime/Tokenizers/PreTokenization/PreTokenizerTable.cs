namespace ArchGen.Tokenizers.PreTokenization;

/// <summary>
/// The pre-tokenizer of each published family, by its names in <c>tokenizer.ggml.pre</c>. The patterns are those of the models' tokenizer.json,
/// in the form in which GGUF engines apply them, which distinguish upper and lower case in ASCII only; PublishedSteps has the others.
/// </summary>
internal static class PreTokenizerTable
{
    /// <summary>Contractions of English, in either case.</summary>
    private const string Contraction = "'(?:[sStTmMdD]|[rR][eE]|[vV][eE]|[lL][lL])";

    private const string WhiteSpace = @"\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Han ideographs of the first block, Hiragana and Katakana.</summary>
    private const string ChineseAndJapanese = "[一-龥぀-ゟ゠-ヿ]+";

    private static readonly string Gpt2 = @"'(?:[stmd]|re|ve|ll)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)";

    private static readonly string Llama3 = LetterWords(@"\p{N}{1,3}");

    private static readonly string Qwen2 = LetterWords(@"\p{N}");

    /// <summary>Punctuation keeps to itself, marks to their letters; the last pattern of DeepSeek 3 and AFMoE.</summary>
    private static readonly string PunctuationAndWords =
        @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|" + WhiteSpace;

    private static readonly string MarkedWords = @"[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+(?:" + Contraction + ")?+";

    /// <summary>Letters of the cased scripts.</summary>
    private static readonly string DeepSeekLetters = @"\s?["
        + "A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-ώ"
        + "ᾀ-ᾴᾶ-ᾼιῂ-ῄῆ-ῌῐ-ΐῖ-Ίῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤΩℨK-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏"
        + "𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃"
        + "]+";

    /// <summary>Ideographs, kana and Hangul, with the wide ranges around them that the published file has.</summary>
    private const string DeepSeekIdeographs = "[一-龥ࠀ-一가-퟿]+";

    private const string NotPunctuation = @" ?[^(\s|.,!?…。，、।۔،)]+";

    /// <summary>Scripts without spaces between words.</summary>
    private const string UnspacedScripts = "[一-鿿㐀-䶿豈-﫿぀-ゟ゠-ヿ･-ﾟ⼀-⿟เ-๿຀-໿ក-៿က-႟ꩠ-ꩿꧠ-꧿가-힯ᄀ-ᇿ]+";

    public static readonly PreTokenizer[] All =
    [
        new(PreTokenizer.Default, [Split(@"[\p{P}\$\+<=>\^~\|]+"), Split(Gpt2), Split(@"\p{N}+"), Split("[0-9]{3}")]),

        new("gpt-2 phi-2 jina-es jina-de gigachat jina-v2-es jina-v2-de a.x-4.0 mellum mpt jais exaone4 jina-v1-en jina-v2-code "
            + "roberta-bpe", [Split(Gpt2)]),
        new("modern-bert olmo", [Split(Gpt2)]) { Composes = true },
        new("trillion granite-docling", [Split(Gpt2)]) { CleansSpaces = false },
        new("starcoder refact codeshell exaone minerva-7b mellum2", [Split(@"\p{N}"), Split(Gpt2)]),
        new("smollm", [Split(@"\p{N}"), Split(Gpt2)]) { CleansSpaces = false },
        new("command-r", [Split(@"\p{N}"), Split(Gpt2)]) { CleansSpaces = false, Composes = true },
        new("falcon", [Split(@"[\p{P}\$\+<=>\^~\|`]+"), Split(Gpt2), Split("[0-9]{3}")]),

        new("llama-bpe llama3 llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano", [Split(Llama3)]) { TakesWholeWords = true, AddsBos = true },
        new("dbrx smaug-bpe glm4 chatglm-bpe", [Split(Llama3)]),
        new("minicpm5", [Split(@"\p{N}{1,3}"), Split(LetterWords(@"\p{N}+"))]) { TakesWholeWords = true },
        new("jais-2", [Split(Contraction + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s{512}(?!\S)|\s{256}(?!\S)|"
            + @"\s{128}(?!\S)|\s{64}(?!\S)|\s{32}(?!\S)|\s{16}(?!\S)|\s{8}(?!\S)|\s{4}(?!\S)|\s{1,2}(?!\S)|\s")]),

        new("qwen2", [Split(Qwen2)]) { CleansSpaces = false, Composes = true },
        new("deepseek-r1-qwen kormo f2llmv2 hunyuan grok-2 solar-open", [Split(Qwen2)]) { CleansSpaces = false },
        new("stablelm2 megrez", [Split(Qwen2)]),
        new("laguna", [Split(@"[^\n]+|\n+"), Split(Qwen2)]) { CleansSpaces = false },
        new("qwen35", [Split(Contraction + @"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|" + WhiteSpace)])
            { CleansSpaces = false, Composes = true },
        new("seed-coder", [Split(Contraction + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}\r\n]+|" + WhiteSpace)]) { CleansSpaces = false },
        new("bailingmoe bailingmoe2 llada-moe",
            [Split(Contraction + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+")]) { CleansSpaces = false },
        new("exaone-moe", [Split(Contraction + @"|[^\r\n\p{L}\p{N}]?\p{L}[\p{L}\p{M}]*(?: \p{L}[\p{L}\p{M}]*)*+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]|"
            + @"\s+(?!\S)|\s+")]) { Composes = true },
        new("kimi-k2",
        [
            Split(@"\p{Han}+|[^\r\n\p{L}\p{N}]?[\p{L}-[\p{Han}]]+(?:" + Contraction + @")?+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|" + WhiteSpace),
        ]) { CleansSpaces = false },

        new("gpt-4o llama4 kanana2 talkie minimax-m2", [Split(CasedWords(@"\p{L}", Contraction, @"\p{N}{1,3}"))])
            { CleansSpaces = false, PublishedSteps = [Split(PublishedWords(Contraction, @"\p{N}{1,3}"))] },
        new("granite-embed-multi-97m", [Split(CasedWords(@"\p{L}\p{M}", Contraction, @"\p{N}{1,3}"))]) { CleansSpaces = false, TakesWholeWords = true },
        new("tekken", [Split(CasedWords(@"\p{L}", "", @"\p{N}"))])
            { CleansSpaces = false, TakesWholeWords = true, AddsBos = true, PublishedSteps = [Split(PublishedWords("", @"\p{N}"))] },
        new("tiny_aya cohere2moe",
            [DigitGroups.AfterEachGroup, Split(MarkedWords + @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + WhiteSpace)]) { CleansSpaces = false },
        new("youtu",
        [
            Split("[가-힣ㄱ-ㆎ]+|[！…“”‘’—：；，、-〿︰-﹏]+|[ㄅ-ㄯ]+|[一-龥぀-ゟ゠-ヿ]+"),
            Split(MarkedWords + @"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + WhiteSpace),
        ]) { CleansSpaces = false, TakesWholeWords = true },

        new("deepseek-llm",
        [
            Split(@"[\r\n]"), Split(DeepSeekLetters), Split(@"\s?[!-/:-~！-／：-～‘-‟　-。]+"), Split(@"\s+$"), Split(DeepSeekIdeographs), Split(@"\p{N}+"),
        ]) { CleansSpaces = false },
        new("deepseek-coder",
        [
            Split(@"[\r\n]"), Split(@"\s?\p{L}+"), Split(@"\s?\p{P}+"), Split(DeepSeekIdeographs), Split(@"\p{N}"),
        ]) { CleansSpaces = false },
        new("deepseek-v3 hunyuan-dense joyai-llm", [Split(@"\p{N}{1,3}"), Split(ChineseAndJapanese), Split(PunctuationAndWords)]) { CleansSpaces = false },
        new("afmoe", [DigitGroups.AfterEachGroup, Split(UnspacedScripts), Split(PunctuationAndWords)]) { CleansSpaces = false },

        new("bloom gpt3-finnish", [Split(NotPunctuation)]),
        new("poro-chat", [Split(NotPunctuation)]) { CleansSpaces = false },
        new("viking", [Split(NotPunctuation), Split(@"\p{N}")]) { CleansSpaces = false, Composes = true },
        new("superbpe", [Split(@"\p{N}+"), DigitGroups.BeforeEachGroup]) { CleansSpaces = false },
        new("chameleon",
        [
            Split("<sentinel:[0-9]+>"), Split("IMGIMG[A-I]{1,4}Z"), Split(@"[\t\n]|    |  "), Split(@"\p{N}"), Split(@"[\p{P}!-/:-@\[-`{-~]"), Split(Gpt2),
        ]) { CleansSpaces = false, AddsBos = true },

        // SentencePiece in the form of merges: spaces are escaped, and words are whole lines.
        new("gemma4 granite-embed-multi-311m", [Split(@"[^\n]+|\n+")])
            { OverBytes = false, EscapesSpaces = true, AlwaysAddsBos = true, TakesWholeNewLines = true },
        new("sarvam-moe", [Split(@"[^\n]+|\n+")]) { OverBytes = false, EscapesSpaces = true, CleansSpaces = false },
    ];

    private static SplitPattern Split(string pattern) => new(pattern);

    /// <summary>Llama 3 and its kin: words of letters that may take one character before them, numbers, punctuation with its line breaks.</summary>
    private static string LetterWords(string numbers) =>
        Contraction + @"|[^\r\n\p{L}\p{N}]?\p{L}+|" + numbers + @"| ?[^\s\p{L}\p{N}]+[\r\n]*|" + WhiteSpace;

    /// <summary>GPT-4o and its kin: a word ends where upper case begins again, and takes its contraction along.</summary>
    private static string CasedWords(string letters, string contraction, string numbers) =>
        Words($"[{letters}-[a-z]]", $"[{letters}-[A-Z]]", contraction, numbers);

    /// <summary>The same as it is published: letters have their case in every script, marks belong to their letters.</summary>
    private static string PublishedWords(string contraction, string numbers) =>
        Words(@"[\p{L}\p{M}-[\p{Lower}]]", @"[\p{L}\p{M}-[\p{Upper}]]", contraction, numbers);

    private static string Words(string upper, string lower, string contraction, string numbers)
    {
        var suffix = contraction.Length > 0 ? $"(?:{contraction})?+" : "";
        return $@"[^\r\n\p{{L}}\p{{N}}]?{upper}*{lower}+{suffix}|[^\r\n\p{{L}}\p{{N}}]?{upper}+{lower}*{suffix}|{numbers}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|"
            + WhiteSpace;
    }
}
