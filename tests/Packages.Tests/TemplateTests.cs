namespace ArchGen.Packages.Tests;

/// <summary><c>dotnet new archgen</c> writes what <c>archgen new</c> writes.</summary>
public sealed class TemplateTests(PackedPackages packages)
{
    [Theory]
    [InlineData("TwoWords")]
    [InlineData("GPT2x")]
    public void Both_write_the_same_files(string name)
    {
        var files = NewSolution.Write(packages, name).Files();
        Assert.Equal(10, files.Count);
        Assert.Equal(files, NewSolution.FromTemplate(packages, name).Files());
    }

    /// <summary>The command refuses a name that is none for a class. A template cannot; it makes a name of it, and the folder keeps what was given.</summary>
    [Theory]
    [InlineData("acme.quill", "Acmequill")]
    [InlineData("_my model", "Mymodel")]
    [InlineData("7b", "N7b")]
    [InlineData("ArchGenException", "MyArchGenException")]
    [InlineData("WritesAttribute", "MyWritesAttribute")]
    public void A_name_of_no_class_becomes_one(string given, string name)
    {
        var folder = packages.NewFolder($"name {name}");
        packages.Archgen(folder, "new", name, "-o", "expected").Done();
        Assert.Equal(new NewSolution(packages, name, Path.Combine(folder, "expected")).Files(), NewSolution.FromTemplate(packages, given).Files());
    }

    [Fact]
    public void The_version_can_be_given()
    {
        var folder = packages.NewFolder("version");
        packages.DotNetNew(folder, "archgen", "-n", "Mine", "--archgen-version", "7.8.9").Done();
        var properties = File.ReadAllText(Path.Combine(folder, "Mine", "Directory.Build.props"));
        Assert.Contains("<ArchGenVersion>7.8.9</ArchGenVersion>", properties, StringComparison.Ordinal);
    }
}
