using ArchGen.Generators.Model;
using ArchGen.Generators.Notation;

namespace ArchGen.Generators.Emit;

/// <summary>
/// The whole model as one would write it by hand, without parts and bases: what a declaration inlines stands in one place, results that are used once
/// in the expression that uses them.
/// </summary>
internal static class FlatListing
{
    /// <summary>The longest line that shapes are lined up after.</summary>
    private const int Widest = 110;

    /// <summary>The length from which on an expression has a line of its own.</summary>
    private const int Longest = 80;

    /// <summary>All forward passes, those of blocks last.</summary>
    public static IEnumerable<string> Lines(ArchitectureModel model) => Lines(
        model.Root.Functions.Select(f => (Head(f, f.Name), f))
            .Concat(model.Root.Lists.SelectMany(l => l.Kinds).SelectMany(k => k.Functions.Select(f => Titled(model, k, f)))));

    /// <summary>One of the model's passes, and those of the blocks that it calls.</summary>
    public static IEnumerable<string> Lines(ArchitectureModel model, GraphFunction graph)
    {
        var called = graph.Body!.Value.SelectMany(Listing.Within).OfType<CallStatement>().Select(c => (c.List, c.Method)).Distinct();
        var ofBlocks = from call in called
                       from kind in model.Root.Lists.First(l => l.Property == call.List).Kinds
                       from function in kind.Functions
                       where function.Name == call.Method
                       select Titled(model, kind, function);
        return Lines(ofBlocks.Prepend((Head(graph, graph.Name), graph)));
    }

    private static (string Title, GraphFunction Function) Titled(ArchitectureModel model, BlockKindModel kind, GraphFunction function) =>
        (Head(function, Description.Title(model, kind)), function);

    private static IEnumerable<string> Lines(IEnumerable<(string Title, GraphFunction Function)> functions)
    {
        var isFirst = true;
        foreach (var (title, function) in functions)
        {
            if (function.Body is not { } body) continue;
            if (!isFirst) yield return "";
            isFirst = false;
            yield return title;
            var rows = new Listing(body).Rows();
            var width = rows.Select(r => r.Text.Length).Where(l => l <= Widest).DefaultIfEmpty().Max();
            foreach (var row in rows) yield return row.Shape.Length == 0 ? "  " + row.Text : $"  {row.Text.PadRight(width)}  {row.Shape}";
        }
    }

    private static string Head(GraphFunction function, string title) => $"{title}: {string.Join(", ", function.Parameters.Select(p => p.Name))}";

    /// <summary>A line: with a target, the value that the variable of this name is given.</summary>
    private sealed record Row(string Indent, string? Target, Expression? Value, string Statement, string Shape)
    {
        public string Text => Indent + (Target is null ? Statement : $"{Target} = ") + (Value is null ? "" : Whole(Value));

        private static string Whole(Expression value) => value is ConditionalExpression choice
            ? $"{choice.Condition.ToCSharp()} ? {choice.Then.ToCSharp()} : {choice.Otherwise.ToCSharp()}" : value.ToCSharp();
    }

    private sealed class Listing
    {
        private readonly EquatableArray<Statement> _body;
        private readonly Dictionary<string, int> _uses = new(StringComparer.Ordinal);
        private readonly Dictionary<string, Expression> _inlined = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _shapes = new(StringComparer.Ordinal);

        /// <summary>The variables that have one value after another.</summary>
        private readonly HashSet<string> _changing = new(StringComparer.Ordinal);

        public Listing(EquatableArray<Statement> body)
        {
            _body = body;
            foreach (var name in body.SelectMany(AllNames)) _uses[name] = _uses.TryGetValue(name, out var count) ? count + 1 : 1;
            _changing.UnionWith(body.SelectMany(Within).OfType<DeclareStatement>().Where(d => d.Value is not null).Select(d => d.Variable));
        }

        public List<Row> Rows() => Rows(_body, "");

        private List<Row> Rows(EquatableArray<Statement> statements, string indent)
        {
            var rows = new List<Row>();
            for (var i = 0; i < statements.Count; i++)
            {
                switch (statements[i])
                {
                    case OperationStatement op:
                        _shapes[op.Variable] = op.Shape.ToString();
                        Set(rows, new Row(indent, op.Variable, Flat(op.Value), "", op.Shape.ToString()), statements, i);
                        break;
                    case DeclareStatement { Value: { } value } declare:
                        rows.Add(new Row(indent, declare.Variable, Flat(value), "", ShapeOf(value)));
                        break;
                    case AssignStatement assign:
                        rows.Add(new Row(indent, assign.Variable, Flat(assign.Value), "", ShapeOf(assign.Value)));
                        break;
                    case CallStatement call:
                        var results = call.Results.Count == 1 ? call.Results[0] : $"({string.Join(", ", call.Results)})";
                        rows.Add(new Row(indent, results, Expression.Call(call.Block, call.Method, [.. call.Arguments.Select(Flat)]), "", ""));
                        break;
                    case LoopStatement loop:
                        rows.Add(new Row(indent, null, null, $"for each {loop.Variable} of {loop.List}", ""));
                        rows.AddRange(Rows(loop.Body, indent + "    "));
                        break;
                    case RepeatStatement repeat:
                        rows.Add(new Row(indent, null, null, $"for each {Flat(repeat.Condition).ToCSharp()}", ""));
                        rows.AddRange(Rows(repeat.Body, indent + "    "));
                        break;
                    case IfStatement decision:
                        Decide(rows, decision, indent, statements, i);
                        break;
                    case ReturnStatement returned:
                        rows.Add(new Row(indent, null, Flat(returned.Value), "return ", ShapeOf(returned.Value)));
                        break;
                }
            }

            return rows;
        }

        /// <summary>A decision whose branches give one value each is a choice between them.</summary>
        private void Decide(List<Row> rows, IfStatement decision, string indent, EquatableArray<Statement> statements, int place)
        {
            var condition = Flat(decision.Condition);
            List<Row> then = Rows(decision.Then, indent + "    "), otherwise = Rows(decision.Else, indent + "    ");
            if (then.Count == 1 && otherwise.Count == 1 && then[0].Target is { } target && otherwise[0].Target == target)
            {
                Expression a = then[0].Value!, b = otherwise[0].Value!;
                var shape = then[0].Shape.Length > 0 ? then[0].Shape : otherwise[0].Shape;
                var choice = new Row(indent, target, new ConditionalExpression(condition, a, b), "", shape);
                if (choice.Text.Length <= Widest)
                {
                    _shapes[target] = choice.Shape;
                    Set(rows, choice, statements, place);
                    return;
                }
            }

            if (then.Count > 0) rows.AddRange([new Row(indent, null, null, $"if {condition.ToCSharp()}", ""), .. then]);
            if (otherwise.Count == 0) return;
            rows.Add(new Row(indent, null, null, then.Count > 0 ? "else" : $"unless {condition.ToCSharp()}", ""));
            rows.AddRange(otherwise);
        }

        /// <summary>Keeps a value for the one statement of the same list that uses it, or else lists it.</summary>
        private void Set(List<Row> rows, Row row, EquatableArray<Statement> statements, int place)
        {
            var later = statements.Skip(place + 1).ToList();
            var user = later.FindIndex(s => Names(s).Contains(row.Target!));
            var canMove = user == 0 || !row.Value!.Identifiers().Any(_changing.Contains);
            if (user >= 0 && canMove && Uses(row.Target!) == 1 && row.Value!.ToCSharp().Length <= Longest) _inlined[row.Target!] = row.Value!;
            else rows.Add(row);
        }

        private int Uses(string variable) => _uses.TryGetValue(variable, out var count) ? count : 0;

        private string ShapeOf(Expression value) => value is NameExpression name && _shapes.TryGetValue(name.Identifier, out var shape) ? shape ?? "" : "";

        private Expression Flat(Expression value) => value switch
        {
            NameExpression name when _inlined.TryGetValue(name.Identifier, out var inlined) => inlined,
            OperandExpression operand => Flat(operand.Value),
            CacheExpression cache => Flat(cache.Value),
            MemberExpression { Owner: NameExpression { Identifier: "g" } } ofRun => new NameExpression(ofRun.Member),
            MemberExpression member => member with { Owner = Flat(member.Owner) },
            ElementExpression element => new ElementExpression(Flat(element.List), Flat(element.Index)),
            CallExpression call => new CallExpression(call.Owner is null ? null : Flat(call.Owner), call.Function,
                call.Arguments.Select(a => a with { Value = Flat(a.Value) }).ToEquatable()),
            UnaryExpression unary => unary with { Operand = Flat(unary.Operand) },
            BinaryExpression binary => new BinaryExpression(binary.Operator, Flat(binary.Left), Flat(binary.Right)),
            ConditionalExpression choice => new ConditionalExpression(Flat(choice.Condition), Flat(choice.Then), Flat(choice.Otherwise)),
            CoalesceExpression coalesce => new CoalesceExpression(Flat(coalesce.First), Flat(coalesce.Otherwise)),
            PresenceExpression presence => presence with { Operand = Flat(presence.Operand) },
            CastExpression cast => cast with { Operand = Flat(cast.Operand) },
            TupleExpression tuple => new TupleExpression(tuple.Items.Select(Flat).ToEquatable()),
            _ => value,
        };

        /// <summary>The names in a statement's own expressions.</summary>
        private static IEnumerable<string> Names(Statement statement) => statement switch
        {
            OperationStatement op => op.Value.Identifiers(),
            DeclareStatement { Value: { } value } => value.Identifiers(),
            AssignStatement assign => assign.Value.Identifiers(),
            CallStatement call => call.Arguments.SelectMany(a => a.Identifiers()),
            ReturnStatement returned => returned.Value.Identifiers(),
            IfStatement decision => decision.Condition.Identifiers(),
            RepeatStatement repeat => repeat.Condition.Identifiers(),
            _ => [],
        };

        private static IEnumerable<string> AllNames(Statement statement) => Within(statement).SelectMany(Names);

        public static IEnumerable<Statement> Within(Statement statement) => statement switch
        {
            LoopStatement loop => loop.Body.SelectMany(Within).Prepend(statement),
            RepeatStatement repeat => repeat.Body.SelectMany(Within).Prepend(statement),
            IfStatement decision => decision.Then.Concat(decision.Else).SelectMany(Within).Prepend(statement),
            _ => [statement],
        };
    }
}
