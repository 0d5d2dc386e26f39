using ArchGen.Fixtures;

namespace ArchGen.Extensions.AI.Tests;

/// <summary>A story model of 260 thousand weights with a template written for these tests: it answers at once, and never to the point.</summary>
internal static class TestService
{
    private static readonly string Template = File.ReadAllText(SharedFixtures.Local("templates/plain.jinja"));

    public static ArchGenService Open(Action<ArchGenOptions>? configure = null)
    {
        var options = new ArchGenOptions
        {
            ModelPath = SharedFixtures.Local("models/stories260K.gguf"),
            ChatTemplate = Template,
            ContextLength = 1024,
        };
        configure?.Invoke(options);
        return new ArchGenService(options);
    }
}
