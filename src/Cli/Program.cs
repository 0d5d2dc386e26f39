using ArchGen.Cli;
using ArchGen.CommandLine;

return Archgen.Run(args, BuiltIn.Program);
