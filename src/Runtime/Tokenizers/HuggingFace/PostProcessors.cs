namespace ArchGen.Tokenizers.HuggingFace;

/// <summary>The section <c>post_processor</c> of tokenizer.json: the tokens that are added before and after those of a single text.</summary>
internal sealed record PostProcessors(int[] Before, int[] After)
{
    private const string Known = "BertProcessing, ByteLevel, RobertaProcessing, Sequence and TemplateProcessing";

    public static PostProcessors Read(JsonSection section)
    {
        if (section.IsMissing) return new([], []);
        switch (section.Type)
        {
            case "ByteLevel": return new([], []);
            case "Sequence":
                return section["processors"].Items().Select(Read).Aggregate(new PostProcessors([], []),
                    (inner, outer) => new([.. outer.Before, .. inner.Before], [.. inner.After, .. outer.After]));
            case "RobertaProcessing" or "BertProcessing": return new([Id(section["cls"])], [Id(section["sep"])]);
            case "TemplateProcessing": return Template(section);
            default: throw section.UnknownType("post-processor", Known);
        }
    }

    private static int Id(JsonSection pair) =>
        pair.Items().ElementAtOrDefault(1) is { IsMissing: false } id ? id.Number(HuggingFaceTokenizer.MaxTokens) : throw pair.Wrong("a token and its id");

    private static PostProcessors Template(JsonSection section)
    {
        List<int> before = [];
        List<int> after = [];
        var seen = false;
        foreach (var part in section["single"].Items())
        {
            var special = part["SpecialToken"];
            if (special.IsMissing)
            {
                if (seen || part["Sequence"].IsMissing) throw section["single"].Wrong("one Sequence among SpecialTokens");
                seen = true;
                continue;
            }

            var ids = section["special_tokens"][special["id"].Text()]["ids"];
            (seen ? after : before).AddRange(ids.Items().Select(id => id.Number(HuggingFaceTokenizer.MaxTokens)));
        }

        return seen ? new([.. before], [.. after]) : throw section["single"].Wrong("a Sequence among SpecialTokens");
    }
}
