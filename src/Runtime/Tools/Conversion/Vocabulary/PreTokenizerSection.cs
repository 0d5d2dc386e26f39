using System.Text;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>
/// The sections of a tokenizer.json that decide how a text is split, as one canonical line: different spellings of the same split give the same line.
/// </summary>
internal static class PreTokenizerSection
{
    /// <summary>A separator that no pattern has.</summary>
    private const string Then = " → ";

    /// <summary>The canonical line, such as <c>NFC → Split /\p{N}/ → ByteLevel</c>.</summary>
    public static string Canonical(JsonValue tokenizer)
    {
        List<string> steps = [];
        AddSteps(tokenizer["normalizer"], "normalizers", steps);
        AddSteps(tokenizer["pre_tokenizer"], "pretokenizers", steps);
        if (tokenizer["model"]["ignore_merges"].IsTrue) steps.Add("whole words");
        return string.Join(Then, steps);
    }

    private static void AddSteps(JsonValue section, string list, List<string> steps)
    {
        if (!section.Exists) return;
        if (section["type"].TextOrNull == "Sequence")
        {
            foreach (var step in section[list].Items) AddSteps(step, list, steps);
            return;
        }

        steps.Add(Step(section));
    }

    private static string Step(JsonValue step)
    {
        switch (step["type"].TextOrNull)
        {
            case "ByteLevel":
                return "ByteLevel" + (step["use_regex"].Flag != false ? " regex" : "") + (step["add_prefix_space"].Flag != false ? " prefix" : "");
            case "Digits":
                return step["individual_digits"].IsTrue ? @"Split /\p{N}/" : @"Split /\p{N}+/";
            case "Punctuation":
                return $"Punctuation {step["behavior"].TextOrNull}";
            case "Split" when step["pattern"]["Regex"].IsText:
                var pattern = Pattern(step["pattern"]["Regex"].Text);
                var (behavior, invert) = (step["behavior"].TextOrNull, step["invert"].IsTrue);
                // Keeping only the matches is the same as isolating them if every character is matched.
                if (behavior == "Removed" && invert && pattern.EndsWith(@"|\s+(?!\S)|\s+", StringComparison.Ordinal)) (behavior, invert) = ("Isolated", false);
                return $"Split /{pattern}/" + (behavior == "Isolated" ? "" : $" {behavior}") + (invert ? " invert" : "");
            case "NFC" or "NFD" or "NFKC" or "NFKD" or "Lowercase" or "StripAccents" or "BertNormalizer" or "BertPreTokenizer":
                return step["type"].Text;
            default:
                return step.Raw;
        }
    }

    private static string Pattern(string pattern) => pattern
        .Replace("\r", @"\r").Replace("\n", @"\n").Replace("\t", @"\t").Replace("\\\"", "\"").Replace("{1}", "")
        .Replace("(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])", "(?i:'s|'t|'re|'ve|'m|'ll|'d)")
        .Replace("'(?i:[sdmt]|ll|ve|re)", "(?i:'s|'t|'re|'ve|'m|'ll|'d)").Replace("?+", "?").Replace("++", "+")
        .Replace("[0-9][0-9][0-9]", "[0-9]{3}");
}
