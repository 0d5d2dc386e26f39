using System.Text.Json;
using ArchGen.Tools.Conversion;

namespace ArchGen.Tools.Scaffolding;

/// <summary>Writes a layer's forward pass from the tensors that it has, and asks where it cannot know.</summary>
internal sealed class ForwardWriter(CheckpointConfig config, bool isRotary)
{
    private readonly List<string> _lines = [];
    private Dictionary<string, ScaffoldedTensor> _tensors = [];
    private HashSet<string> _used = [];

    /// <summary>Whether the layer written last sends each token to <c>ExpertsUsed</c> experts.</summary>
    public bool ChoosesExperts => Has("FfnGateInp", "FfnUpExps", "FfnDownExps");

    /// <summary>The statements, without indentation. A question is a comment.</summary>
    public IReadOnlyList<string> Layer(IEnumerable<ScaffoldedTensor> tensors)
    {
        _tensors = tensors.ToDictionary(t => t.Property, StringComparer.Ordinal);
        _used = new(StringComparer.Ordinal);
        _lines.Clear();
        var before = First("AttnNorm");
        _lines.Add(before is null ? "var h = x;" : $"var h = {Use(before)}.Of(x);");
        var hasAttention = Attention();
        var isFedByNorm = Has("FfnNorm") || (Has("PostAttentionNorm") && !Has("PostFfwNorm"));
        if (hasAttention) AddBranch("attended", Has("FfnNorm") ? "PostAttentionNorm" : null, "AttnOutputNorm");
        if (FeedForwardPresent)
        {
            if (isFedByNorm) _lines.Add($"h = {Use(Has("FfnNorm") ? "FfnNorm" : "PostAttentionNorm")}.Of(x);");
            else if (Has("AttnOutputNorm")) _lines.Add("h = x;");
            FeedForward();
            AddBranch("fed", "PostFfwNorm", "LayerOutputNorm");
        }

        _lines.Add("return x;");
        RemoveUnreadNorm(before);
        var unused = _tensors.Keys.Where(name => !_used.Contains(name)).ToList();
        if (unused.Count > 0) _lines.Insert(0, $"// Question: where do {string.Join(", ", unused)} go? No rule places them.");
        return [.. _lines];
    }

    // Without an attention that is known, nothing may read the first norm.
    private void RemoveUnreadNorm(string? norm)
    {
        var next = _lines.FindIndex(1, line => line.StartsWith("h = ", StringComparison.Ordinal) || line.Contains("(h", StringComparison.Ordinal));
        if (next >= 0 && !_lines[next].StartsWith("h = ", StringComparison.Ordinal)) return;
        if (next >= 0) _lines[next] = "var " + _lines[next];
        _lines.RemoveAt(0);
        if (norm is not null) _used.Remove(norm);
    }

    private bool FeedForwardPresent =>
        (Has("FfnUp", "FfnDown") && (IsPair("FfnUp", "FfnDown") || Is("FfnUp", "2*Ff, Embd"))) || ChoosesExperts;

    private string Activation => Text("hidden_act|hidden_activation|activation_function|mlp_hidden_act") switch
    {
        "gelu" => "Gelu",
        "gelu_new" or "gelu_pytorch_tanh" or "gelu_fast" => "GeluTanh",
        "quick_gelu" => "GeluQuick",
        "relu" => "Relu",
        "relu2" => "ReluSquared",
        _ => "Silu",
    };

    private bool Attention()
    {
        if (Has("AttnQ", "AttnK", "AttnV", "AttnOutput") && Is("AttnQ", "Heads*HeadDim, Embd") && Is("AttnK", "KvHeads*HeadDim, Embd")
            && Is("AttnV", "KvHeads*HeadDim, Embd") && Is("AttnOutput", "Embd, Heads*HeadDim"))
        {
            _lines.Add($"var q = {Position(Normed("AttnQNorm", $"{Use("AttnQ")}.Of(h)", "Heads"))};");
            _lines.Add($"var k = {Position(Normed("AttnKNorm", $"{Use("AttnK")}.Of(h)", "KvHeads"))};");
            _lines.Add($"var v = {Use("AttnV")}.Of(h).Heads(KvHeads);");
        }
        else if (Has("AttnQkv", "AttnOutput") && Is("AttnQkv", "(Heads + 2*KvHeads)*HeadDim, Embd") && Is("AttnOutput", "Embd, Heads*HeadDim"))
        {
            _lines.Add("// Question: are queries, keys and values one after another in this matrix, or mixed by head?");
            _lines.Add($"var (queries, keys, values) = {Use("AttnQkv")}.Of(h).Split(Heads * HeadDim, KvHeads * HeadDim, KvHeads * HeadDim);");
            _lines.Add($"var q = {Position(Normed("AttnQNorm", "queries", "Heads"))};");
            _lines.Add($"var k = {Position(Normed("AttnKNorm", "keys", "KvHeads"))};");
            _lines.Add("var v = values.Heads(KvHeads);");
        }
        else
        {
            _lines.Add("// Question: how does this layer mix tokens? Its tensors are not those of an attention that is known.");
            return false;
        }

        _lines.Add($"var attended = {Use("AttnOutput")}.Of(Attention(q, k, v, 1 / Sqrt(HeadDim)));");
        return true;
    }

    // A norm of each head, or of all of them.
    private string Normed(string norm, string projection, string heads)
    {
        if (Has(norm) && Is(norm, "HeadDim")) return $"{Use(norm)}.Of({projection}.Heads({heads}))";
        return Has(norm) && Is(norm, $"{heads}*HeadDim") ? $"{Use(norm)}.Of({projection}).Heads({heads})" : $"{projection}.Heads({heads})";
    }

    private string Position(string value) => isRotary ? $"Rope({value})" : value;

    // A branch is normed before it is added, or the sum is.
    private void AddBranch(string branch, string? norm, string sumNorm)
    {
        if (norm is not null && Has(norm)) _lines.Add($"x += {Use(norm)}.Of({branch});");
        else if (Has(sumNorm)) _lines.Add($"x = {Use(sumNorm)}.Of(x + {branch});");
        else _lines.Add($"x += {branch};");
    }

    private void FeedForward()
    {
        if (!ChoosesExperts)
        {
            _lines.Add($"var fed = {Dense("FfnGate", "FfnUp", "FfnDown", "Ff")};");
            return;
        }

        var isSigmoid = Text("scoring_func|score_func|scoring_function") == "sigmoid";
        _lines.Add("// Question: are the scores of experts made and normed like this?");
        _lines.Add($"var scores = {(isSigmoid ? "Sigmoid" : "Softmax")}({Use("FfnGateInp")}.Of(h));");
        _lines.Add($"var ids = TopK(scores{ChoiceBias}, ExpertsUsed);");
        _lines.Add("var weights = Gather(scores, ids);");
        if (config.Find("norm_topk_prob") is not { ValueKind: JsonValueKind.False }) _lines.Add("weights = weights / Sum(weights);");
        var gate = Has("FfnGateExps") ? $"{Activation}({Use("FfnGateExps")}.Of(h, ids)) * {Use("FfnUpExps")}.Of(h, ids)"
            : $"{Activation}({Use("FfnUpExps")}.Of(h, ids))";
        _lines.Add($"var fed = WeightedSum({Use("FfnDownExps")}.Of({gate}, ids), weights);");
        if (!Has("FfnUpShexp", "FfnDownShexp") || !IsPair("FfnUpShexp", "FfnDownShexp")) return;
        var shared = Dense("FfnGateShexp", "FfnUpShexp", "FfnDownShexp", "");
        _lines.Add($"fed += {shared}{(Has("FfnGateInpShexp") ? $" * Sigmoid({Use("FfnGateInpShexp")}.Of(h))" : "")};");
    }

    // A bias of the router moves the choice of experts, and not their weights (arXiv:2412.19437).
    private string ChoiceBias =>
        Has("ExpProbsB") && DimParser.ParseShape(_tensors["ExpProbsB"].FileShape)[^1].Equals(DimParser.ParseShape(_tensors["FfnGateInp"].FileShape)[0])
            ? $" + {Use("ExpProbsB")}" : "";

    private string Dense(string gate, string up, string down, string width)
    {
        if (Has(gate)) return $"{Use(down)}.Of({Activation}({Use(gate)}.Of(h)) * {Use(up)}.Of(h))";
        if (width.Length == 0 || !Is(up, $"2*{width}, Embd")) return $"{Use(down)}.Of({Activation}({Use(up)}.Of(h)))";
        _lines.Add($"var (gate, up) = {Use(up)}.Of(h).Split({width}, {width});");
        return $"{Use(down)}.Of({Activation}(gate) * up)";
    }

    private string? First(params string[] names) => names.FirstOrDefault(name => Has(name));

    private bool Has(params string[] names) => names.All(_tensors.ContainsKey);

    private bool Is(string name, string shape)
    {
        var tensor = _tensors[name];
        var own = DimParser.ParseShape(tensor.FileShape);
        return own.Equals(DimParser.ParseShape(shape));
    }

    // Whether one matrix reads the residual stream, and the other writes to it what the first has made.
    private bool IsPair(string up, string down)
    {
        var (first, last) = (DimParser.ParseShape(_tensors[up].FileShape), DimParser.ParseShape(_tensors[down].FileShape));
        return first.Rank == 2 && last.Rank == 2 && first[0].Equals(last[1]) && first[1].Equals(last[0]) && first[1].Equals(DimParser.ParseDim("Embd"));
    }

    private string Use(string name)
    {
        _used.Add(name);
        return name;
    }

    private string? Text(string keys) => keys.Split('|').Select(config.Find).FirstOrDefault(v => v is { ValueKind: JsonValueKind.String })?.GetString();
}
