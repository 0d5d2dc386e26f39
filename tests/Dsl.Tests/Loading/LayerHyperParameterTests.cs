namespace ArchGen.Dsl.Tests.Loading;

/// <summary>Hyper-parameters that differ from layer to layer, as files have them.</summary>
public sealed class LayerHyperParameterTests
{
    /// <summary>A period is false in the last of every n layers, or in the first.</summary>
    [Theory]
    [InlineData(0L, false, "1111111")]
    [InlineData(1L, false, "0000000")]
    [InlineData(3L, false, "1101101")]
    [InlineData(3L, true, "0110110")]
    [InlineData(1L, true, "0000000")]
    public void A_pattern_has_a_period(long period, bool firstDiffers, string expected) =>
        Assert.Equal(expected, Text(Reader(period).LayerPattern("pattern", firstDiffers), 7));

    [Theory]
    [InlineData(new[] { true, false, false }, "100")]
    [InlineData(new[] { 0L, 1L, 1L }, "011")]
    public void A_pattern_is_a_list(object list, string expected) => Assert.Equal(expected, Text(Reader(list).LayerPattern("pattern", 2), 3));

    [Fact]
    public void A_pattern_has_a_default()
    {
        Assert.Equal("1010", Text(Reader(null).LayerPattern("pattern", 2), 4));
        Assert.Equal("110", Text(Reader(null).LayerPattern("pattern", otherwise: Reader(3L).LayerPattern("pattern")), 3));
    }

    [Theory]
    [InlineData("sliding", "is the text 'sliding', expected a period, or true or false per layer")]
    [InlineData(-1L, "is -1, expected a number from 0")]
    [InlineData(new[] { 0L, 2L }, "is 2, expected true or false")]
    [InlineData(new bool[0], "is an empty list, expected true or false per layer")]
    [InlineData(null, "is missing, expected a period, or true or false per layer")]
    public void What_is_no_pattern_is_an_error(object? value, string message) =>
        Assert.Contains(message, Assert.Throws<ModelFileException>(() => Reader(value).LayerPattern("pattern")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_pattern_of_the_wrong_length_is_an_error()
    {
        var pattern = Reader(new[] { true, false }).LayerPattern("pattern");
        Assert.Contains(
            "tiny.pattern has 2 values, but layer 2 needs one", Assert.Throws<ModelFileException>(() => pattern[2]).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0L, true)]
    [InlineData(4L, false)]
    [InlineData(new[] { true, true }, true)]
    [InlineData(new[] { true, false }, false)]
    public void A_pattern_may_be_true_everywhere(object value, bool expected) => Assert.Equal(expected, Reader(value).LayerPattern("pattern").IsEverywhere);

    [Theory]
    [InlineData("110110", false, 3)]
    [InlineData("11", false, 3)]
    [InlineData("000", false, 1)]
    [InlineData("11011", false, 3)]
    [InlineData("110111", false, null)]
    [InlineData("011011", true, 3)]
    [InlineData("110", true, null)]
    public void A_list_may_have_a_period(string layers, bool firstDiffers, int? period) =>
        Assert.Equal(period, LayerPattern.PeriodOf([.. layers.Select(c => c == '1')], firstDiffers));

    [Fact]
    public void Numbers_and_flags_may_differ_by_layer()
    {
        Assert.Equal(0.5f, Reader(new[] { 7.0, 0.5 }).SinglePerLayer("pattern")[1]);
        Assert.Equal(3f, Reader(3L).SinglePerLayer("pattern")[9]);
        Assert.True(Reader(new[] { false, true }).BooleanPerLayer("pattern")[1]);
        Assert.Equal(4, (int)Reader(new[] { 4L, 4L }).Int32PerLayer("pattern"));
        Assert.Null(Reader(null).FindSinglePerLayer("pattern"));
    }

    [Theory]
    [InlineData(new[] { 7.5, 0.5 }, "tiny.pattern differs between layers (7.5 in layer 0, 0.5 in layer 1)")]
    [InlineData(new[] { "a" }, "expected a number")]
    public void Numbers_that_do_not_fit_are_an_error(object value, string message) => Assert.Contains(
        message, Assert.Throws<ModelFileException>(() => (float)Reader(value).SinglePerLayer("pattern")).Message, StringComparison.Ordinal);

    private static string Text(LayerPattern pattern, int layers) => string.Concat(Enumerable.Range(0, layers).Select(i => pattern[i] ? '1' : '0'));

    private static HyperParameterReader Reader(object? value) => new(new OneKey(value), "tiny");

    private sealed class OneKey(object? value) : IModelSource
    {
        public string FileName => "tiny.gguf";

        public IReadOnlyList<string> TensorNames => [];

        public long[]? FindTensor(string name) => null;

        public float[] Read(string tensor) => throw new InvalidOperationException(tensor);

        public object? FindKey(string key) => key == "tiny.pattern" ? value : null;

        public int? FindArrayLength(string key) => null;
    }
}
