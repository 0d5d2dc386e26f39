using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Nodes;

/// <summary>An arithmetic operation of two values.</summary>
internal sealed class Binary(int position, string sign, Expression left, Expression right) : Expression(position)
{
    protected override IEnumerable<Expression> Children => [left, right];

    public override TemplateValue Evaluate(Renderer renderer, Frame frame)
    {
        Recursion.Guard();
        var (a, b) = (left.Evaluate(renderer, frame), right.Evaluate(renderer, frame));
        Begin(renderer);
        return Operators.Apply(renderer, sign, a, b);
    }
}

/// <summary>-value, +value or not value.</summary>
internal sealed class Unary(int position, string sign, Expression operand) : Expression(position)
{
    protected override IEnumerable<Expression> Children => [operand];

    public override TemplateValue Evaluate(Renderer renderer, Frame frame)
    {
        Recursion.Guard();
        var value = operand.Evaluate(renderer, frame);
        Begin(renderer);
        return sign switch
        {
            "not" => !Truth.Of(value),
            "-" => Operators.Negate(value),
            _ => Operators.Plus(value),
        };
    }
}

/// <summary>and, or: the second operand is evaluated only where the first does not decide.</summary>
internal sealed class Logical(int position, bool isAnd, Expression left, Expression right) : Expression(position)
{
    protected override IEnumerable<Expression> Children => [left, right];

    public override TemplateValue Evaluate(Renderer renderer, Frame frame)
    {
        Recursion.Guard();
        var value = left.Evaluate(renderer, frame);
        return Truth.Of(value) == isAnd ? right.Evaluate(renderer, frame) : value;
    }
}

/// <summary>A chain of comparisons: a &lt; b == c.</summary>
internal sealed class Comparison(int position, Expression first, (string Sign, Expression Operand)[] rest) : Expression(position)
{
    protected override IEnumerable<Expression> Children => [first, .. rest.Select(r => r.Operand)];

    public override TemplateValue Evaluate(Renderer renderer, Frame frame)
    {
        Recursion.Guard();
        var left = first.Evaluate(renderer, frame);
        foreach (var (sign, operand) in rest)
        {
            var right = operand.Evaluate(renderer, frame);
            Begin(renderer);
            if (!Holds(renderer, sign, left, right)) return false;
            left = right;
        }

        return true;
    }

    private static bool Holds(Renderer renderer, string sign, TemplateValue a, TemplateValue b)
    {
        switch (sign)
        {
            case "==": return Equality.AreEqual(a, b, renderer.Budget);
            case "!=": return !Equality.AreEqual(a, b, renderer.Budget);
            case "in": return Truth.Contains(renderer, b, a);
            case "not in": return !Truth.Contains(renderer, b, a);
        }

        return Compare(renderer, sign, a, b);
    }

    /// <summary>Whether an order holds: sign is one of &lt;, &lt;=, &gt;, &gt;=.</summary>
    public static bool Compare(Renderer renderer, string sign, TemplateValue a, TemplateValue b)
    {
        var order = new ValueOrder(renderer.Budget).Compare(a, b, sign);
        return sign switch
        {
            "<" => order is < 0,
            "<=" => order is <= 0,
            ">" => order is > 0,
            _ => order is >= 0,
        };
    }
}

/// <summary>value if condition else other.</summary>
internal sealed class Conditional(int position, Expression condition, Expression value, Expression? other) : Expression(position)
{
    protected override IEnumerable<Expression?> Children => [condition, value, other];

    public override TemplateValue Evaluate(Renderer renderer, Frame frame)
    {
        Recursion.Guard();
        if (Truth.Of(condition.Evaluate(renderer, frame))) return value.Evaluate(renderer, frame);
        if (other is not null) return other.Evaluate(renderer, frame);
        renderer.Position = Position;
        return UndefinedReason.Because("the inline if-expression evaluated to false and no else section was defined.");
    }

    public override void Bind(Scope scope)
    {
        var outer = scope.IsConditional;
        scope.IsConditional = true;
        base.Bind(scope);
        scope.IsConditional = outer;
    }
}

/// <summary>a ~ b ~ c: the strings of values, one after the other.</summary>
internal sealed class Concatenation(int position, Expression[] parts) : Expression(position)
{
    protected override IEnumerable<Expression> Children => parts;

    public override TemplateValue Evaluate(Renderer renderer, Frame frame)
    {
        Recursion.Guard();
        var values = Array.ConvertAll(parts, part => part.Evaluate(renderer, frame));
        Begin(renderer);
        var text = new JinjaStringBuilder(renderer.Budget);
        var isMarkup = renderer.Autoescape && values.Any(v => v.IsString && v.String.IsMarkup);
        foreach (var value in values) text.Append(isMarkup ? Html.Escape(renderer, value) : renderer.Text(value));
        return TemplateValue.Of(text.ToJinjaString().AsMarkup(isMarkup));
    }
}
