using System.Text;
using System.Text.Json;
using ArchGen.Fixtures;
using ArchGen.Gguf.Files;

namespace ArchGen.Gguf.Tests.Files;

/// <summary>The one reader of JSON: what Python writes is read, what is no JSON gives one message.</summary>
public sealed class JsonFileTests
{
    [Theory]
    [InlineData("""{"a": [0.0, Infinity]}""", """{"a":[0.0,{"__float__":"Infinity"}]}""")]
    [InlineData("""[-Infinity,NaN]""", """[{"__float__":"-Infinity"},{"__float__":"NaN"}]""")]
    [InlineData("""{"NaN": "Infinity \" NaN"}""", """{"NaN":"Infinity \u0022 NaN"}""")]
    [InlineData(
        """["\ud83d\ude00", "\ud83d", "\ude00x", "\ud83d\ud83d\ude00", "\\ud83d"]""",
        """["\uD83D\uDE00","\uFFFD","\uFFFDx","\uFFFD\uD83D\uDE00","\\ud83d"]""")]
    [InlineData("""{"\udc00": 1}""", """{"\uFFFD":1}""")]
    [InlineData("\uFEFF[1]", "[1]")]
    [InlineData(""" null """, "null")]
    public void What_python_writes_is_read(string json, string expected)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) JsonFile.Parse(Encoding.UTF8.GetBytes(json), "x").WriteTo(writer);
        Assert.Equal(expected, Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Theory]
    [InlineData("", "x is empty")]
    [InlineData("nul", "x is not JSON")]
    [InlineData("[Infinit]", "x is not JSON")]
    [InlineData("[--Infinity]", "x is not JSON")]
    [InlineData("\"\\ud83", "x is not JSON")]
    [InlineData("\"\\", "x is not JSON")]
    [InlineData("[1] 2", "x is not JSON")]
    public void What_is_no_json_is_one_message(string json, string message)
    {
        var error = Assert.Throws<ModelFileException>(() => JsonFile.Parse(Encoding.UTF8.GetBytes(json), "x", JsonFile.CorrectIt));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Correct it.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Bytes_that_are_no_text_and_depths_without_end_are_named()
    {
        Assert.Contains("byte 3 is not UTF-8",
            Assert.Throws<ModelFileException>(() => JsonFile.Parse([(byte)'[', (byte)'"', (byte)'a', 0xE9, (byte)'"', (byte)']'], "x")).Message);
        Assert.Contains("depth", Assert.Throws<ModelFileException>(() => JsonFile.Parse(Encoding.UTF8.GetBytes(new string('[', 10_000)), "x")).Message);
    }

    [Fact]
    public void Where_texts_are_tokens_half_a_character_is_an_error()
    {
        var json = """{"a\ud83d": 1}"""u8.ToArray();
        Assert.Contains("half of a surrogate pair", Assert.Throws<ModelFileException>(() => JsonFile.Parse(json, "x", keepsCharacters: true)).Message);
    }

    [Fact]
    public void A_folder_a_missing_file_and_another_kind_are_told_apart()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("x.json");
        Assert.Contains("is a folder", Assert.Throws<ModelFileException>(() => JsonFile.Read(folder.Path)).Message);
        Assert.Contains("no such file", Assert.Throws<ModelFileException>(() => JsonFile.Read(path)).Message);
        File.WriteAllText(path, "[1]");
        Assert.Contains("holds a list, expected a JSON object", Assert.Throws<ModelFileException>(() => JsonFile.ReadObject(path)).Message);
        File.WriteAllText(path, """{"a": 1, "a": 2}""");
        Assert.Equal(2, JsonFile.ReadObject(path).GetProperty("a").GetInt32());
    }
}
