using ArchGen.Cli;

using var interruption = new Interruption();
var exitCode = CommandLine.Run(args, Terminal.Process(), interruption.Token);
return exitCode == CommandLine.Cancelled ? interruption.ExitCode ?? exitCode : exitCode;
