namespace ArchGen.Tools.Scaffolding;

/// <summary>The files of a new project. NAME, VERSION and name-in-files are filled in.</summary>
internal static class ProjectTemplate
{
    /// <summary>All but the architecture.</summary>
    public static readonly (string Path, string Text)[] Files =
    [
        ("NAME.slnx", """
            <Solution>
              <Project Path="NAMEModels/NAMEModels.csproj" />
              <Project Path="NAMEProgram/NAMEProgram.csproj" />
              <Project Path="NAMETests/NAMETests.csproj" />
            </Solution>

            """),
        ("Directory.Build.props", """
            <Project>
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <ArchGenVersion>VERSION</ArchGenVersion>
              </PropertyGroup>
            </Project>

            """),
        (".gitignore", "bin/\nobj/\n*.gguf\n*.received.txt\n"),
        ("README.md", """
            # NAME

            `NAMEModels/NAME.cs` is the architecture: its tensors, its hyper-parameters and its forward pass. Answer its questions, then

                dotnet test
                dotnet run -c Release --project NAMEProgram -- convert CHECKPOINT --outfile model.gguf
                dotnet run -c Release --project NAMEProgram -- compare model.gguf logits.f32 --tokens 1,2,3
                dotnet run -c Release --project NAMEProgram -- run model.gguf -p "Once upon a time"

            `compare` takes the logits that the author's model computes for the same tokens (f32, tokens times vocabulary), and shows how far off the
            model is.

            """),
        ("NAMEModels/NAMEModels.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <ItemGroup>
                <PackageReference Include="ArchGen" Version="$(ArchGenVersion)" />
                <PackageReference Include="ArchGen.Architectures" Version="$(ArchGenVersion)" />
              </ItemGroup>
            </Project>

            """),
        ("NAMEProgram/NAMEProgram.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="ArchGen.CommandLine" Version="$(ArchGenVersion)" />
                <ProjectReference Include="../NAMEModels/NAMEModels.csproj" />
              </ItemGroup>
            </Project>

            """),
        ("NAMEProgram/Program.cs", """
            using ArchGen.CommandLine;

            // Every command of archgen, over NAME and the built-in architectures.
            return Archgen.Run(args, Catalog.All);

            """),
        ("NAMETests/NAMETests.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="ArchGen.Testing" Version="$(ArchGenVersion)" />
                <PackageReference Include="Microsoft.NET.Test.Sdk" Version="18.11.0" />
                <PackageReference Include="xunit.v3.mtp-off" Version="4.0.2" />
                <PackageReference Include="xunit.runner.visualstudio" Version="4.0.1" />
                <ProjectReference Include="../NAMEModels/NAMEModels.csproj" />
              </ItemGroup>
            </Project>

            """),
        ("NAMETests/NAMETests.cs", """
            using ArchGen.Testing;
            using NAMEModels;
            using Xunit;

            namespace NAMETests;

            public sealed class NAMETests
            {
                /// <summary>The graph is the one that was accepted: the first run writes it, and a change shows as a difference.</summary>
                [Fact]
                public async Task The_graph_is_the_accepted_one() => await GraphSnapshot.Verify<NAME>();
            }

            """),
    ];

    /// <summary>A decoder as Llama is, to be changed.</summary>
    public const string Architecture = """
        using ArchGen;

        namespace NAMEModels;

        /// <summary>NAME: say here in a sentence what is new, and where it is published.</summary>
        // Question: are the rotated pairs halves of a head (HalfSplit) or neighbours (Interleaved)?
        [Architecture("name-in-files", Rope = RopeKind.HalfSplit)]
        public partial class NAME : DecoderModel
        {
            [Tensor("Vocab, Embd", Hf = "model.embed_tokens")] public partial Embedding TokenEmbd { get; }
            [Tensor("Embd", Hf = "model.norm")] public partial RmsNorm OutputNorm { get; }
            [Tensor("Vocab, Embd", Hf = "lm_head", TiedTo = nameof(TokenEmbd))] public partial Linear Output { get; }
            [Blocks("blk.{i}", Hf = "model.layers.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

            public partial class Layer : Block
            {
                [Tensor("Embd", Hf = "input_layernorm")] public partial RmsNorm AttnNorm { get; }
                [Tensor("Heads*HeadDim, Embd", Hf = "self_attn.q_proj")] public partial Linear AttnQ { get; }
                [Tensor("KvHeads*HeadDim, Embd", Hf = "self_attn.k_proj")] public partial Linear AttnK { get; }
                [Tensor("KvHeads*HeadDim, Embd", Hf = "self_attn.v_proj")] public partial Linear AttnV { get; }
                [Tensor("Embd, Heads*HeadDim", Hf = "self_attn.o_proj")] public partial Linear AttnOutput { get; }
                [Tensor("Embd", Hf = "post_attention_layernorm")] public partial RmsNorm FfnNorm { get; }
                [Tensor("Ff, Embd", Hf = "mlp.gate_proj")] public partial Linear FfnGate { get; }
                [Tensor("Ff, Embd", Hf = "mlp.up_proj")] public partial Linear FfnUp { get; }
                [Tensor("Embd, Ff", Hf = "mlp.down_proj")] public partial Linear FfnDown { get; }

                public Tensor Forward(Tensor x)
                {
                    var h = AttnNorm.Of(x);
                    var q = Rope(AttnQ.Of(h).Heads(Heads));
                    var k = Rope(AttnK.Of(h).Heads(KvHeads));
                    var v = AttnV.Of(h).Heads(KvHeads);
                    x += AttnOutput.Of(Attention(q, k, v, 1 / Sqrt(HeadDim)));
                    h = FfnNorm.Of(x);
                    return x + FfnDown.Of(Silu(FfnGate.Of(h)) * FfnUp.Of(h));
                }
            }

            public override Tensor Forward(Tokens tokens) => Output.Of(OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens))));
        }

        // Checkpoints.
        [HuggingFace("NAMEForCausalLM")]
        public partial class NAME;

        """;
}
