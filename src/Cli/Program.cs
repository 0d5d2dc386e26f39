using ArchGen.CommandLine;

using var interruption = new Interruption();
var exitCode = CommandTree.Run(args, Terminal.Process(), interruption.Token);
return exitCode == CommandTree.Cancelled ? interruption.ExitCode ?? exitCode : exitCode;
