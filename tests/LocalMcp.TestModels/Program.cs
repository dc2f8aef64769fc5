using LocalMcp.TestModels;

const string usage =
    """
    test-models scripted --out FILE --text TEXT [--template plain|think|qwen3] [--context N] [--endless] [--name NAME]
    test-models random --out FILE --params SIZE|sample|--like MODEL [--quantization TYPE] [--architecture NAME] [--seed N] [--name NAME] [--hollow]
    test-models smoke --out FILE
    """;

if (args.Length == 0)
{
    Console.Error.WriteLine(usage);
    return 2;
}

try
{
    var arguments = new Arguments(args[1..]);
    var file = arguments.Required("--out");
    Action write = args[0] switch
    {
        "scripted" => WriteScripted(arguments, file),
        "random" => WriteRandom(arguments, file),
        "smoke" => () => SmokeModel.Write(file),
        var other => throw new ArgumentException($"There is no model kind {other}. Use scripted, random or smoke."),
    };
    arguments.RefuseUnread();
    write();
    Console.WriteLine($"{file}: {new FileInfo(file).Length:N0} bytes");
    return 0;
}
catch (ArgumentException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    Console.Error.WriteLine(usage);
    return 2;
}

static Action WriteScripted(Arguments arguments, string file)
{
    var script = new Script(arguments.Required("--text"))
    {
        ChatTemplate = Template(arguments.Optional("--template") ?? "plain"),
        ContextLength = arguments.Number("--context", 4096),
        Endless = arguments.Has("--endless"),
        Name = arguments.Optional("--name") ?? "Scripted",
    };
    return () => ScriptedModel.Write(file, script);
}

static Action WriteRandom(Arguments arguments, string file)
{
    var (architecture, shape) = Model(arguments);
    var type = TensorTypes.Named(arguments.Optional("--quantization") ?? "Q4_0");
    var seed = (ulong)arguments.Number("--seed", 1);
    var hollow = arguments.Has("--hollow");
    var name = arguments.Optional("--name") ?? "Random";
    return () => RandomModel.Write(file, shape, type, seed, architecture, name, hollow);
}

static string Template(string name) => name switch
{
    "plain" => ChatTemplates.Plain,
    "think" => ChatTemplates.Think,
    "qwen3" => ChatTemplates.Qwen3,
    _ => throw new ArgumentException($"There is no template {name}. Use plain, think or qwen3."),
};

// A real model's name says all; an architecture alone gives its sample.
static (RandomArchitecture Architecture, RandomShape Shape) Model(Arguments arguments)
{
    if (arguments.Optional("--like") is { } like)
    {
        var model = RealModel.Named(like);
        return (model.Architecture, model.Shape);
    }

    var architecture = RandomArchitecture.Named(arguments.Optional("--architecture") ?? "llama");
    return (architecture, arguments.Required("--params") is var size && size == "sample" ? architecture.Sample : RandomShape.Named(size));
}
