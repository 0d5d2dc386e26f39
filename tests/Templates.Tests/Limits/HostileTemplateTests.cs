using System.Text;

namespace ArchGen.Templates.Tests.Limits;

/// <summary>Templates come with files of strangers: each of these ends with a message within the limits.</summary>
public sealed class HostileTemplateTests
{
    private static readonly RenderOptions Options = new() { MaxSteps = 200_000, MaxLength = 1 << 20, MaxCharacters = 8 << 20, AllowsListChanges = true };

    public static TheoryData<string, TemplateErrorKind> Templates => new()
    {
        { "{{ range(10**9) }}", TemplateErrorKind.OverflowError },
        { "{{ 'a' * 10**9 }}", TemplateErrorKind.LimitError },
        { "{{ [0] * 10**9 }}", TemplateErrorKind.LimitError },
        { "{{ [0] * 10**30 }}", TemplateErrorKind.LimitError },
        { "{{ 10**(10**10) }}", TemplateErrorKind.OverflowError },
        { "{% set ns = namespace(x=3) %}{% for i in range(99) %}{% set ns.x = ns.x * ns.x %}{% endfor %}", TemplateErrorKind.OverflowError },
        { "{{ '%1000000000d' % 1 }}", TemplateErrorKind.ValueError },
        { "{{ '{:1000000000}'.format(1) }}", TemplateErrorKind.ValueError },
        { "{{ 'a'.center(10**9) }}", TemplateErrorKind.LimitError },
        { "{{ 'a'|center(10**9) }}", TemplateErrorKind.LimitError },
        { "{{ 'a'.zfill(10**9) }}", TemplateErrorKind.LimitError },
        { "{{ [1]|batch(10**9, 0)|list }}", TemplateErrorKind.LimitError },
        { "{{ [1]|slice(10**9)|list }}", TemplateErrorKind.LimitError },
        { "{{ 1|tojson(indent=10**9) }}1{{ [1] * 200000 }}", TemplateErrorKind.LimitError },
        { "{% for i in range(1000) %}{% for j in range(1000) %}{% endfor %}{% endfor %}", TemplateErrorKind.LimitError },
        { "{% for i in range(1000) %}{% for j in range(1000) %}x{% endfor %}{% endfor %}", TemplateErrorKind.LimitError },
        { "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", TemplateErrorKind.RecursionError },
        { "{% macro a(f) %}{{ f(f) }}{% endmacro %}{{ a(a) }}", TemplateErrorKind.RecursionError },
        { "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}", TemplateErrorKind.RecursionError },
        { "{% macro a() %}{{ a() }}{{ a() }}{% endmacro %}{{ a() }}", TemplateErrorKind.RecursionError },
        { "{% macro a(n) %}{% if n %}{{ a(n - 1) }}{{ a(n - 1) }}{% endif %}{% endmacro %}{{ a(100) }}", TemplateErrorKind.LimitError },
        { "{% set ns = namespace(s='xxxxxxxxxx') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}", TemplateErrorKind.LimitError },
        { "{% set ns = namespace(s='x' * 9999) %}{% for i in range(9999) %}{% set ns.s = ns.s ~ 'x' %}{% endfor %}", TemplateErrorKind.LimitError },
        { "{% set ns = namespace(l=[1]) %}{% for i in range(99) %}{% set ns.l = ns.l + ns.l %}{% endfor %}", TemplateErrorKind.LimitError },
        { "{% set ns = namespace(l=[1]) %}{% for i in range(99) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}", TemplateErrorKind.LimitError },
        { "{% set ns = namespace(l=[1]) %}{% for i in range(99) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l|tojson }}", TemplateErrorKind.LimitError },
        { "{% set ns = namespace(l=(1,)) %}{% for i in range(99) %}{% set ns.l = (ns.l, ns.l) %}{% endfor %}{{ {ns.l: 1} }}", TemplateErrorKind.LimitError },
        {
            "{% set ns = namespace(l=[1], k=[1]) %}{% for i in range(99) %}{% set ns.l = [ns.l, ns.l] %}{% set ns.k = [ns.k, ns.k] %}{% endfor %}"
                + "{{ ns.l == ns.k }}", TemplateErrorKind.LimitError
        },
        { "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}", TemplateErrorKind.RecursionError },
        { "{% set ns = namespace(g=[1]) %}{% for i in range(99999) %}{% set ns.g = ns.g|map('int') %}{% endfor %}", TemplateErrorKind.LimitError },
        { "{% set x = 'a' * 100000 %}{{ (x|list) * 100 }}", TemplateErrorKind.LimitError },
        { "{% set x = 'ab' * 100000 %}{% for i in range(1000) %}{{ x.replace('a', x) }}{% endfor %}", TemplateErrorKind.LimitError },
        { "{{ ''.join(['a' * 100000] * 1000) }}", TemplateErrorKind.LimitError },
        { "{% set l = [] %}{% for i in range(99999) %}{% set _ = l.append(i) %}{% endfor %}", TemplateErrorKind.LimitError },
        { "{% set l = [1] %}{% for i in l %}{% set _ = l.append(i) %}{% endfor %}", TemplateErrorKind.LimitError },
        { "{% set l = [] %}{% set _ = l.append(l) %}{{ l }}", TemplateErrorKind.RecursionError },
        { "{% set l = [] %}{% set _ = l.append({'a': l}) %}{{ l|tojson }}", TemplateErrorKind.RecursionError },
        { "{% set l, k = [], [] %}{% set _ = l.append(l) %}{% set _ = k.append(k) %}{{ l == k }}", TemplateErrorKind.RecursionError },
    };

    [Theory]
    [MemberData(nameof(Templates))]
    public void A_template_ends_at_the_limits(string template, TemplateErrorKind kind)
    {
        var error = Assert.Throws<TemplateException>(() => Template.Parse(template).Render(new TemplateVariables(), Options));
        Assert.Equal(kind, error.Kind);
    }

    [Theory]
    [InlineData("(", "1", ")")]
    [InlineData("[", "", "]")]
    [InlineData("{1: ", "1", "}")]
    [InlineData("not ", "1", "")]
    [InlineData("- ", "1", "")]
    [InlineData("x[", "1", "]")]
    [InlineData("x(", "1", ")")]
    [InlineData("1 if 1 else ", "1", "")]
    [InlineData("", "1", " + 1")]
    [InlineData("", "x", ".y")]
    [InlineData("", "x", "|list")]
    [InlineData("", "x", " and x")]
    [InlineData("", "1", " is odd")]
    [InlineData("1 ~ (", "1", ")")]
    public void Deep_expressions_are_refused_or_evaluated(string before, string middle, string after)
    {
        var text = $"{{{{ {Repeat(before, 100_000)}{middle}{Repeat(after, 100_000)} }}}}";
        var error = Record.Exception(() => Template.Parse(text).Render(new TemplateVariables(), Options));
        Assert.True(error is null or TemplateException, $"{error}");
    }

    [Theory]
    [InlineData("{% if 1 %}", "{% endif %}")]
    [InlineData("{% for x in [1] %}", "{% endfor %}")]
    [InlineData("{% set x %}", "{% endset %}")]
    [InlineData("{% filter upper %}", "{% endfilter %}")]
    [InlineData("{% macro a() %}", "{% endmacro %}")]
    public void Deep_statements_are_refused_or_run(string begin, string end)
    {
        var text = Repeat(begin, 20_000) + Repeat(end, 20_000);
        var error = Record.Exception(() => Template.Parse(text).Render(new TemplateVariables(), Options));
        Assert.True(error is null or TemplateException, $"{error}");
    }

    [Fact]
    public void Deep_generators_are_refused()
    {
        const string template = "{% set ns = namespace(g=[1]) %}{% for i in range(99999) %}{% set ns.g = ns.g|map('int') %}{% endfor %}{{ ns.g|list }}";
        var error = Assert.Throws<TemplateException>(() => Template.Parse(template).Render(new TemplateVariables()));
        Assert.Equal(TemplateErrorKind.RecursionError, error.Kind);
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();

    [Fact]
    public void A_rendering_can_be_cancelled()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => Template.Parse("{% for i in range(99999) %}{{ i }}{% endfor %}")
            .Render(new TemplateVariables(), new RenderOptions { Cancellation = source.Token }));
    }

    [Theory]
    [InlineData("a\nb {{ x.y.z }}", 2, 7)]
    [InlineData("{{ 'é🦙' + 1 }}", 1, 9)]
    [InlineData("{% for x in [1] %}\n{{ 1 / 0 }}{% endfor %}", 2, 6)]
    [InlineData("{% if x %}", 1, 11)]
    [InlineData("a\r\n{{ | }}", 2, 4)]
    public void An_error_has_its_line_and_column(string template, int line, int column)
    {
        var error = Assert.Throws<TemplateException>(() => Template.Parse(template).Render(new TemplateVariables()));
        Assert.Equal((line, column), (error.Line, error.Column));
    }

    [Fact]
    public void Other_templates_cannot_be_loaded()
    {
        foreach (var tag in new[] { "include 'a'", "import 'a' as b", "from 'a' import b", "extends 'a'" })
        {
            var error = Assert.Throws<TemplateException>(() => Template.Parse($"{{% {tag} %}}").Render(new TemplateVariables()));
            Assert.Equal(TemplateErrorKind.TemplateNotFound, error.Kind);
        }

        Assert.Equal("", Template.Parse("{% include 'a' ignore missing %}").Render(new TemplateVariables()).Text);
    }
}
