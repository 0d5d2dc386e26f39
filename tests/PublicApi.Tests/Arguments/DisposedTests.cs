using System.Reflection;
using ArchGen.Chat.Conversations;
using ArchGen.Extensions.AI;
using ArchGen.Gguf;
using ArchGen.Runtime.Embeddings;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.PublicApi.Tests.Arguments;

/// <summary>What is used after it, or its model, was disposed: an ObjectDisposedException, or facts that need no memory. Freed memory is never read.</summary>
public sealed class DisposedTests
{
    private const BindingFlags Members = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    public static TheoryData<string> Types =>
        [.. PublicMembers.Types.Where(type => typeof(IDisposable).IsAssignableFrom(type) && !type.IsAbstract).Select(type => type.FullName!)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_member_of_a_disposed_object_answers(string type) => AssertAnswers(type, (_, target) => target.Dispose());

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_member_answers_when_the_model_was_disposed_first(string type) => AssertAnswers(type, (values, target) =>
    {
        values.Get<GgufFile>().Dispose();
        values.Get<LoadedModel>().Dispose();
        if (target is Testing.TestedModel tested) tested.Dispose();
    });

    [Fact]
    public void What_computes_says_that_it_was_disposed()
    {
        Refuses<InferenceContext>(context => context.Evaluate(OneToken()));
        Refuses<InferenceContext>(context => _ = context.Output(0)[0]);
        Refuses<InferenceContext>(context => context.RemoveSequence(0));
        Refuses<TextGenerator>(generator => generator.Generate("Once").First());
        Refuses<TextEmbedder>(embedder => embedder.Embed("Once"));
        Refuses<InferenceEngine>(engine => engine.Submit(new() { Prompt = new[] { 1 } }));
        Refuses<ChatEngine>(engine => engine.Submit(new() { Messages = [new(Chat.Messages.MessageRole.User, "Once")] }));
        Refuses<ArchGenService>(service => _ = service.Model);
        Refuses<GgufFile>(file => _ = file.Tensors[0].Span);
        Refuses<LoadedModel>(model => model.Source.Read("output_norm.weight"));
    }

    [Fact]
    public void What_computes_says_that_its_model_was_disposed()
    {
        using var values = new Values();
        var (context, model) = (values.Get<InferenceContext>(), values.Get<LoadedModel>());
        context.Evaluate(OneToken());
        model.Dispose();
        Assert.Equal(typeof(GgufFile).FullName, Assert.Throws<ObjectDisposedException>(() => context.Evaluate(OneToken())).ObjectName);
        Assert.Throws<ObjectDisposedException>(() => model.CreateContext(values.Get<ContextOptions>()));
    }

    private static Batch OneToken()
    {
        var batch = new Batch();
        batch.Add(token: 1, position: 0, sequence: 0, wantOutput: true);
        return batch;
    }

    private static void Refuses<T>(Action<T> use)
        where T : class, IDisposable
    {
        using var values = new Values();
        var value = values.Get<T>();
        value.Dispose();
        Assert.Throws<ObjectDisposedException>(() => use(value));
        value.Dispose();
    }

    private static void AssertAnswers(string name, Action<Values, IDisposable> dispose)
    {
        var type = PublicMembers.Types.First(known => known.FullName == name);
        var faults = new List<string>();
        foreach (var member in type.GetMethods(Members).Where(method => !method.IsGenericMethodDefinition && method.Name != "Dispose"))
        {
            using var values = new Values();
            if (values.Find(type) is not IDisposable target)
            {
                Assert.Contains(type, Unmade.Types.Keys);
                return;
            }

            var arguments = member.GetParameters().Select(parameter => parameter.IsOut ? null : values.For(parameter)).ToArray();
            dispose(values, target);
            if (Refusal.Fault(member, Call.Of(member, target, arguments)) is { } fault) faults.Add($"{PublicMembers.NameOf(member)}: {fault}");
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}
