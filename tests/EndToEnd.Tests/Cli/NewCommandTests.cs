using System.Xml.Linq;
using ArchGen.EndToEnd.Tests.Structure;
using ArchGen.Fixtures;
using ArchGen.Tools.Scaffolding;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary><c>archgen new</c>: whole folders or none.</summary>
public sealed class NewCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Target => _folder.File("Mine");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_solution_has_an_architecture_a_program_and_tests()
    {
        var run = Archgen.Run("new", "Mine", "-o", Target);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(), Directory.GetFiles(Target, "*", SearchOption.AllDirectories).Order());
        var projects = XDocument.Load(Path.Combine(Target, "Mine.slnx")).Descendants("Project")
            .Select(p => Path.Combine(Target, p.Attribute("Path")!.Value));
        Assert.All(projects, project => Assert.True(File.Exists(project), project));
        Assert.Contains("[Architecture(\"mine\"", File.ReadAllText(Path.Combine(Target, "MineModels", "Mine.cs")), StringComparison.Ordinal);
        Assert.Contains("GraphSnapshot.Verify<Mine>()", File.ReadAllText(Path.Combine(Target, "MineTests", "MineTests.cs")), StringComparison.Ordinal);
        Assert.All(Directory.GetFiles(Target, "*", SearchOption.AllDirectories), file =>
        {
            Assert.DoesNotContain("NAME", File.ReadAllText(file), StringComparison.Ordinal);
            Assert.DoesNotContain("VERSION", File.ReadAllText(file), StringComparison.Ordinal);
        });
        var version = Archgen.Run("version").Out.Trim().Split('+')[0];
        Assert.Contains($"<ArchGenVersion>{version}</ArchGenVersion>", File.ReadAllText(Path.Combine(Target, "Directory.Build.props")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_test_project_has_the_versions_of_our_own()
    {
        Archgen.Run("new", "Mine", "-o", Target);
        var ours = XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(p => p.Attribute("Include")!.Value, p => p.Attribute("Version")!.Value);
        var theirs = XDocument.Load(Path.Combine(Target, "MineTests", "MineTests.csproj")).Descendants("PackageReference")
            .Where(p => !p.Attribute("Include")!.Value.StartsWith("ArchGen", StringComparison.Ordinal));
        Assert.All(theirs, p => Assert.Equal(ours[p.Attribute("Include")!.Value], p.Attribute("Version")!.Value));
    }

    [Fact]
    public void A_checkpoint_gives_its_draft()
    {
        using var checkpoint = new CheckpointFolder("afmoe", "scaffolding");
        var run = Archgen.Run("new", "Mine", "--from", checkpoint.Path, "-o", Target);
        Assert.Contains("AfmoeForCausalLM: ", run.Error, StringComparison.Ordinal);
        var text = File.ReadAllText(Path.Combine(Target, "MineModels", "Mine.cs"));
        Assert.Contains("public partial class Mine : DecoderModel", text, StringComparison.Ordinal);
        Assert.Contains("// Question: route_scale is 1.5 in config.json. What does it change?", text, StringComparison.Ordinal);
        Assert.Equal(text, Archgen.Run("new", "Mine", "--from", checkpoint.Path, "--dry-run").Out);
    }

    [Theory]
    [InlineData("mine", "'mine' cannot be the name of a class")]
    [InlineData("My-Model", "'My-Model' cannot be the name of a class")]
    [InlineData("Model", "Model is a name of the language itself")]
    [InlineData("RmsNorm", "RmsNorm is a name of the language itself")]
    [InlineData("../Mine", "'../Mine' cannot be the name of a class")]
    public void A_name_that_is_none_is_refused(string name, string message) => Fails(message, "new", name, "-o", Target);

    /// <summary>A class of such a name would hide the language's own.</summary>
    [Fact]
    public void Every_name_of_the_language_is_refused()
    {
        var names = typeof(DecoderModel).Assembly.GetExportedTypes().Where(type => type.Namespace == "ArchGen" && !type.IsNested)
            .Select(type => type.Name.Split('`')[0]).Where(name => char.IsAsciiLetterUpper(name[0])).Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.Contains("DecoderModel", names);
        var free = names.Where(name => Record.Exception(() => ProjectScaffold.CheckName(name)) is not RequestException).ToList();
        Assert.True(free.Count == 0, $"src/Runtime/Tools/Scaffolding/taken-names.txt lacks {string.Join(", ", free.Select(name => $"\"{name}\""))}");
    }

    [Fact]
    public void What_is_there_stays()
    {
        Directory.CreateDirectory(Target);
        File.WriteAllText(Path.Combine(Target, "mine.txt"), "mine");
        Fails("is there already, and not empty", "new", "Mine", "-o", Target);
        Fails("the folder above it does not exist", "new", "Mine", "-o", _folder.File("none/Mine"));
        Fails("there is no such folder", "new", "Mine", "--from", _folder.File("none"), "-o", _folder.File("other"));
        Fails("is a file, expected the folder of a checkpoint", "new", "Mine", "--from", Path.Combine(Target, "mine.txt"), "-o", _folder.File("other"));
        Fails("there are no weights", "new", "Mine", "--from", Target, "-o", _folder.File("other"));
        Assert.Equal([Path.Combine(Target, "mine.txt")], Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    /// <summary>The folder that a shell is in.</summary>
    [Fact]
    public void An_empty_folder_is_filled()
    {
        Directory.CreateDirectory(Target);
        Assert.Equal(0, Archgen.Run("new", "Mine", "-o", Target).ExitCode);
        Assert.NotEmpty(Directory.GetFiles(Target, "*.cs", SearchOption.AllDirectories));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder.Path));
    }

    /// <summary>Names of a stranger's checkpoint become part of a source file.</summary>
    [Theory]
    [InlineData("model.layers.0.a\\\"b.weight", "has characters")]
    [InlineData("model.layers.0.a\\nb.weight", "has characters")]
    [InlineData("model.layers.2000000000.a.weight", "has a layer or an expert of a higher number")]
    [InlineData("model.layers.2147483647.a.weight", "has a layer or an expert of a higher number")]
    [InlineData("model.layers.0.experts.2147483647.a.weight", "has a layer or an expert of a higher number")]
    public void A_hostile_name_is_refused(string tensor, string message)
    {
        using CheckpointFolder checkpoint = new("llama-mha");
        File.WriteAllBytes(checkpoint.File("model.safetensors"), SafetensorsBytes.Of([(tensor, [1, 1], new float[1])]));
        Fails(message, "new", "Mine", "--from", checkpoint.Path, "-o", Target);
        Assert.False(Directory.Exists(Target));
    }

    /// <summary>So do the names of config.json, but for those of labels, which nobody reads.</summary>
    [Theory]
    [InlineData("\"architectures\": [\"A\\\"); evil\"]", "has characters")]
    [InlineData("\"architectures\": [\"my.Class\"]", "has characters")]
    [InlineData("\"a\\nb\": 7", "The name 'a b' of the checkpoint has characters")]
    [InlineData("\"a\\u2028b\": 7", "The name 'a b' of the checkpoint has characters")]
    [InlineData("\"inner\": {\"a\\\"b\": 7}", "has characters")]
    [InlineData("\"label2id\": {\"not entailment\": 1}", null)]
    [InlineData("\"own_text\": \"a\\nevil\\u2028evil\\rb\"", null)]
    public void A_hostile_config_is_refused(string key, string? message)
    {
        using CheckpointFolder checkpoint = new("afmoe", "scaffolding");
        var config = File.ReadAllText(checkpoint.File("config.json"));
        File.WriteAllText(checkpoint.File("config.json"), config.TrimEnd()[..^1] + "," + key + "}");
        if (message is not null)
        {
            Fails(message, "new", "Mine", "--from", checkpoint.Path, "-o", Target);
            Assert.False(Directory.Exists(Target));
            return;
        }

        var run = Archgen.Run("new", "Mine", "--from", checkpoint.Path, "-o", Target);
        Assert.True(run.ExitCode == 0, run.Error);
        var text = File.ReadAllText(Path.Combine(Target, "MineModels", "Mine.cs"));
        Assert.DoesNotContain('\u2028', text);
        Assert.DoesNotContain(text.Split('\n', '\r'), line => line.StartsWith("evil", StringComparison.Ordinal));
        Assert.DoesNotContain("not entailment", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scales.0")]
    [InlineData("norms.0.weight")]
    [InlineData("norms.0.bias")]
    [InlineData("7")]
    public void A_number_at_the_end_of_a_name_is_no_layer(string tensor)
    {
        using CheckpointFolder checkpoint = new("llama-mha");
        File.WriteAllBytes(checkpoint.File("model.safetensors"), SafetensorsBytes.Of([(tensor, [4], new float[4]), ("a.weight", [1, 1], new float[1])]));
        var run = Archgen.Run("new", "Mine", "--from", checkpoint.Path, "-o", Target);
        Assert.True(run.ExitCode == 0, run.Error);
        var name = tensor.EndsWith(".weight", StringComparison.Ordinal) ? tensor[..^7] : tensor;
        Assert.Contains($"Hf = \"{name}\"", File.ReadAllText(Path.Combine(Target, "MineModels", "Mine.cs")), StringComparison.Ordinal);
    }

    private static void Fails(string message, params string[] arguments)
    {
        var run = Archgen.Run(arguments);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("archgen: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }
}
