using System.Text.Json.Nodes;

namespace LocalMcp.Faults.Sessions;

/// <summary>Draws calls as clients make them: most are sensible, some are not.</summary>
internal sealed class RandomCalls(Random random, IReadOnlyList<string> models)
{
    private static readonly string[][] FileSets = [["note.txt"], ["note.txt:1-3", "src/One.cs"], ["src/**/*.cs"], ["missing.txt"], ["../outside.txt"], ["big.txt"], [".env"], ["src"]];

    private static readonly string[] Schemas =
    [
        """{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}""",
        """{"type":"array","items":{"enum":["x","y"]}}""",
        """{"type":"no such type"}""",
    ];

    private static readonly string[] OutOfOrder = ["""{}""", """{"prompt":7}""", """{"prompt":"hi","no_such":1}""", """{"prompt":""}""", """{"prompt":"hi","max_tokens":-4}"""];

    private int written;

    public CallPlan Next()
    {
        var call = random.Next(100) switch
        {
            < 34 => Tool("chat", Chat()),
            < 46 => Tool("chat", With(Chat(), "files", Files())),
            < 52 => Tool("chat", With(Chat(), "json_schema", JsonNode.Parse(Schemas[random.Next(Schemas.Length)])!)),
            < 64 => Tool("chat_to_file", ToFile()),
            < 74 => Tool("set_model", SetModel()),
            < 84 => Tool("list_models", []),
            < 91 => Tool("quick_test", []),
            < 94 => new CallPlan("tools/call", "chat", OutOfOrder[random.Next(OutOfOrder.Length)]),
            < 96 => new CallPlan("tools/call", "no_such_tool", "{}"),
            < 98 => new CallPlan("tools/list", "", "{}"),
            _ => new CallPlan("prompts/get", "", """{"name":"switch-model"}"""),
        };
        return random.Next(100) < 22 ? call with { CancelAfter = random.Next(3) == 0 ? random.Next(20) : random.Next(1_500) } : call;
    }

    private static CallPlan Tool(string name, JsonObject arguments) => new("tools/call", name, arguments.ToJsonString());

    private JsonObject Chat()
    {
        var chat = new JsonObject { ["prompt"] = Prompt() };
        if (random.Next(2) == 0)
            chat["model"] = Model();
        if (random.Next(5) == 0)
            chat["max_tokens"] = random.Next(1, 40);
        if (random.Next(6) == 0)
            chat["think"] = true;
        if (random.Next(6) == 0)
            chat["system"] = "Be brief.";
        return chat;
    }

    private string Prompt() => random.Next(12) switch
    {
        0 => string.Concat(Enumerable.Repeat("0123456789", 20_000)),
        1 => "Grüße – 你好, 🙂",
        _ => "hi",
    };

    private string Model() => random.Next(10) switch
    {
        0 => "no-such-model",
        1 => random.Next(1, 6).ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => models[random.Next(models.Count)],
    };

    private JsonArray Files() => [.. FileSets[random.Next(FileSets.Length)].Select(name => JsonValue.Create(name))];

    private JsonObject ToFile()
    {
        var arguments = With(Chat(), "path", random.Next(6) switch
        {
            0 => "note.txt",
            1 => "../outside.txt",
            2 => "taken.txt",
            _ => $"out/answer{++written}.txt",
        });
        if (random.Next(3) == 0)
            arguments["overwrite"] = true;
        return arguments;
    }

    private JsonObject SetModel() => random.Next(6) switch
    {
        0 => [],
        1 => new JsonObject { ["name"] = Model(), ["force"] = true },
        _ => new JsonObject { ["name"] = Model() },
    };

    private static JsonObject With(JsonObject arguments, string name, JsonNode value)
    {
        arguments[name] = value;
        return arguments;
    }
}
