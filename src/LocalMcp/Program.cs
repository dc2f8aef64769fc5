using System.Runtime.Versioning;
using LocalMcp.Cli;
using LocalMcp.State;

[assembly: SupportedOSPlatform("linux")]
[assembly: SupportedOSPlatform("macos")]

return await CommandLine.RunAsync(args, UserEnvironment.OfThisProcess);
