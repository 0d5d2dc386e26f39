namespace ArchGen.Generators.Tests;

/// <summary>A small architecture without a mistake, for tests to edit.</summary>
internal static class TinyArchitecture
{
    public const string Source = """
        namespace ArchGen.Tiny;

        /// <summary>A small decoder.</summary>
        [Architecture("tiny", Rope = RopeKind.Interleaved)]
        public partial class Tiny : DecoderModel
        {
            [Tensor("Vocab, Embd")] public partial Embedding TokenEmbd { get; }
            [Tensor("Embd")] public partial RmsNorm OutputNorm { get; }
            [Tensor("Vocab, Embd", TiedTo = nameof(TokenEmbd))] public partial Linear Output { get; }
            [Blocks("blk.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

            [HyperParameter("gated", Default = "false")] public partial bool IsGated { get; }

            public partial class Layer : Block
            {
                [Tensor("Embd")] public partial RmsNorm AttnNorm { get; }
                [Tensor("3*Embd, Embd")] public partial Linear AttnQkv { get; }
                [Tensor("Embd, Embd")] public partial Linear AttnOutput { get; }
                [Tensor("Ff, Embd")] public partial Linear FfnUp { get; }
                [Tensor("Ff, Embd")] public partial Linear? FfnGate { get; }
                [Tensor("Embd, Ff")] public partial Linear FfnDown { get; }

                public Tensor Forward(Tensor x)
                {
                    var h = AttnNorm.Of(x);
                    var (q, k, v) = AttnQkv.Of(h).Split(Embd, Embd, Embd);
                    x += AttnOutput.Of(Attention(Rope(q.Heads(Heads)), Rope(k.Heads(Heads)), v.Heads(Heads), 1 / Sqrt(HeadDim)));
                    return x + FeedForward(x);
                }

                private Tensor FeedForward(Tensor h)
                {
                    var up = FfnUp.Of(h);
                    if (FfnGate is not null && IsGated) up = Silu(FfnGate.Of(h)) * up;
                    return FfnDown.Of(Silu(up));
                }
            }

            public override Tensor Forward(Tokens tokens)
            {
                var x = TokenEmbd.Of(tokens);
                foreach (var layer in Layers) x = layer.Forward(x);
                return Output.Of(OutputNorm.Of(x));
            }
        }

        """;

    /// <summary>The source with one text, which must be there once, replaced by another.</summary>
    public static string With(string text, string replacement) => Replace(Source, text, replacement);

    public static string Replace(string source, string text, string replacement)
    {
        Assert.Equal(2, source.Split(text).Length);
        return source.Replace(text, replacement);
    }
}
