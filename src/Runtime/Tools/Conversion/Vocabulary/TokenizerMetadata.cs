using ArchGen.Gguf;
using ArchGen.Tokenizers;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>The keys of a GGUF that describe the tokenizer, from the files of a checkpoint folder.</summary>
public static class TokenizerMetadata
{
    private const string Prefix = "tokenizer.ggml.";

    /// <summary>The <c>tokenizer.*</c> keys, in the order in which llama.cpp's converter writes them.</summary>
    /// <exception cref="ArchGenException">The folder has no tokenizer, or one that is broken, or one of a structure that is not known.</exception>
    public static IReadOnlyList<KeyValuePair<string, GgufValue>> Read(string folder, TokenizerOptions options)
    {
        if (!Directory.Exists(folder)) throw new ModelFileException($"{folder}: there is no such folder. Give the folder of a checkpoint.");
        TokenizerFolder files = new(folder);
        GgufMetadata metadata = new(folder);
        foreach (var (key, value) in options.Stated) metadata[key] = value;

        var source = TokenizerSource.Of(files, options.VocabSize ?? (files.Setting("vocab_size") is { Exists: true } size ? size.Integer : null), options);
        if (source.HasTokenTypes)
        {
            var types = files.Setting("type_vocab_size").IntegerIfAny ?? options.Default("type_vocab_size") ?? 1;
            metadata[Prefix + "token_type_count"] = GgufValue.From((uint)Math.Max(0, types));
        }

        metadata[Prefix + "model"] = GgufValue.From(source.Model);
        if (source.Pre is { } pre) metadata[Prefix + "pre"] = GgufValue.From(pre);
        source.Tokens.WriteTo(metadata, source.HasScores);
        source.WriteFurther(metadata);
        if (source.Merges is { } merges) metadata[Prefix + "merges"] = GgufValue.From(merges);

        // Meta's own folders (params.json) have only the SentencePiece file.
        if (files.Config.Exists || files.Tokenizer.Exists || files.TokenizerConfig.Exists)
        {
            new SpecialTokenKeys(files, source.Tokens, options.Default).WriteTo(metadata);
            // Hunyuan's eos_token_id ends a turn, its eod_token_id a text.
            if (files.Setting("eod_token_id").IntegerIfAny is { } end and >= 0) metadata[Prefix + "eos_token_id"] = GgufValue.From((uint)end);
            WriteNormalizer(files, metadata);
            ChatTemplates.WriteTo(metadata, files);
            if (!source.AddsSpacePrefix) metadata[Prefix + "add_space_prefix"] = GgufValue.From(false);
        }

        GgufMetadata whole = new(folder);
        foreach (var (key, value) in options.General.Concat(metadata)) whole[key] = value;
        Tokenizers.Vocabulary read = new(whole, []);
        foreach (var key in EndTokens.Write(files, whole, read, options.Log)) metadata[key] = whole[key];
        TokenLosses.ReportBeyond(source.Tokens, options.Log);
        if (options.EmbedTokenizer) Embed(files, metadata);
        else TokenLosses.ReportFlags(files, StrippingTokens.Of(whole, read), options.Log);
        return [.. metadata];
    }

    /// <summary>Writes whether WordPiece lowercases and strips accents, each only if the file states it.</summary>
    private static void WriteNormalizer(TokenizerFolder files, GgufMetadata metadata)
    {
        var normalizer = files.Tokenizer["normalizer"];
        var isBert = normalizer["type"].TextOrNull == "BertNormalizer";
        if (!isBert && files.Tokenizer.Exists) return;
        if ((isBert ? normalizer["lowercase"] : files.TokenizerConfig["do_lower_case"]).Flag is { } lowercase)
            metadata[Prefix + "normalizer.lowercase"] = GgufValue.From(lowercase);
        if ((isBert ? normalizer["strip_accents"] : files.TokenizerConfig["strip_accents"]).Flag is { } strips)
            metadata[Prefix + "normalizer.strip_accents"] = GgufValue.From(strips);
    }

    private static void Embed(TokenizerFolder files, GgufMetadata metadata) =>
        metadata["tokenizer.huggingface.json"] = GgufValue.From(files.Tokenizer.Exists
            ? files.Tokenizer.Raw
            : throw new RequestException($"{files.Path}: there is no tokenizer.json to embed. Convert without embedding it."));
}
