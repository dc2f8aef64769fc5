using System.Text.Json.Nodes;

namespace LocalMcp.FakeServer;

/// <summary>POST /v1/chat/completions.</summary>
internal static class OpenAiWire
{
    public static async Task ChatAsync(Exchange x)
    {
        if (x.Body?["messages"] is not JsonArray messages)
        {
            await Reply.ErrorAsync(x, 400, x.Body is null ? "The request body is not a JSON object." : "'messages' is required");
            return;
        }

        var name = x.Body["model"]?.ToString() ?? "";
        if (Find(x, name) is not { } model)
        {
            await UnknownModelAsync(x, name);
            return;
        }

        if (x.Kind == ServerKind.Ollama && x.Body["reasoning_effort"] is { } effort && effort.ToString() != "none" && !model.CanThink)
        {
            await Reply.ErrorAsync(x, 400, $"\"{name}\" does not support thinking");
            return;
        }

        if (x.Options.RefusesCounting is { } strict && x.Body["stream_options"] is not null)
            await Reply.ErrorAsync(x, 400, strict);
        else if (x.Options.RefusesSchema is { } refusal && x.Body["response_format"] is not null)
            await RefuseSchemaAsync(x, refusal);
        else
            await AnswerAsync(x, ChatScript.For(x.Options, Ask(x, x.Body, model, name, messages)));
    }

    private static async Task AnswerAsync(Exchange x, ChatScript script)
    {
        var ask = script.Ask;
        if (x.Options.ExceedsContext)
        {
            await TooLongAsync(x, script);
            return;
        }

        if (!ask.Model.CanChat)
        {
            await Reply.ErrorAsync(x, 400, $"\"{ask.AskedName}\" does not support chat");
            return;
        }

        if (x.State.Loaded(ask.Model) is null)
            x.State.Load(ask.Model, ask.Model.Served(x.Kind), x.Now.AddMinutes(5));
        var completion = new OpenAiCompletion(x, script);
        if (ask.Stream && !x.Options.NonStreaming && !(x.Options.HalfJson && x.IsFaulty))
            await new StreamPlayer(x, new OpenAiStream(x, completion)).PlayAsync(script.Pieces);
        else
            await WholePlayer.PlayAsync(x, script, completion.Whole);
    }

    private static ChatAsk Ask(Exchange x, JsonObject body, FakeModel model, string name, JsonArray messages)
    {
        // llama-server and LM Studio answer with the name of what they run, the others with the name they were asked for.
        var answered = x.Options.AnsweredModel ?? (x.Kind is ServerKind.LlamaServer or ServerKind.LmStudio ? model.Name : name);
        var thinkingOff = (body["chat_template_kwargs"]?["enable_thinking"] ?? body["enable_thinking"]) is JsonValue value && value.ToString() == "false";
        return new ChatAsk(
            model,
            name,
            answered,
            messages,
            JsonRead.Number(body["max_completion_tokens"] ?? body["max_tokens"]),
            thinkingOff || body["reasoning_effort"]?.ToString() == "none",
            JsonRead.IsTrue(body["stream"]));
    }

    private static FakeModel? Find(Exchange x, string name) => x.Kind switch
    {
        // One model and whatever name: it answers.
        ServerKind.LlamaServer => x.Options.Models.FirstOrDefault(model => model.Name == name) ?? x.Options.Models[0],
        ServerKind.Ollama => OllamaNames.Find(x.Options.Models, name),
        ServerKind.Exo => x.Options.Models.FirstOrDefault(model => model.Name == name && x.State.Loaded(model) is not null),
        _ => x.Options.Models.FirstOrDefault(model => model.Name == name),
    };

    private static Task UnknownModelAsync(Exchange x, string name)
    {
        var known = string.Join(", ", x.Options.Models.Select(model => model.Name));
        var (status, text) = x.Kind switch
        {
            ServerKind.Ollama => (404, $"model '{name}' not found"),
            ServerKind.LmStudio => (400, $"Invalid model identifier \"{name}\". Please specify a valid downloaded model (e.g. {known})."),
            ServerKind.Exo => (404, $"No instance found for model {name}"),
            ServerKind.Omlx => (404, $"Model '{name}' not found. Available models: {known}"),
            _ => (404, $"The model `{name}` does not exist."),
        };
        return Reply.ErrorAsync(x, status, text, code: "model_not_found");
    }

    private static Task RefuseSchemaAsync(Exchange x, string words) => x.Kind == ServerKind.LmStudio && JsonRead.IsTrue(x.Body!["stream"])
        ? Reply.TextAsync(x, 200, OpenAiStream.NamedError(x, words), "text/event-stream")
        : Reply.ErrorAsync(x, 400, words);

    private static async Task TooLongAsync(Exchange x, ChatScript script)
    {
        var context = x.State.Loaded(script.Ask.Model)?.Context ?? script.Ask.Model.Served(x.Kind);
        var text = ErrorShape.TooLong(x.Kind, script.PromptTokens, context);
        switch (x.Kind)
        {
            case ServerKind.LlamaServer:
                await Reply.JsonAsync(x, 400, ErrorShape.TooLongTyped(script.PromptTokens, context));
                break;
            case ServerKind.LmStudio when script.Ask.Stream:
                // LM Studio refuses a stream inside the stream, with status 200.
                await Reply.TextAsync(x, 200, OpenAiStream.NamedError(x, text), "text/event-stream");
                break;
            default:
                await Reply.ErrorAsync(x, 400, text, code: "context_length_exceeded");
                break;
        }
    }
}
