using ArchGen.CommandLine;

// Every command of archgen, over NAME and the built-in architectures.
return Archgen.Run(args, Catalog.All);
