using System.Text.Json;
using ArchGen.Tools.Conversion;

namespace ArchGen.Tools.Tests.Conversion;

/// <summary>Where a key's value comes from in config.json.</summary>
public sealed class ConfigExpressionTests
{
    private const string Config = """
        {"hidden_size": 64, "heads": 4, "pct": 0.25, "flag": true, "off": false, "none": null, "name": "silu", "inner": {"width": 96},
         "list": [0, 0, 1, 0, 0, 1], "odd": [0, 1, 1], "per_layer": [1, 2, 3]}
        """;

    [Theory]
    [InlineData("hidden_size", "64")]
    [InlineData("hidden_size/heads", "16")]
    [InlineData("pct*hidden_size/heads", "4")]
    [InlineData("2*(hidden_size - heads) + 1", "121")]
    [InlineData("absent|hidden_size", "64")]
    [InlineData("none|heads", "4")]
    [InlineData("absent*2|none/2|7", "7")]
    [InlineData("absent|1e-5", "1E-05")]
    [InlineData("inner.width", "96")]
    [InlineData("off", "False")]
    [InlineData("'Meta AI'", "Meta AI")]
    [InlineData("name", "silu")]
    [InlineData("absent", null)]
    public void A_source_has_this_value(string source, string? expected)
    {
        var value = ConfigExpression.Evaluate(source, Read());
        Assert.Equal(expected, value is null ? null : System.Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("name*2")]
    [InlineData("inner")]
    public void What_cannot_be_read_is_an_error(string source) => Assert.Throws<ModelFileException>(() => ConfigExpression.Evaluate(source, Read()));

    [Theory]
    [InlineData("hidden_size +", 13)]
    [InlineData("(heads", 6)]
    [InlineData("heads|cube(heads)", 6)]
    [InlineData("1/sqrt(heads)", 2)]
    [InlineData("heads heads", 6)]
    [InlineData("", 0)]
    [InlineData("heads|", 6)]
    [InlineData("1.2.3", 0)]
    [InlineData("inner..width", 0)]
    [InlineData("'", 0)]
    [InlineData("heads*-1", 6)]
    public void What_is_no_source_is_a_mistake_of_the_declaration(string source, int position) =>
        Assert.Equal(position, Assert.Throws<ConfigSourceException>(() => ConfigExpression.Evaluate(source, Read())).Position);

    [Theory]
    [InlineData("softmax=1|sigmoid", 10)]
    [InlineData("softmax=one", 8)]
    [InlineData("a=1|a=2", 4)]
    [InlineData("=1", 0)]
    public void What_gives_texts_no_number_is_a_mistake_of_the_declaration(string values, int position) =>
        Assert.Equal(position, Assert.Throws<ConfigSourceException>(() => ConfigSource.ParseValues(values)).Position);

    /// <summary>What the file says goes before a default; among defaults, and for constants, the order counts.</summary>
    [Theory]
    [InlineData("width", "512")]
    [InlineData("width|heads", "4")]
    [InlineData("width|none", "512")]
    [InlineData("width|7", "512")]
    [InlineData("2*width|2*hidden_size", "128")]
    [InlineData("none|width", "512")]
    [InlineData("none", null)]
    [InlineData("inner.depth", "3")]
    [InlineData("inner.width", "96")]
    [InlineData("layout|heads", "5")]
    public void A_key_that_is_left_out_has_a_default(string source, string? expected)
    {
        var config = Read();
        config.Complete(
        [
            new([], null, [("width", "512"), ("none", "9"), ("heads", "8"), ("inner.depth", "3"), ("inner.width", "1")]),
            new(["Other"], null, [("pct", "1")]),
            new([], "flag", [("layout", "5")]),
            new([], "absent", [("layout", "6")]),
        ], "Class");
        var value = System.Convert.ToString(ConfigExpression.Evaluate(source, config), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(expected, value is { Length: > 0 } text ? text : null);
    }

    [Fact]
    public void What_was_not_read_is_told_with_its_value()
    {
        var config = Read();
        ConfigExpression.Evaluate("hidden_size|heads", config);
        config.Ignore("o*");
        config.Ignore("list");
        Assert.Equal(["flag = true", "inner.width = 96", "name = silu", "pct = 0.25", "per_layer = [1, 2, 3]"],
            config.Unread().Select(u => $"{u.Path} = {CheckpointConfig.Text(u.Value)}").Order(StringComparer.Ordinal));
    }

    /// <summary>What a method of an architecture asks for.</summary>
    [Fact]
    public void A_method_reads_the_config()
    {
        Config config = Read();
        Assert.Equal((64, 0.25, true, "silu", 96), (config.Int32("hidden_size"), config.Number("pct"), config.Boolean("flag"), config.Text("name"),
            config.Int32("inner.width")));
        Assert.Equal((null, null, false), (config.Int32("absent"), config.Text("none"), config.Has("absent")));
        Assert.Equal([1, 2, 3], config.Int32s("per_layer")!);
        Assert.Equal([0.0, 1, 1], config.Numbers("odd")!);
        Assert.Contains("pct is 0.25, expected a whole number", Assert.Throws<ModelFileException>(() => config.Int32("pct")).Message, StringComparison.Ordinal);
        Assert.Contains("list is no list of texts", Assert.Throws<ModelFileException>(() => config.Texts("list")).Message, StringComparison.Ordinal);
    }

    /// <summary>Lists of objects are read object by object; messages say which one.</summary>
    [Fact]
    public void A_method_reads_a_list_of_objects()
    {
        const string text = """{"blocks": [{"attention": {"group": 4, "none": null}}, {"attention": {"group": 1.5}}], "list": [1], "inner": {}}""";
        using var document = JsonDocument.Parse(text);
        Config config = new CheckpointConfig(document.RootElement.Clone(), "config.json");
        var blocks = config.Objects("blocks")!;
        Assert.Equal((2, 4, false), (blocks.Count, blocks[0].Int32("attention.group"), blocks[0].Has("attention.none")));
        Assert.Null(config.Objects("absent"));
        Assert.Equal("config.json: blocks[1].attention.group is 1.5, expected a whole number.",
            Assert.Throws<ModelFileException>(() => blocks[1].Int32("attention.group")).Message);
        Assert.Contains("list is no list of objects", Assert.Throws<ModelFileException>(() => config.Objects("list")).Message, StringComparison.Ordinal);
        Assert.Contains("expected a list of objects", Assert.Throws<ModelFileException>(() => config.Objects("inner")).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(((CheckpointConfig)config).Unread(), u => u.Path == "blocks");
    }

    private static CheckpointConfig Read()
    {
        using var document = JsonDocument.Parse(Config);
        return new CheckpointConfig(document.RootElement.Clone(), "config.json");
    }
}
