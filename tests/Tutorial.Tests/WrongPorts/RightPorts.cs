using ArchGen.Architectures;

namespace ArchGen.Tutorial.Tests.WrongPorts;

// Without a mistake: the base under another name. What is red for a wrong port is green for these.
[Architecture("right-llama", Rope = RopeKind.Interleaved)] public partial class RightLlama : Llama;

[Architecture("right-llama-moe", Rope = RopeKind.Interleaved)] public partial class RightLlamaMoe : Llama;

[Architecture("right-qwen2", Rope = RopeKind.HalfSplit)] public partial class RightQwen2 : Qwen2;

[Architecture("right-qwen2moe", Rope = RopeKind.HalfSplit)] public partial class RightQwen2Moe : Qwen2Moe;

[Architecture("right-qwen3", Rope = RopeKind.HalfSplit)] public partial class RightQwen3 : Qwen3;

[Architecture("right-smollm3", Rope = RopeKind.Interleaved)] public partial class RightSmolLm3 : SmolLm3;

[Architecture("right-olmo2", Rope = RopeKind.HalfSplit)] public partial class RightOlmo2 : Olmo2;

[Architecture("right-refact", Rope = RopeKind.None)] public partial class RightRefact : Refact;

[Architecture("right-gemma", Rope = RopeKind.HalfSplit)] public partial class RightGemma : Gemma;

[Architecture("right-gemma2", Rope = RopeKind.HalfSplit)] public partial class RightGemma2 : Gemma2;

[Architecture("right-gemma3", Rope = RopeKind.HalfSplit)] public partial class RightGemma3 : Gemma3;

[Architecture("right-gpt2", Rope = RopeKind.None)] public partial class RightGpt2 : Gpt2;

[Architecture("right-phimoe", Rope = RopeKind.HalfSplit)] public partial class RightPhiMoe : PhiMoe;

[Architecture("right-starcoder2", Rope = RopeKind.HalfSplit)] public partial class RightStarCoder2 : StarCoder2;
