using System.Text.Json;

namespace ArchGen.Templates.Tests.Limits;

/// <summary>Lists that a template changes, which Jinja2's immutable sandbox forbids and conversations allow.</summary>
public sealed class ListChangeTests
{
    [Theory]
    [InlineData("{% set l = [] %}{% for m in given %}{% set _ = l.append(m) %}{% endfor %}{{ l|join }}", "123")]
    [InlineData("{% set ns = namespace(ids=[]) %}{% for m in given %}{% set _ = ns.ids.append(m) %}{% endfor %}{{ ns.ids.pop(0) }}{{ ns.ids }}", "1[2, 3]")]
    [InlineData("{% set l = [1, 2, 3] %}{{ l.pop() }}{{ l.pop(-2) }}{{ l }}{{ l.append(7) }}", "31[2]None")]
    [InlineData("{% set l = [1] %}{% set k = l.copy() %}{% set s = l[:] %}{% set _ = l.append(2) %}{{ l }}{{ k }}{{ s }}", "[1, 2][1][1]")]
    [InlineData("{% set l = [1, 2] %}{% for x in l %}{% set _ = l.pop() %}{{ x }}{% endfor %}{{ l }}", "1[1]")]
    [InlineData("{% set l = [1, 2] %}{% for x in l %}{% if x < 5 %}{% do l.append(x + 2) %}{% endif %}{{ x }}{% endfor %}{{ l|length }}", "1234566")]
    [InlineData("{% set l = [1] %}{% do l.append(2) %}{{ l }}", "[1, 2]")]
    public void A_list_of_the_template_changes(string template, string expected) => Assert.Equal(expected, Render(template, allowed: true));

    [Theory]
    [InlineData("{% set l = [] %}{{ l.append(1) }}", false, TemplateErrorKind.SecurityError)]
    [InlineData("{% set l = [] %}{{ l.pop() }}", false, TemplateErrorKind.SecurityError)]
    [InlineData("{{ given.append(1) }}", true, TemplateErrorKind.SecurityError)]
    [InlineData("{{ given.pop() }}", true, TemplateErrorKind.SecurityError)]
    [InlineData("{% set l = [] %}{{ l.insert(0, 1) }}", true, TemplateErrorKind.SecurityError)]
    [InlineData("{% set l = [] %}{{ l.pop() }}", true, TemplateErrorKind.LookupError)]
    [InlineData("{% set l = [1] %}{{ l.pop(1) }}", true, TemplateErrorKind.LookupError)]
    [InlineData("{% set l = [1] %}{{ l.pop('x') }}", true, TemplateErrorKind.TypeError)]
    public void Other_changes_are_errors(string template, bool allowed, TemplateErrorKind kind) =>
        Assert.Equal(kind, Assert.Throws<TemplateException>(() => Render(template, allowed)).Kind);

    private static string Render(string template, bool allowed)
    {
        using var given = JsonDocument.Parse("[1, 2, 3]");
        var variables = new TemplateVariables { ["given"] = TemplateValue.FromJson(given.RootElement) };
        return Template.Parse(template).Render(variables, new RenderOptions { AllowsListChanges = allowed }).Text;
    }
}
