namespace ArchGen.Tokenizers;

/// <summary>
/// The names of a vocabulary's special tokens: metadata keys, and, as many files leave keys out, the texts by which published models write them.
/// </summary>
internal static class SpecialTokenTexts
{
    private const string Prefix = "tokenizer.ggml.";

    /// <summary>The metadata keys of a role; a later key is an older name.</summary>
    public static string[] Keys(SpecialToken role) => role switch
    {
        SpecialToken.Bos => [Prefix + "bos_token_id"],
        SpecialToken.Eos => [Prefix + "eos_token_id"],
        SpecialToken.Eot => [Prefix + "eot_token_id"],
        SpecialToken.Eom => [Prefix + "eom_token_id"],
        SpecialToken.Unknown => [Prefix + "unknown_token_id"],
        SpecialToken.Separator => [Prefix + "seperator_token_id", Prefix + "separator_token_id"], // the GGUF specification has the misspelling
        SpecialToken.Padding => [Prefix + "padding_token_id"],
        SpecialToken.Mask => [Prefix + "mask_token_id"],
        SpecialToken.FimPrefix => [Prefix + "fim_pre_token_id", Prefix + "prefix_token_id"],
        SpecialToken.FimSuffix => [Prefix + "fim_suf_token_id", Prefix + "suffix_token_id"],
        SpecialToken.FimMiddle => [Prefix + "fim_mid_token_id", Prefix + "middle_token_id"],
        SpecialToken.FimPadding => [Prefix + "fim_pad_token_id"],
        SpecialToken.FimRepository => [Prefix + "fim_rep_token_id"],
        SpecialToken.FimFileSeparator => [Prefix + "fim_sep_token_id"],
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };

    /// <summary>Texts that name a role where no key does, the most telling first.</summary>
    public static string[] Texts(SpecialToken role) => role switch
    {
        SpecialToken.Eot =>
        [
            "<|eot_id|>", "<|im_end|>", "<|end|>", "<end_of_turn>", "<|endoftext|>", "<|end_of_text|>", "<EOT>", "_<EOT>", "[EOT]",
            "<｜end▁of▁sentence｜>", "<end_of_utterance>",
        ],
        SpecialToken.Eom => ["<|eom_id|>"],
        SpecialToken.FimPrefix =>
            ["<|fim_prefix|>", "<fim-prefix>", "<fim_prefix>", "<｜fim▁begin｜>", "<PRE>", "▁<PRE>", "<|code_prefix|>", "<|prefix|>"],
        SpecialToken.FimSuffix =>
            ["<|fim_suffix|>", "<fim-suffix>", "<fim_suffix>", "<｜fim▁hole｜>", "<SUF>", "▁<SUF>", "<|code_suffix|>", "<|suffix|>"],
        SpecialToken.FimMiddle =>
            ["<|fim_middle|>", "<fim-middle>", "<fim_middle>", "<｜fim▁end｜>", "<MID>", "▁<MID>", "<|code_middle|>", "<|middle|>"],
        SpecialToken.FimPadding => ["<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]"],
        SpecialToken.FimRepository => ["<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"],
        SpecialToken.FimFileSeparator => ["<|file_sep|>"],
        _ => [],
    };

    /// <summary>Tokens after which no model has more to say.</summary>
    public static readonly string[] EndOfGeneration =
    [
        "<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|flush|>", "<|calls|>", "<end_of_turn>", "<|endoftext|>", "</s>",
        "<|eom_id|>", "<EOT>", "_<EOT>", "[EOT]", "[EOS]", "<|end_of_text|>", "<end_of_utterance>", "<eos>", "<turn|>", "<|tool_response>",
        "<｜end▁of▁sentence｜>", "[e~[",
    ];

    /// <summary>The markers of the harmony format: control tokens that its readers must see in the text.</summary>
    public static readonly string[] Visible = ["<|channel|>", "<|message|>", "<|start|>", "<|constrain|>"];
}
