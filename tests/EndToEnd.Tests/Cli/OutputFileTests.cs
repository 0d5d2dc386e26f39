using System.Diagnostics;
using System.Text;
using ArchGen.CommandLine;
using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>Where an output goes: plain files whole or not at all, links to what they name, devices and pipes as they are.</summary>
public sealed class OutputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_appears_whole_or_not_at_all()
    {
        var path = _folder.File("out");
        Write(path, "first");
        Assert.Throws<InvalidOperationException>(() => OutputFile.Write(path, stream =>
        {
            stream.Write("second"u8);
            throw new InvalidOperationException();
        }));
        Assert.Equal("first", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_link_stays_and_what_it_names_is_written(bool exists)
    {
        if (OperatingSystem.IsWindows()) return;
        Directory.CreateDirectory(_folder.File("data"));
        string target = _folder.File("data/target"), link = _folder.File("link"), second = _folder.File("second");
        if (exists) File.WriteAllText(target, "something longer that was there before");
        File.CreateSymbolicLink(link, "data/target");
        File.CreateSymbolicLink(second, "link");
        Write(second, "text");
        Assert.Equal("text", File.ReadAllText(target));
        Assert.Equal("data/target", new FileInfo(link).LinkTarget);
        Assert.Equal("link", new FileInfo(second).LinkTarget);
        Assert.Single(Directory.GetFiles(_folder.File("data")));
    }

    [Fact]
    public void A_device_is_written_as_it_is()
    {
        if (OperatingSystem.IsWindows()) return;
        var link = _folder.File("nothing");
        File.CreateSymbolicLink(link, "/dev/null");
        Write("/dev/null", "text");
        Write(link, "text");
        Assert.Equal(0, Archgen.Run("graph", "llama", "--output", "/dev/null").ExitCode);
        Assert.Equal("", File.ReadAllText("/dev/null"));
        Assert.Empty(Directory.GetFiles("/dev", ".null*"));
    }

    [Fact]
    public async Task A_pipe_is_written_as_it_is()
    {
        if (OperatingSystem.IsWindows()) return;
        var pipe = _folder.File("pipe");
        using (var make = Process.Start("mkfifo", [pipe])) await make.WaitForExitAsync();
        var reading = Task.Run(() => File.ReadAllText(pipe));
        await Task.Run(() => Write(pipe, "text"));
        Assert.Equal("text", await reading);
        Assert.Equal([pipe], Directory.GetFiles(_folder.Path));
    }

    private static void Write(string path, string text) => OutputFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
}
