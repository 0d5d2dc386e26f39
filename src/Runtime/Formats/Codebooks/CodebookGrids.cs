namespace ArchGen.Formats.Codebooks;

/// <summary>The codebooks of ggml's IQ types, made when they are first asked for.</summary>
internal static class CodebookGrids
{
    private static readonly Lazy<CodebookGrid> LazyIq1 = new(() => new(OneBitCodebook.Points2048, 8, 2, shells: 3));
    private static readonly Lazy<CodebookGrid> LazyIq2Xxs = new(() => new(TwoBitCodebooks.Points256, 8, 2, shells: 2));
    private static readonly Lazy<CodebookGrid> LazyIq2Xs = new(() => new(TwoBitCodebooks.Points512, 8, 2, shells: 2));
    private static readonly Lazy<CodebookGrid> LazyIq2S = new(() => new(TwoBitCodebooks.Points1024, 8, 2, shells: 1));
    private static readonly Lazy<CodebookGrid> LazyIq3Xxs = new(() => new(ThreeBitCodebooks.Points256, 4, 3, shells: 2));
    private static readonly Lazy<CodebookGrid> LazyIq3S = new(() => new(ThreeBitCodebooks.Points512, 4, 3, shells: 3));

    /// <summary>Of IQ1_S and IQ1_M: digits stand for -1, 0 and 1.</summary>
    public static CodebookGrid Iq1 => LazyIq1.Value;

    public static CodebookGrid Iq2Xxs => LazyIq2Xxs.Value;

    public static CodebookGrid Iq2Xs => LazyIq2Xs.Value;

    public static CodebookGrid Iq2S => LazyIq2S.Value;

    public static CodebookGrid Iq3Xxs => LazyIq3Xxs.Value;

    public static CodebookGrid Iq3S => LazyIq3S.Value;
}
