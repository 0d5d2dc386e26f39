using ArchGen.Gguf;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>The model of a tokenizer as its files state it; one factory method for each kind of file.</summary>
internal sealed class TokenizerSource
{
    private TokenizerSource(string model, TokenList tokens) => (Model, Tokens) = (model, tokens);

    /// <summary><c>tokenizer.ggml.model</c>.</summary>
    public string Model { get; }

    public TokenList Tokens { get; }

    /// <summary><c>tokenizer.ggml.pre</c>, if the kind has one.</summary>
    public string? Pre { get; private init; }

    public bool HasScores { get; private init; }

    /// <summary>Whether the model has an embedding of token types (the segments of an encoder), whose number is a key of the tokenizer.</summary>
    public bool HasTokenTypes { get; private init; }

    public string[]? Merges { get; private init; }

    public bool AddsSpacePrefix { get; private init; } = true;

    /// <summary>Writes the keys that only this kind has.</summary>
    public Action<GgufMetadata> WriteFurther { get; private init; } = static _ => { };

    /// <summary>Finds the files and reads them. tokenizer.json has precedence, except for SentencePiece, whose own file has the scores.</summary>
    /// <exception cref="ArchGenException">There is no tokenizer, or it is damaged or of a kind that a GGUF cannot hold.</exception>
    public static TokenizerSource Of(TokenizerFolder files, int? vocabSize, TokenizerOptions options)
    {
        var tokenizer = files.Tokenizer;
        if (tokenizer.Exists)
        {
            var model = tokenizer["model"];
            var hasByteLevel = PreTokenizerSection.Canonical(tokenizer).Contains("ByteLevel", StringComparison.Ordinal);
            if (ModelType(model) == "WordPiece") return WordPiece(files, vocabSize, options);
            if (ModelType(model) == "BPE" && hasByteLevel) return BytePairs(files, vocabSize, options);
        }

        if (files.Find("tokenizer.model", "spiece.model", "sentencepiece.bpe.model") is { } file) return SentencePieceFile(files, file, vocabSize, options);
        if (tokenizer.Exists) return SentencePieceOfJson(files, vocabSize, options);
        if (files.Find("tekken.json") is not null) return Tekken(files, options);
        if (files.Find("qwen.tiktoken") is { } ranks) return Tiktoken(ranks, vocabSize, options);
        if (files.Find("tokenizer.jsonl") is { } plamo) return Plamo(plamo, vocabSize);
        if (files.FindLike("rwkv_vocab_v*.txt") is { } rwkv) return Rwkv(rwkv, vocabSize);
        if (files.Find("vocab.json") is not null && files.Find("merges.txt") is { } merges) return VocabularyAndMerges(files, merges, vocabSize, options);
        if (files.Find("vocab.txt") is not null) return WordPiece(files, vocabSize, options);
        throw new ModelFileException(
            $"{files.Path}: there is no tokenizer. Expected tokenizer.json, tokenizer.model, spiece.model, sentencepiece.bpe.model, tekken.json, "
            + "tokenizer.jsonl, qwen.tiktoken, vocab.json with merges.txt, vocab.txt or rwkv_vocab_v*.txt; download the missing file.");
    }

    /// <summary>The kind of model; in old files, which leave it out, it follows from their keys. Null if it is not known.</summary>
    private static string? ModelType(JsonValue model) =>
        model["type"].TextOrNull ?? (model["merges"].Exists ? "BPE" : model["unk_id"].Exists ? "Unigram" : model["vocab"].IsObject ? "WordPiece" : null);

    private static bool HasTokenTypesOf(TokenizerFolder files, TokenizerOptions options) =>
        files.Config["type_vocab_size"].Exists || options.Default("type_vocab_size") is not null;

    private static TokenizerSource BytePairs(TokenizerFolder files, int? vocabSize, TokenizerOptions options)
    {
        var model = files.Tokenizer["model"];
        return new("gpt2", BytePairVocabulary.Tokens(model["vocab"], files, vocabSize))
        {
            Pre = PreName(files.Tokenizer, options),
            Merges = BytePairVocabulary.Merges(model["merges"]),
            HasTokenTypes = HasTokenTypesOf(files, options),
        };
    }

    private static string PreName(JsonValue tokenizer, TokenizerOptions options)
    {
        if (options.Pre is { } given) return given;
        var structure = PreTokenizerSection.Canonical(tokenizer);
        var post = tokenizer["post_processor"];
        return PreTokenizerStructures.Find(structure, PostTypes(post), options.PreHints) ?? throw new ModelFileException(
            $"{tokenizer.File}: normalizer, pre_tokenizer and ignore_merges have a structure that no name in GGUF is known for: "
            + $"{MessageText.Quote(structure, maximumLength: 2000)}. If a known pre-tokenizer splits texts in the same way, give its name with --pre NAME.");
    }

    private static string PostTypes(JsonValue post) => (post["processors"].IsList ? post["processors"].Items : [post])
        .Select(processor => processor["type"].TextOrNull).LastOrDefault(type => type is not (null or "ByteLevel")) ?? "";

    private static TokenizerSource VocabularyAndMerges(TokenizerFolder files, string merges, int? vocabSize, TokenizerOptions options) =>
        new("gpt2", BytePairVocabulary.Tokens(JsonValue.ReadFile(files.Path, "vocab.json", isVocabulary: true), files, vocabSize))
        {
            Pre = options.Pre ?? options.PreHints.FirstOrDefault() ?? PreTokenizerStructures.Find("ByteLevel regex", "", []),
            Merges = BytePairVocabulary.Merges(merges),
        };

    private static TokenizerSource WordPiece(TokenizerFolder files, int? vocabSize, TokenizerOptions options) =>
        new("bert", WordPieceVocabulary.Tokens(files, vocabSize))
        {
            Pre = options.Pre ?? options.PreHints.FirstOrDefault() ?? "jina-v2-en",
            HasTokenTypes = true,
        };

    private static TokenizerSource SentencePieceFile(TokenizerFolder files, string file, int? vocabSize, TokenizerOptions options)
    {
        var model = SentencePieceModel.Read(file);
        var isFairseq = Path.GetFileName(file) == "sentencepiece.bpe.model";
        var isUnigram = isFairseq || Path.GetFileName(file) == "spiece.model";
        if (isUnigram)
        {
            return new("t5", isFairseq
                ? SentencePieceVocabulary.Fairseq(model, file, vocabSize)
                : SentencePieceVocabulary.Unigram(model, file, files, vocabSize))
            {
                Pre = "default",
                HasScores = true,
                HasTokenTypes = HasTokenTypesOf(files, options),
                WriteFurther = metadata =>
                {
                    metadata["tokenizer.ggml.add_space_prefix"] = GgufValue.From(model.AddsDummyPrefix);
                    SentencePieceVocabulary.WriteNormalizer(model, metadata);
                },
            };
        }

        return new("llama", SentencePieceVocabulary.Merged(model, file, files, vocabSize))
        {
            Pre = files.Config.Exists ? "default" : null,
            HasScores = true,
            AddsSpacePrefix = model.AddsDummyPrefix,
        };
    }

    private static TokenizerSource SentencePieceOfJson(TokenizerFolder files, int? vocabSize, TokenizerOptions options)
    {
        var model = files.Tokenizer["model"];
        switch (ModelType(model))
        {
            case "BPE" when model["byte_fallback"].IsTrue:
                return new("llama", SentencePieceJson.Tokens(files))
                {
                    Pre = "default",
                    HasScores = true,
                    AddsSpacePrefix = SentencePieceJson.AddsSpacePrefix(files.Tokenizer),
                };
            case "Unigram":
                return new("t5", UnigramJson.Tokens(files, vocabSize))
                {
                    Pre = "default",
                    HasScores = true,
                    HasTokenTypes = HasTokenTypesOf(files, options),
                    WriteFurther = metadata =>
                    {
                        metadata["tokenizer.ggml.add_space_prefix"] = GgufValue.From(SentencePieceJson.AddsSpacePrefix(files.Tokenizer));
                        UnigramJson.WriteNormalizer(files, metadata);
                    },
                };
            case "BPE":
                return BytePairs(files, vocabSize, options);
            default:
                throw model["type"].Fault("\"BPE\", \"Unigram\" or \"WordPiece\", the kinds that a GGUF can hold");
        }
    }

    private static TokenizerSource Tekken(TokenizerFolder files, TokenizerOptions options)
    {
        var vocabulary = TekkenVocabulary.Read(files.Path);
        return new("gpt2", vocabulary.Tokens)
        {
            Pre = options.Pre ?? "tekken",
            Merges = [.. vocabulary.Merges],
            WriteFurther = static metadata =>
            {
                metadata["tokenizer.ggml.bos_token_id"] = GgufValue.From(1u);
                metadata["tokenizer.ggml.eos_token_id"] = GgufValue.From(2u);
                metadata["tokenizer.ggml.unknown_token_id"] = GgufValue.From(0u);
                metadata["tokenizer.ggml.add_bos_token"] = GgufValue.From(true);
                metadata["tokenizer.ggml.add_eos_token"] = GgufValue.From(false);
            },
        };
    }

    private static TokenizerSource Tiktoken(string file, int? vocabSize, TokenizerOptions options)
    {
        var vocabulary = TiktokenVocabulary.Read(file, vocabSize);
        return new("gpt2", vocabulary.Tokens)
        {
            Pre = options.Pre ?? "qwen2",
            Merges = [.. vocabulary.Merges],
            WriteFurther = vocabulary.WriteFurther,
        };
    }

    private static TokenizerSource Plamo(string file, int? vocabSize)
    {
        var tokens = PlamoVocabulary.Tokens(file, vocabSize);
        return new("plamo2", tokens)
        {
            Pre = "default",
            HasScores = true,
            WriteFurther = metadata =>
            {
                if (tokens.Find(PlamoVocabulary.EndOfTurn) is { } end) metadata["tokenizer.ggml.eot_token_id"] = GgufValue.From((uint)end);
            },
        };
    }

    private static TokenizerSource Rwkv(string file, int? vocabSize) => new("rwkv", RwkvVocabulary.Tokens(file, vocabSize))
    {
        WriteFurther = static metadata =>
        {
            metadata["tokenizer.ggml.eot_token_id"] = GgufValue.From(RwkvVocabulary.EndOfTurn);
            metadata["tokenizer.ggml.bos_token_id"] = GgufValue.From(0u);
            metadata["tokenizer.ggml.eos_token_id"] = GgufValue.From(0u);
        },
    };
}
