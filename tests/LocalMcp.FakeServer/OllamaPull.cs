using System.Text.Json.Nodes;

namespace LocalMcp.FakeServer;

/// <summary>POST /api/pull: a model that the server has is pulled, any other is unknown. Each status line counts as a chunk.</summary>
internal static class OllamaPull
{
    private const string Unknown = "pull model manifest: file does not exist";

    public static Task AnswerAsync(Exchange x)
    {
        if (OllamaPages.Refusal(x) is { } refusal)
            return Reply.ErrorAsync(x, refusal.Status, refusal.Error);

        var model = OllamaNames.Find(x.Options.Models, x.Body!["model"]!.ToString());
        var streams = !JsonRead.IsFalse(x.Body["stream"]);
        if (!streams)
            return model is null ? Reply.ErrorAsync(x, 500, Unknown) : Reply.OkAsync(x, Status("success"));
        JsonObject[] lines = model is null ? [Status("pulling manifest"), new JsonObject { ["error"] = Unknown }] : Lines(model);
        return new StreamPlayer(x, new Stream(x)).PlayAsync([.. lines.Select(line => new Piece(Reply.Json(x, line)))]);
    }

    private static JsonObject[] Lines(FakeModel model) =>
    [
        Status("pulling manifest"),
        Part(model, null),
        Part(model, model.SizeBytes / 2),
        Part(model, model.SizeBytes),
        Status("verifying sha256 digest"),
        Status("writing manifest"),
        Status("success"),
    ];

    private static JsonObject Status(string text) => new() { ["status"] = text };

    private static JsonObject Part(FakeModel model, long? completed)
    {
        var part = Status($"pulling {model.Digest[..12]}");
        part["digest"] = "sha256:" + model.Digest;
        part["total"] = model.SizeBytes;
        if (completed is not null)
            part["completed"] = completed;
        return part;
    }

    private sealed class Stream(Exchange x) : StreamShape
    {
        public override string ContentType => "application/x-ndjson";

        public override bool HeadersAtOnce => false;

        public override string Garbage => "{\"status\":\"pul\n";

        public override string Chunk(Piece piece) => piece.Text + "\n";

        public override string Error(string text) => Reply.Json(x, new JsonObject { ["error"] = text }) + "\n";

        public override IEnumerable<string> Ending() => [];
    }
}
