using System.Runtime.Versioning;
using LocalMcp.LlamaSharpEngine.Cli;
using LocalMcp.LlamaSharpEngine.Model;
using LocalMcp.LlamaSharpEngine.Server;

[assembly: SupportedOSPlatform("linux")]
[assembly: SupportedOSPlatform("macos")]

switch (args)
{
    case [.., "--help"] or ["-h"]:
        Console.WriteLine(EngineFlags.Help);
        return 0;
    case [.., "--version"]:
        Console.WriteLine(EngineVersion.Line);
        return 0;
}

try
{
    if (args is [.., "--list-devices"])
    {
        Console.WriteLine(Devices.List());
        return 0;
    }
    return await EngineServer.RunAsync(EngineOptions.Parse(args), TimeProvider.System);
}
catch (WrongArgumentsException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}
catch (LoadException failed)
{
    Console.Error.WriteLine(failed.Message);
    return 1;
}
