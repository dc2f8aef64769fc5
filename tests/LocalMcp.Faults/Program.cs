using LocalMcp.Faults;

if (RunOptions.Of(args) is not { } options)
{
    Console.Error.WriteLine(RunOptions.Usage);
    return 2;
}
Console.WriteLine($"seed {options.Seed}");
var isWhole = true;
if (options.Verb is "" or "campaign")
    isWhole &= await Campaign.RunAsync(options);
if (options.Verb is "" or "fuzz")
    isWhole &= Fuzz.Run(options);
return isWhole ? 0 : 1;
