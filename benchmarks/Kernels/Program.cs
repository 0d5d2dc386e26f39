using System.Globalization;
using ArchGen.Benchmarks.Kernels;
using BenchmarkDotNet.Running;

// dotnet run -c Release --project benchmarks/Kernels -- --filter '*MatMul*' [--types q4_0,f16] [--tiers avx2] [--tokens 1,8,128] [--threads 2]
// dotnet run -c Release --project benchmarks/Kernels -- [threads] [tokens,..] [type,..|all] [tier], for a table of products in seconds
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args.Length > 0 && args[0].StartsWith('-')) BenchmarkSwitcher.FromAssembly(typeof(Choice).Assembly).Run(Choice.TakeFrom(args), new KernelConfig());
else ProductTable.Print(args);
