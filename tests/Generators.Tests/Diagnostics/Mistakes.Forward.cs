namespace ArchGen.Generators.Tests.Diagnostics;

/// <summary>Mistakes of forward passes.</summary>
internal static partial class Mistakes
{
    /// <summary>What a forward pass is made of.</summary>
    private static Mistake[] Statements =>
    [
        new()
        {
            Id = "ARCH0004", Right = Norm, Wrong = Norm + "\n            [|while (IsGated) h = Silu(h);|]",
            Message = $"'while (IsGated) h = Silu(h);' is not allowed in a forward pass: {Statement}",
        },
        new()
        {
            Id = "ARCH0004", Right = Norm, Wrong = Norm + "\n            [|for (var i = 0; i <= 2; i++) h = Silu(h);|]",
            Message = "'for (var i = 0; i <= 2; i++) h = Silu(h);' is not allowed in a forward pass: a loop that counts is "
                + "for (var pass = 0; pass < Passes; pass++), up to a whole number made of hyper-parameters",
        },
        new()
        {
            Id = "ARCH0004", Right = Norm, Wrong = Norm + "\n            [|try { h = Silu(h); } finally { }|]",
            Message = $"'try {{ h = Silu(h); }} finally {{ }}' is not allowed in a forward pass: {Statement}",
        },
        new()
        {
            Id = "ARCH0004", Right = Norm, Wrong = Norm + "\n            [|switch (Index) { default: break; }|]",
            Message = $"'switch (Index) {{ default: break; }}' is not allowed in a forward pass: {Statement}",
        },
        new()
        {
            Id = "ARCH0004", Right = Norm, Wrong = Norm + "\n            [|throw new InvalidOperationException();|]",
            Message = $"'throw new InvalidOperationException();' is not allowed in a forward pass: {Statement}",
        },
        new()
        {
            Id = "ARCH0004", Right = Norm, Wrong = Norm + "\n            foreach (var i in [|new[] { 1, 2 }|]) h = Silu(h);",
            Message = $"'new[] {{ 1, 2 }}' is not allowed in a forward pass: {Expression}",
        },
        new()
        {
            Id = "ARCH0004", Right = "1 / Sqrt(HeadDim)", Wrong = "[|Scales[0]|]",
            Setup = ("public Tensor Forward(Tensor x)",
                "private static readonly float[] Scales = [1];\n\n        public float First => Scales[0];\n\n        public Tensor Forward(Tensor x)"),
            Message = $"'Scales[0]' is not allowed in a forward pass: {Expression}",
        },
        new()
        {
            Id = "ARCH0004", Right = "Silu(up)", Wrong = "[|new Dictionary<int, Tensor>()|][0]",
            Message = "'new Dictionary<int, Tensor>()' is not allowed in a forward pass: a graph has no lists of tensors; what goes from block to block is a "
                + "tensor that the loop passes on: (x, v) = layer.Forward(x, v)",
        },
        new()
        {
            Id = "ARCH0004", Right = "Silu(up)", Wrong = "[|Console.In|].Peek() == 0 ? up : h",
            Message = "'Console.In' is not allowed in a forward pass: 'In' is neither a tensor, a hyper-parameter nor something computed from them",
        },
        new()
        {
            Id = "ARCH0012", Right = Norm, Wrong = Norm + "\n            [|Silu(h)|];",
            Message = "The result of Silu(h) is not used; assign it, or remove the call",
        },
        new()
        {
            Id = "ARCH0015", Right = "if (FfnGate is not null && IsGated)", Wrong = "if (FfnGate is not null && [|h.Shape|].Count == 2)",
            Message = "Shape of a tensor is not known when the graph is built; a static graph cannot depend on it",
        },
        new()
        {
            Id = "ARCH0015", Right = "if (FfnGate is not null && IsGated)", Wrong = "if (FfnGate is not null && [|h.Values|] is null)",
            Message = "Values of a tensor is not known when the graph is built; a static graph cannot depend on it",
        },
        new()
        {
            Id = "ARCH0024", Right = Down, Wrong = "return FeedForward(FfnDown.Of(Silu(up)));", At = "private Tensor [|FeedForward|](Tensor h)",
            Message = "'FeedForward' calls itself; a graph has a fixed number of operations",
        },
    ];

    /// <summary>Where values go.</summary>
    private static Mistake[] Flows =>
    [
        new()
        {
            Id = "ARCH0012", Right = Norm, Wrong = Norm + "\n            var lost = [|Silu(h)|];",
            Message = "The result of Silu(h) is not used; assign it, or remove the call",
        },
        new()
        {
            Id = "ARCH0012", Right = Norm, Wrong = Norm + "\n            var lost = [|Silu(Relu(h))|];",
            Message = "The result of Silu(Relu(h)) is not used; assign it, or remove the call",
        },
        new()
        {
            Id = "ARCH0012", Right = "v.Heads(Heads), 1", Wrong = "k.Heads(Heads), 1", At = "var (q, k, [|v|]) =",
            Message = "The result of the split into 'v' is not used; use it, or write _ in its place",
        },
        new()
        {
            Id = "ARCH0012", Right = Loop, Wrong = "foreach (var layer in Layers) { var y = [|layer.Forward(x)|]; }",
            Message = "The result of layer.Forward(x) is not used; assign it, or remove the call",
        },
        new()
        {
            Id = "ARCH0032", Right = "Output.Of(OutputNorm.Of(x))", Wrong = "Output.Of(OutputNorm.Of([|Layers[0].AttnNorm|].Of(x)))",
            Message = "'Layers[0].AttnNorm' is a tensor of another block than the one that runs here; use it in the Forward of its block, or pass it to the "
                + "other block as an argument",
        },
        new()
        {
            Id = "ARCH0004", Right = Loop, Wrong = "var n = 1f;\n        foreach (var layer in Layers) { x = layer.Forward(x) * n; [|n = n + 1|]; }",
            Message = "'n = n + 1' is not allowed in a forward pass: what changes from pass to pass is a tensor; numbers follow from the block's Index "
                + "or the number of the pass",
        },
        new()
        {
            Id = "ARCH0033", Right = "if (FfnGate is not null && IsGated)", Wrong = "if (IsGated)", At = "Silu([|FfnGate|].Of(h))",
            Message = "A file may lack 'FfnGate', and nothing on the way here asks for it; write if (FfnGate is not null), or make its type Linear without ?",
        },
        new()
        {
            Id = "ARCH0034", Right = "x += AttnOutput", Wrong = "x = AttnOutput",
            At = "[|x = AttnOutput.Of(Attention(Rope(q.Heads(Heads)), Rope(k.Heads(Heads)), v.Heads(Heads), 1 / Sqrt(HeadDim)))|]",
            Message = "'x = AttnOutput.Of(Attention(Rope(q.Heads(Heads)), Rope(k.Heads(Heads)), v.Heads(Heads), 1 / Sqrt(HeadDim)))' does not add to the "
                + "residual stream 'x'; write x += ... in place of x = ...",
        },
        new()
        {
            Id = "ARCH0034", Right = "return x + FeedForward(x);", Wrong = "return [|FeedForward(x)|];",
            Message = "What Layer.Forward returns does not add to the residual stream 'x'; return x + ...",
        },
        new()
        {
            Id = "ARCH0034", Right = Loop, Wrong = "var e = x;\n        foreach (var layer in Layers) [|x = layer.Forward(e)|];",
            Message = "'x = layer.Forward(e)' does not add to the residual stream 'x'; what the blocks before computed is lost; pass 'x' to the block",
        },
        new()
        {
            Id = "ARCH0035", Right = "return Output.Of(OutputNorm.Of(x));", Wrong = "return [|Sum(OutputNorm.Of(x))|];",
            Message = "Tiny.Forward returns [T, 1], but a model returns logits [T, Vocab], or embeddings [T, Embd]; end with the output tensor, as in "
                + "Output.Of(x)",
        },
        new()
        {
            Id = "ARCH0035", Setup = Claim, Right = "return Output.Of(OutputNorm.Of(x));", Wrong = "return [|OutputNorm.Of(x)|];",
            Message = "Tiny.Forward returns [T, Embd], but TinyForCausalLM gives logits [T, Vocab]; end with the output tensor, as in Output.Of(x)",
        },
        new()
        {
            Id = "ARCH0036", Right = "FfnDown.Of(Silu(up))", Wrong = "FfnDown.Of([|Sum(up)|].Heads(3))",
            Message = "3 heads do not divide 1, the last dimension of [T, 1]; heads are all of one size; split off what is none of them first",
        },
        new()
        {
            Id = "ARCH0036", Right = "q.Heads(Heads)", Wrong = "[|Concat(q, Sum(h))|].Heads(Embd)",
            Message = "Embd heads do not divide 1 + Embd, the last dimension of [T, 1 + Embd]; heads are all of one size; split off what is none of them first",
        },
        new()
        {
            Id = "ARCH0036", Right = "Attention(Rope(q.Heads(Heads)), Rope(k.Heads(Heads)), v.Heads(Heads), 1",
            Wrong = "Attention(Rope([|q.Heads(KvHeads)|]), Rope(k.Heads(Heads)), v.Heads(Heads), 1",
            Message = "Heads key heads do not divide KvHeads query heads (q [T, KvHeads, Embd/KvHeads], k [T, Heads, Embd/Heads]); several query heads share a "
                + "key head; are the two swapped?",
        },
        new()
        {
            Id = "ARCH0038", Right = "return x + FeedForward(x);", Wrong = "return [|x + x|] + FeedForward(x);",
            Message = "'x + x' adds the residual stream 'x' a second time: one of its operands, or the block, has added it already",
        },
        new()
        {
            Id = "ARCH0038", Right = "return x + FeedForward(x);", Wrong = "var fed = x + FeedForward(x);\n            return IsGated ? fed : [|x + fed|];",
            Message = "'x + fed' adds the residual stream 'x' a second time: one of its operands, or the block, has added it already",
        },
        new()
        {
            Id = "ARCH0038", Right = Loop, Wrong = "foreach (var layer in Layers) [|x += layer.Forward(x)|];",
            Message = "'x += layer.Forward(x)' adds the residual stream 'x' a second time: one of its operands, or the block, has added it already",
        },
        new()
        {
            Id = "ARCH0038", Right = "return x + FeedForward(x);", Wrong = "return [|x + fed|] + FeedForward(x);",
            Setup = ("x += AttnOutput.Of(", "var fed = Silu(h);\n            x += fed + AttnOutput.Of("),
            Message = "'x + fed' adds 'Silu(h)' a second time: one of its operands, or the block, has added it already",
        },
        new()
        {
            Id = "ARCH0039", Setup = ("[Architecture(", "[ConfigIs(\"hidden_act\", \"silu\")]\n[Architecture("), Right = Gated + Down,
            Wrong = "if (FfnGate is not null && IsGated) up = [|Gelu(FfnGate.Of(h))|] * up;\n            return FfnDown.Of(Gelu(up));",
            Message = "The forward pass calls Gelu, but [ConfigIs(\"hidden_act\", \"silu\")] holds config.json to Silu or GeluQuick; call that, or correct the "
                + "value",
        },
    ];
}
