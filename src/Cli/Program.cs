using ArchGen.Cli;

return CommandLine.Run(args, Terminal.Process());
