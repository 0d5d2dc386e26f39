using ArchGen.Fixtures;
using ArchGen.Gguf;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary><c>archgen edit</c>: the keys that were asked for, and nothing else, are other ones.</summary>
public sealed class EditCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Stories => SharedFixtures.Local("models/stories260K.gguf");

    private string Output => _folder.File("out.gguf");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Keys_are_set_renamed_and_removed_and_tensors_stay()
    {
        Edits("--set", "general.name=str:A: b=c", "--set", "llama.context_length=512", "--set", "own.list=f32[]:[1, 2.5]", "--set", "own.texts=str[]:[\"a\"]",
            "--set", "own.flag=bool:true", "--set", "own.small=i8:-3", "--rename", "llama.block_count=llama.blocks", "--remove", "tokenizer.ggml.bos_token_id");
        using GgufFile old = GgufFile.Open(Stories), edited = GgufFile.Open(Output);
        var keys = edited.Metadata;
        Assert.Equal("A: b=c", keys.GetString("general.name"));
        Assert.Equal((GgufValueType.UInt32, 512), (keys["llama.context_length"].Type, keys.GetInt32("llama.context_length")));
        Assert.Equal([1, 2.5f], keys.GetSingles("own.list"));
        Assert.Equal(["a"], keys.GetStrings("own.texts"));
        Assert.True(keys.GetBool("own.flag"));
        Assert.Equal(GgufValueType.Int8, keys["own.small"].Type);
        Assert.Equal(
            old.Metadata.Select(e => e.Key == "llama.block_count" ? "llama.blocks" : e.Key).Where(k => k != "tokenizer.ggml.bos_token_id")
                .Union(["general.name", "own.list", "own.texts", "own.flag", "own.small"]),
            keys.Select(e => e.Key));
        Assert.Equal(old.Tensors.Select(t => t.ToString()), edited.Tensors.Select(t => t.ToString()));
        Assert.All(old.Tensors.Zip(edited.Tensors), pair => Assert.True(pair.First.Span.SequenceEqual(pair.Second.Span)));
    }

    [Fact]
    public void A_setting_and_its_opposite_give_the_same_bytes()
    {
        Edits("--set", "general.architecture=str:other");
        var back = _folder.File("back.gguf");
        Assert.Equal(0, Archgen.Run("edit", Output, "--set", "general.architecture=llama", "-o", back).ExitCode);
        Assert.True(File.ReadAllBytes(Stories).AsSpan().SequenceEqual(File.ReadAllBytes(back)));
    }

    [Fact]
    public void A_template_is_a_text_or_a_file()
    {
        Edits("--chat-template", "{{ messages[0].content }}");
        Assert.Equal("{{ messages[0].content }}", Key("tokenizer.chat_template"));
        File.WriteAllText(_folder.File("t.jinja"), "{% for m in messages %}{{ m.content }}{% endfor %}");
        Edits("--chat-template-file", _folder.File("t.jinja"));
        Assert.Equal("{% for m in messages %}{{ m.content }}{% endfor %}", Key("tokenizer.chat_template"));
        Fails("endfor", "edit", Stories, "-o", Output, "--chat-template", "{% for m in messages %}");
        Fails("there is no such file", "edit", Stories, "-o", Output, "--chat-template", _folder.File("none.jinja"));

        string Key(string name)
        {
            using var file = GgufFile.Open(Output);
            return file.Metadata.GetString(name);
        }
    }

    [Fact]
    public void A_vocabulary_is_copied_if_it_fits()
    {
        var (bare, small) = (_folder.File("bare.gguf"), _folder.File("small.gguf"));
        Edits("--set", "tokenizer.ggml.bos_token_id=7", "--remove", "tokenizer.ggml.scores");
        File.Move(Output, bare);
        var run = Archgen.Run("edit", bare, "--vocab-from", Stories, "-o", Output);
        Assert.Contains("tokenizer.* with 512 tokens come from", run.Error, StringComparison.Ordinal);
        using (GgufFile old = GgufFile.Open(Stories), copied = GgufFile.Open(Output))
        {
            Assert.Equal(old.Metadata.GetInt32("tokenizer.ggml.bos_token_id"), copied.Metadata.GetInt32("tokenizer.ggml.bos_token_id"));
            Assert.Equal(old.Metadata.GetSingles("tokenizer.ggml.scores"), copied.Metadata.GetSingles("tokenizer.ggml.scores"));
        }

        Archgen.Run("edit", Stories, "--set", "tokenizer.ggml.tokens=[\"a\", \"b\", \"c\"]", "-o", small);
        Fails("has 3 tokens, but token_embd.weight", "edit", Stories, "--vocab-from", small, "-o", Output);
        Archgen.Run("edit", Stories, "--set", "tokenizer.ggml.eos_token_id=5000", "-o", small);
        Fails("tokenizer.ggml.eos_token_id is 5000, but there are 512 tokens", "edit", Stories, "--vocab-from", small, "-o", Output);
    }

    [Fact]
    public void A_dry_run_prints_and_writes_nothing()
    {
        var run = Archgen.Run("edit", Stories, "--set", "llama.context_length=512", "--remove", "general.name", "--set", "a.b=u8:1", "--dry-run");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("~ llama.context_length: u32 128 becomes u32 512\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("- general.name: string", run.Out, StringComparison.Ordinal);
        Assert.Contains("+ a.b: u8 1\n", run.Out, StringComparison.Ordinal);
        Assert.Equal("Nothing changes.\n", Archgen.Run("edit", Stories, "--set", "llama.context_length=128", "--dry-run").Error);
    }

    [Theory]
    [InlineData("'general.name' is not of the form KEY=TYPE:VALUE", "--set", "general.name")]
    [InlineData("own is a new key, and '5' does not begin with a type", "--set", "own=5")]
    [InlineData("own: '300' is no u8", "--set", "own=u8:300")]
    [InlineData("own: '-1' is no u32", "--set", "own=int:-1")]
    [InlineData("own: 'NaN' is no f32", "--set", "own=float:NaN")]
    [InlineData("own: 'yes' is no bool", "--set", "own=bool:yes")]
    [InlineData("own: '[1,' is no i32 array", "--set", "own=i32[]:[1,")]
    [InlineData("own: '\"a\"' is no i32", "--set", "own=i32[]:[\"a\"]")]
    [InlineData("own: '\"\\ud800\"' is no string", "--set", "own=str[]:[\"\\ud800\"]")]
    [InlineData("general.alignment cannot be u32 7: expected a u32", "--set", "general.alignment=u32:7")]
    [InlineData("general.alignment cannot be string", "--rename", "general.name=general.alignment")]
    [InlineData("split.count tells which part", "--set", "split.count=u16:2")]
    [InlineData("Did you mean llama.block_count?", "--remove", "llama.block_coun")]
    [InlineData("there is a key llama.block_count already", "--rename", "llama.context_length=llama.block_count")]
    [InlineData("is not of the form OLD=NEW", "--rename", "general.name")]
    public void What_cannot_be_done_is_said_and_no_file_is_written(string message, string option, string value)
    {
        Fails(message, "edit", Stories, "-o", Output, option, value);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_result_is_never_the_file_that_is_read()
    {
        File.Copy(Stories, Output);
        Fails("is a file that is read", "edit", Output, "--set", "general.name=x", "-o", Output);
        Fails("--output is missing", "edit", Output, "--set", "general.name=x");
        Assert.Equal(File.ReadAllBytes(Stories), File.ReadAllBytes(Output));
    }

    [Fact]
    public void Nor_is_it_another_file_that_is_read()
    {
        File.Copy(Stories, Output);
        Fails("is a file that is read", "edit", Stories, "--vocab-from", Output, "-o", Output);
        var template = _folder.File("t.jinja");
        File.WriteAllText(template, "{{ messages[0].content }}");
        Fails("is a file that is read", "edit", Stories, "--chat-template", template, "-o", template);
        Assert.Equal((File.ReadAllBytes(Stories).Length, "{{ messages[0].content }}"), (File.ReadAllBytes(Output).Length, File.ReadAllText(template)));
    }

    [Fact]
    public void Nor_is_it_a_link_to_one()
    {
        if (OperatingSystem.IsWindows()) return;
        File.WriteAllText(_folder.File("t.jinja"), "{{ messages[0].content }}");
        File.CreateSymbolicLink(Output, _folder.File("t.jinja"));
        Fails("is a file that is read", "edit", Stories, "--chat-template", _folder.File("t.jinja"), "-o", Output);
        Assert.Equal("{{ messages[0].content }}", File.ReadAllText(_folder.File("t.jinja")));
    }

    [Fact]
    public void A_file_that_is_cut_off_is_named()
    {
        var cut = _folder.File("cut.gguf");
        File.WriteAllBytes(cut, File.ReadAllBytes(Stories)[..500_000]);
        Fails(cut, "edit", cut, "--set", "general.name=x", "-o", Output);
        Fails(cut, "edit", Stories, "--vocab-from", cut, "-o", Output);
        Assert.Equal([cut], Directory.GetFiles(_folder.Path));
    }

    /// <summary>Messages show the first 60 characters only.</summary>
    [Fact]
    public void Texts_that_differ_at_their_end_differ()
    {
        var start = new string('a', 100);
        Edits("--chat-template", start + "{{ bos_token }}x");
        var run = Archgen.Run("edit", Output, "-o", _folder.File("other.gguf"), "--chat-template", start + "{{ bos_token }}y");
        Assert.Equal(0, run.ExitCode);
        using var file = GgufFile.Open(_folder.File("other.gguf"));
        Assert.EndsWith("y", file.Metadata.GetString("tokenizer.chat_template"), StringComparison.Ordinal);
    }

    [Fact]
    public void Standard_output_takes_the_file()
    {
        Edits("--set", "general.name=x");
        Assert.Equal(File.ReadAllBytes(Output), Archgen.Bytes("edit", Stories, "--set", "general.name=x", "-o", "-"));
    }

    private void Edits(params string[] options)
    {
        var run = Archgen.Run(["edit", Stories, "-o", Output, .. options]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(Output + "\n", run.Out);
    }

    private static void Fails(string message, params string[] arguments)
    {
        var run = Archgen.Run(arguments);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.StartsWith("archgen: ", run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Out);
    }
}
