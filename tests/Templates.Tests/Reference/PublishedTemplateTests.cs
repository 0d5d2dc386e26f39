using ArchGen.Fixtures;

namespace ArchGen.Templates.Tests.Reference;

/// <summary>Published chat templates give the texts and errors that Jinja2 gives.</summary>
public sealed class PublishedTemplateTests
{
    [Fact]
    public void Published_templates_under_open_licences_render_as_in_Jinja2()
    {
        var count = 0;
        var differences = RenderCases.Compare(Path.Combine(SharedFixtures.Root, "tests", "Templates.Tests", "Reference", "Data", "published"), ref count);
        Assert.Equal("", string.Join('\n', differences));
        Assert.Equal(240, count);
    }

    [LargeFixtureTheory("chat/renders.json")]
    [InlineData("chat", 975)]
    [InlineData("chat-more", 180)]
    public void All_published_templates_render_as_in_Jinja2(string folder, int expectedCount)
    {
        var count = 0;
        var differences = RenderCases.Compare(SharedFixtures.FindLarge(folder)!, ref count);
        Assert.Equal("", string.Join('\n', differences));
        Assert.Equal(expectedCount, count);
    }
}
