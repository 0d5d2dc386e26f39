namespace ArchGen.Page.Tests;

/// <summary>The page in a browser: each file of tests in <c>browser/</c> is run by Node's test runner.</summary>
public sealed class BrowserTests
{
    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(NodeTool.BrowserFolder, "*.test.mjs").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_tests_in_the_browser_pass(string file)
    {
        NodeTool.RequireNode();
        NodeTool.RequireChromium();
        NodeTool.RequirePackages(NodeTool.BrowserFolder);
        var command = Path.Combine(AppContext.BaseDirectory, "archgen.dll");
        var (exitCode, output) = Run();
        if (exitCode != 0)
        {
            // On a machine that other tests load, Chromium is sometimes late. A fault of the page fails twice.
            TestContext.Current.SendDiagnosticMessage($"{file} is run again, since it failed:\n{output}");
            (exitCode, output) = Run();
        }

        Assert.True(exitCode == 0, output);
        // A file without tests would pass, too.
        Assert.Matches(@"pass [1-9]", output);

        (int ExitCode, string Output) Run() =>
            NodeTool.Run(NodeTool.BrowserFolder, ["node", "--test", "--test-reporter=spec", file], ("ARCHGEN_COMMAND", command));
    }
}
