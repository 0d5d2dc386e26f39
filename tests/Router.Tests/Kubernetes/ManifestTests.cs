using ArchGen.Fixtures;
using k8s;
using k8s.Models;
using YamlDotNet.RepresentationModel;

namespace ArchGen.Samples.Router.Tests.Kubernetes;

/// <summary>The manifests are YAML, refer to what they have, and say what the programs understand.</summary>
public sealed class ManifestTests
{
    private static readonly string Folder = Path.Combine(SharedFixtures.Root, "samples", "Router", "kubernetes");
    private static readonly Dictionary<string, YamlNode> All = Directory.GetFiles(Folder, "*.yaml").SelectMany(Documents)
        .ToDictionary(node => $"{Text(node, "kind")} {Text(node, "metadata", "name")}");

    public static TheoryData<string> Workloads => ["StatefulSet archgen", "Deployment archgen-router"];

    [Fact]
    public void There_are_replicas_a_router_and_scaling() => Assert.Equal(
        [
            "Deployment archgen-router", "HorizontalPodAutoscaler archgen", "PodDisruptionBudget archgen", "Service archgen", "Service archgen-router",
            "StatefulSet archgen",
        ],
        All.Keys.Order(StringComparer.Ordinal));

    // By the types of Kubernetes' own API: a slip in a name, or a value of another type, is an error.
    [Fact]
    public void All_fields_are_those_of_Kubernetes()
    {
        var objects = Directory.GetFiles(Folder, "*.yaml").SelectMany(file => KubernetesYaml.LoadAllFromString(File.ReadAllText(file), strict: true)).ToList();
        Assert.Equal(All.Count, objects.Count);
        Assert.All(objects, each => Assert.StartsWith("archgen", Assert.IsType<IKubernetesObject<V1ObjectMeta>>(each, exactMatch: false).Metadata.Name));
        var text = File.ReadAllText(Path.Combine(Folder, "archgen.yaml"));
        foreach (var slip in (string[])["livenessProbe", "volumeMounts", "runAsNonRoot"])
        {
            var broken = text.Replace(slip, slip + "s", StringComparison.Ordinal);
            Assert.ThrowsAny<Exception>(() => KubernetesYaml.LoadAllFromString(broken, strict: true));
        }
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void A_pod_is_ready_drains_and_is_bounded(string name)
    {
        var workload = All[name];
        var pod = At(workload, "spec", "template", "spec");
        var container = At(pod, "containers", "0");
        Assert.Equal("/health/ready", Text(container, "readinessProbe", "httpGet", "path"));
        Assert.Equal("/health/live", Text(container, "livenessProbe", "httpGet", "path"));
        var pause = int.Parse(Text(container, "lifecycle", "preStop", "sleep", "seconds"));
        Assert.InRange(int.Parse(Text(pod, "terminationGracePeriodSeconds")), pause + 300, 3600);
        Assert.NotEmpty(Text(container, "resources", "limits", "memory"));
        Assert.Equal(("true", "false"), (Text(pod, "securityContext", "runAsNonRoot"), Text(container, "securityContext", "allowPrivilegeEscalation")));
        // The selector finds the pods, and so does the service of the same name.
        var app = Text(workload, "spec", "template", "metadata", "labels", "app");
        Assert.Equal(app, Text(workload, "spec", "selector", "matchLabels", "app"));
        var service = All[$"Service {Text(workload, "metadata", "name")}"];
        Assert.Equal(app, Text(service, "spec", "selector", "app"));
        Assert.Equal(Text(container, "ports", "0", "name"), Text(service, "spec", "ports", "0", "targetPort"));
        Assert.Equal(Text(container, "ports", "0", "containerPort"), Text(workload, "spec", "template", "metadata", "annotations", "prometheus.io/port"));
    }

    [Fact]
    public void The_router_finds_each_replica_by_name()
    {
        Assert.Equal("None", Text(All["Service archgen"], "spec", "clusterIP"));
        var container = At(All["Deployment archgen-router"], "spec", "template", "spec", "containers", "0");
        var options = Router.Proxy.RouterArguments.Read([.. ((YamlSequenceNode)At(container, "args")).Select(node => ((YamlScalarNode)node).Value!)]);
        var service = All["Service archgen"];
        Assert.Equal($"http://{Text(service, "metadata", "name")}:{Text(service, "spec", "ports", "0", "port")}/", options.Replicas.Single().AbsoluteUri);
        Assert.True(options.ResolvesNames);
        Assert.Equal(Text(container, "ports", "0", "containerPort"), $"{options.Listen.Port}");
    }

    [Fact]
    public void More_replicas_come_while_requests_wait()
    {
        var scaler = All["HorizontalPodAutoscaler archgen"];
        Assert.Equal("StatefulSet archgen", $"{Text(scaler, "spec", "scaleTargetRef", "kind")} {Text(scaler, "spec", "scaleTargetRef", "name")}");
        Assert.Equal("requests_deferred", Text(scaler, "spec", "metrics", "0", "pods", "metric", "name"));
        Assert.Equal("archgen", Text(All["PodDisruptionBudget archgen"], "spec", "selector", "matchLabels", "app"));
    }

    private static IEnumerable<YamlNode> Documents(string file)
    {
        using var reader = File.OpenText(file);
        var stream = new YamlStream();
        stream.Load(reader);
        return stream.Documents.Select(document => document.RootNode);
    }

    private static YamlNode At(YamlNode node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path) node = node is YamlSequenceNode list ? list[int.Parse(name)] : node[name];
        return node;
    }

    private static string Text(YamlNode node, params ReadOnlySpan<string> path) => ((YamlScalarNode)At(node, path)).Value!;
}
