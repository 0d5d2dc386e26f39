namespace ArchGen.Formats.Codebooks;

/// <summary>The codebooks of ggml's IQ types, created at first use.</summary>
internal static class CodebookGrids
{
    private static readonly Lazy<CodebookGrid> LazyIq1 = new(() => new(OneBitCodebook.Entries2048, 8, 2, shells: 3));
    private static readonly Lazy<CodebookGrid> LazyIq2Xxs = new(() => new(TwoBitCodebooks.Entries256, 8, 2, shells: 2));
    private static readonly Lazy<CodebookGrid> LazyIq2Xs = new(() => new(TwoBitCodebooks.Entries512, 8, 2, shells: 2));
    private static readonly Lazy<CodebookGrid> LazyIq2S = new(() => new(TwoBitCodebooks.Entries1024, 8, 2, shells: 1));
    private static readonly Lazy<CodebookGrid> LazyIq3Xxs = new(() => new(ThreeBitCodebooks.Entries256, 4, 3, shells: 2));
    private static readonly Lazy<CodebookGrid> LazyIq3S = new(() => new(ThreeBitCodebooks.Entries512, 4, 3, shells: 3));

    /// <summary>The grid of IQ1_S and IQ1_M: digits mean -1, 0 and 1.</summary>
    public static CodebookGrid Iq1 => LazyIq1.Value;

    public static CodebookGrid Iq2Xxs => LazyIq2Xxs.Value;

    public static CodebookGrid Iq2Xs => LazyIq2Xs.Value;

    public static CodebookGrid Iq2S => LazyIq2S.Value;

    public static CodebookGrid Iq3Xxs => LazyIq3Xxs.Value;

    public static CodebookGrid Iq3S => LazyIq3S.Value;
}
