using System.CommandLine;
using ArchGen.CommandLine;
using ArchGen.CommandLine.Serving;
using ArchGen.Fixtures;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Scheduling;
using ArchGen.Runtime.Speculation;
using ArchGen.Server;
using ArchGen.Templates;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>The options of <c>archgen serve</c>, which are llama-server's: those that act, those that do nothing, and those that are refused.</summary>
public sealed class ServeOptionTests
{
    private static readonly string Model = SharedFixtures.Local("models/stories260K.gguf");

    [Fact]
    public void What_changes_no_result_is_accepted_and_said_once()
    {
        var run = Archgen.Run(
            new CancellationToken(canceled: true), "serve", Model, "--port", "0", "--mlock", "--numa", "distribute", "-fa", "on",
            "--no-mmap", "--threads-batch", "2");
        var lines = run.Error.Split('\n').Where(line => line.Contains("no effect", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, lines.Count);
        Assert.StartsWith("archgen: --threads-batch, --numa: no effect; the operating system schedules the threads.", lines[0]);
        Assert.StartsWith("archgen: --mlock, --no-mmap: no effect; ", lines[1]);
        Assert.StartsWith("archgen: -fa: no effect; ", lines[2]);
    }

    [Theory]
    [InlineData("--hf-repo owner/name", "--hf-repo is not supported: nothing is downloaded. Name a file with -m.")]
    [InlineData("-hf owner/name", "-hf is not supported: nothing is downloaded.")]
    [InlineData("--rope-freq-base 5000", "--rope-freq-base is not supported: positions are as the model's file says.")]
    [InlineData("--control-vector x.gguf", "--control-vector is not supported: ")]
    [InlineData("--tools all", "--tools is not supported: the server runs no tools.")]
    [InlineData("-ctk f16 -ctv q8_0", "-ctk f16 and -ctv q8_0: keys and values have one type here.")]
    [InlineData("--spec-type magic", "--spec-type is 'magic', expected none, ngram")]
    [InlineData("--jinja --no-jinja", "--jinja and --no-jinja exclude each other.")]
    [InlineData("--no-jinja --chat-template nonsense", "--chat-template is no known name, and --no-jinja takes names alone.")]
    [InlineData("--chat-template-kwargs [1]", "--chat-template-kwargs is no JSON object")]
    [InlineData("--slots --no-slots", "--slots and --no-slots exclude each other.")]
    [InlineData("--slot-save-path /not/there", "--slot-save-path /not/there: there is no such folder.")]
    [InlineData("--models-dir /not/there", "--models-dir /not/there: there is no such folder.")]
    [InlineData("--models-memory lots", "--models-memory is 'lots', expected a number with K, M or G")]
    [InlineData("--host nowhere.example", "--host nowhere.example is no address.")]
    public void What_would_change_results_is_refused(string options, string message)
    {
        var run = Archgen.Run(["serve", Model, "--port", "0", .. options.Split(' ')]);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("archgen: " + message, run.Error);
    }

    [Theory]
    [InlineData("-c 512 -np 2", 256, 2)]
    [InlineData("-c 512 -np 2 --kv-unified", 512, 2)]
    [InlineData("-c 512", 512, 8)]
    [InlineData("-c 512 --no-kv-unified", 64, 8)]
    [InlineData("-c 512 -np -1", 512, 8)]
    [InlineData("-c 0", null, 8)]
    [InlineData("-np 4", null, 4)]
    public void Parallel_answers_divide_the_context(string options, int? length, int answers)
    {
        var model = Apply(options);
        Assert.Equal((length, answers), (model.Model.ContextLength, model.Model.MaxConcurrentAnswers));
    }

    [Fact]
    public void The_engine_gets_its_sizes()
    {
        var engine = Apply("-b 64 -ub 32 -ctk q8_0 -ctxcp 3 --max-queue 5 --spec-type ngram-simple,draft-simple --spec-draft-n-max 9").Model.Engine(new());
        Assert.Equal((32, CacheType.Q8_0, 3, 5), (engine.MaxBatch, engine.CacheType, engine.MaxCheckpoints, engine.MaxQueuedAnswers));
        Assert.Equal((SpeculationType.NGram, 9), (engine.Speculation.Type, engine.Speculation.MaxDraft));
        Assert.Equal(SpeculationType.None, Apply("--spec-type draft-simple").Model.Engine(new()).Speculation.Type);
        Assert.Equal("small.gguf", Apply("-md small.gguf").Model.DraftModelPath);
        Assert.Equal(new EngineOptions(), Apply("").Model.Engine(new()));
    }

    [Theory]
    [InlineData("chatml", "<|im_start|>system\nA<|im_end|>\n<|im_start|>user\nB<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData("llama3", "<|start_header_id|>system<|end_header_id|>\n\nA<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nB<|eot_id|>"
        + "<|start_header_id|>assistant<|end_header_id|>\n\n")]
    [InlineData("command-r", "<|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>A<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|USER_TOKEN|>B<|END_OF_TURN_TOKEN|>"
        + "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>")]
    [InlineData("gemma", "<start_of_turn>user\nA\n\nB<end_of_turn>\n<start_of_turn>model\n")]
    [InlineData("vicuna", "A\n\nUSER: B\nASSISTANT:")]
    [InlineData("llama2-sys", "[INST] <<SYS>>\nA\n<</SYS>>\n\nB [/INST]")]
    [InlineData("mistral-v7", "[SYSTEM_PROMPT] A[/SYSTEM_PROMPT][INST] B[/INST]")]
    public void A_named_template_writes_the_form_of_its_model(string name, string text)
    {
        using var variables = System.Text.Json.JsonDocument.Parse(
            """{"messages": [{"role": "system", "content": "A"}, {"role": "user", "content": "B"}], "add_generation_prompt": true}""");
        var template = Template.Parse(NamedTemplates.Find(name)!);
        Assert.Equal(text, template.Render(TemplateVariables.FromJson(variables.RootElement), RenderOptions.Default).Text);
    }

    [Fact]
    public void There_is_a_template_for_each_name()
    {
        Assert.All(NamedTemplates.Names, name => Template.Parse(NamedTemplates.Find(name)!));
        Assert.Null(NamedTemplates.Find("nonsense"));
    }

    private static ServedModelOptions Apply(string options)
    {
        var flags = new EngineFlags();
        var command = new Command("serve");
        foreach (var option in flags.All) command.Add((Option)option);
        var parsed = command.Parse(options.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(parsed.Errors);
        var model = new ServedModelOptions();
        flags.Apply(parsed, model);
        return model;
    }
}
