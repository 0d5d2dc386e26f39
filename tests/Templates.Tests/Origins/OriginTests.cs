using ArchGen.Fixtures;
using ArchGen.Templates.Tests.Reference;

namespace ArchGen.Templates.Tests.Origins;

/// <summary>No operation of a template makes a text of the caller one of the template's, in which control tokens would be read.</summary>
public sealed class OriginTests
{
    // Of the caller's texts only: none of these characters is in a template below.
    private const string Alphabet = "ⒶⒷⒸⒹ";

    [Theory]
    [InlineData("a{{ x }}b", "aⒶⒷb", "t1i2t1")]
    [InlineData("{{ 'a' + x + 'b' }}{{ x ~ 'c' }}", "aⒶⒷbⒶⒷc", "t1i2t1i2t1")]
    [InlineData("{{ ('<' + x + '>')[1:3] }}{{ ('<' + x + '>')[::-1] }}", "ⒶⒷ>ⒷⒶ<", "i2t1i2t1")]
    [InlineData("{{ ('a' ~ x)|replace('a', 'b')|upper }}", "BⒶⒷ", "t1i2")]
    [InlineData("{{ 'a-b'|replace('-', x) }}{{ x.replace('Ⓐ', '-') }}", "aⒶⒷb-Ⓑ", "t1i2t2i1")]
    [InlineData("{{ [x, 'c']|join('-') }}{{ x.join(['1', '2']) }}", "ⒶⒷ-c1ⒶⒷ2", "i2t3i2t1")]
    [InlineData("{{ {'k': x}|tojson }}{{ [x] }}", "{\"k\": \"ⒶⒷ\"}['ⒶⒷ']", "t7i2t4i2t2")]
    [InlineData("{{ '%s|%s' % (x, 1) }}{{ '{}{}'.format(x, 2) }}", "ⒶⒷ|1ⒶⒷ2", "i2t2i2t1")]
    [InlineData("{% set y %}a{{ x }}{% endset %}{% macro m(z) %}[{{ z }}]{% endmacro %}{{ m(y)|trim(']') }}", "[aⒶⒷ", "t2i2")]
    [InlineData("{% filter indent(2, true) %}{{ x }}\n{{ x }}{% endfilter %}", "  ⒶⒷ\n  ⒶⒷ", "t2i2t3i2")]
    [InlineData("{% for c in x %}{{ c }},{% endfor %}{{ x|first }}{{ x|list|last }}", "Ⓐ,Ⓑ,ⒶⒷ", "i1t1i1t1i2")]
    [InlineData("{{ n }}{{ t }}{{ x|length }}", "5True2", "t6")]
    [InlineData("{{ trusted }}{{ x }}", "<s>ⒶⒷ", "t3i2")]
    [InlineData("{{ x|center(4) }}{{ x|e }}{{ ('x' ~ x).split('Ⓐ')|join }}", " ⒶⒷ ⒶⒷxⒷ", "t1i2t1i2t1i1")]
    public void Every_character_keeps_its_origin(string template, string text, string spans)
    {
        var variables = new TemplateVariables { ["x"] = "ⒶⒷ", ["n"] = 5, ["t"] = true, ["trusted"] = TemplateValue.Trusted("<s>") };
        var result = Template.Parse(template).Render(variables);
        Assert.Equal(text, result.Text);
        Assert.Equal(spans, string.Concat(result.Spans.Select(s => $"{(s.Origin == TextOrigin.Input ? 'i' : 't')}{s.Length}")));
    }

    [Fact]
    public void No_random_expression_makes_text_of_the_caller_the_templates()
    {
        string[] filters = ["upper", "trim", "list", "join('-')", "replace('a', 'b')", "string", "tojson", "reverse", "first", "last", "sort", "title",
            "indent(1)", "map('upper')|list", "select|list", "e", "safe", "center(9)", "truncate(3, leeway=0)", "batch(2)|list", "urlencode|string",
            "wordwrap(2)", "striptags", "unique|list", "default('d')", "capitalize", "trim('a')"];
        string[] operations = ["({0})[1:]", "({0})[::-1]", "({0} ~ 'a')", "('a' ~ {0})", "({0}).split('a')", "({0}).replace('a', {0})", "('%s,' % ({0}))",
            "({0} * 2)", "'{{0}}-{{0}}'.format({0})", "[{0}, 'b']", "({0}).strip()", "({0}).partition('a')", "({0} ~ {0})",
            "{{'a': {0}}}", "'-'.join([{0}|string, 'c'])", "({0}).zfill(9)"];
        var (random, done) = (new Random(5), 0);
        for (var i = 0; i < 4000; i++)
        {
            var expression = random.Next(4) == 0 ? "'ab'" : "x";
            for (var depth = random.Next(1, 6); depth > 0; depth--)
            {
                expression = random.Next(2) == 0 ? $"({expression}|{filters[random.Next(filters.Length)]})"
                    : string.Format(System.Globalization.CultureInfo.InvariantCulture, operations[random.Next(operations.Length)], expression);
            }

            var input = new string([.. Enumerable.Range(0, random.Next(6)).Select(_ => Alphabet[random.Next(4)])]);
            RenderedText result;
            try
            {
                result = Template.Parse($"a{{{{ {expression} }}}}b").Render(new TemplateVariables { ["x"] = input }, new RenderOptions { MaxLength = 100_000 });
            }
            catch (TemplateException)
            {
                continue;
            }

            done++;
            AssertCovers(result, expression);
        }

        Assert.True(done > 2000, $"{done}");
    }

    [LargeFixtureTheory("chat/renders.json")]
    [InlineData("chat")]
    [InlineData("chat-more")]
    public void No_published_template_makes_text_of_the_caller_its_own(string folder)
    {
        var count = 0;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(SharedFixtures.FindLarge(folder)!, "templates")))
        {
            var function = TemplateValue.Dict([new("name", "Ⓐ"), new("arguments", TemplateValue.Dict([new("Ⓑ", "Ⓒ\"\n")]))]);
            var call = TemplateValue.Dict([new("id", "callid001"), new("type", "function"), new("function", function)]);
            var variables = new TemplateVariables
            {
                ["messages"] = TemplateValue.List(
                    TemplateValue.Dict([new("role", "user"), new("content", " ⒶⒷ\n ")]),
                    TemplateValue.Dict(
                        [new("role", "assistant"), new("content", "ⒸⒹ"), new("reasoning_content", "Ⓓ"), new("tool_calls", TemplateValue.List(call))]),
                    TemplateValue.Dict([new("role", "tool"), new("content", "Ⓓ"), new("tool_call_id", "callid001"), new("name", "Ⓐ")])),
                ["add_generation_prompt"] = true,
            };
            try
            {
                AssertCovers(Template.Parse(File.ReadAllText(file)).Render(variables, new RenderOptions { Clock = RenderCases.Clock }), file);
                count++;
            }
            catch (TemplateException)
            {
                // Not all support calls; and from_json is no filter of Jinja2.
            }
        }

        Assert.True(count > 5, $"{count}");
    }

    // The spans cover the text; neighbours differ; and no character of the caller is in one of the template's.
    private static void AssertCovers(RenderedText result, string what)
    {
        var end = 0;
        for (var i = 0; i < result.Spans.Count; i++)
        {
            var span = result.Spans[i];
            Assert.True(span.Start == end && span.Length > 0 && (i == 0 || result.Spans[i - 1].Origin != span.Origin), what);
            end += span.Length;
            if (span.Origin == TextOrigin.Input) continue;
            Assert.True(result.Text.AsSpan(span.Start, span.Length).IndexOfAny(Alphabet) < 0, $"{what}: {result.Text}");
        }

        Assert.Equal(result.Text.Length, end);
    }
}
