using LocalMcp.Workspace;

namespace LocalMcp.Chat;

/// <summary>Makes a file of an answer that is fit to be one, and keeps one that is not beside it.</summary>
internal static class AnswerFile
{
    /// <summary>What the model is told, so that it gives a file and not a talk about one.</summary>
    public static string Instruction(string path) => CodeBlock.IsMarkdown(path)
        ? $"Your answer is written to the file {ShownText.Of(path)} as it is: give the whole content of that file, and nothing else."
        : $"Your answer is written to the file {ShownText.Of(path)}: give the whole content of that file in one code block, and nothing else.";

    /// <summary>The reply with what became of its text: <see cref="ChatReply.Receipt"/> when it is a file now, else <see cref="ChatReply.NotWritten"/>.</summary>
    public static ChatReply Write(ChatReply reply, OutputFile file)
    {
        if (reply.Unfinished is { } unfinished)
            return Keep(reply, file, $"{file.Shown} was not written: {unfinished}");
        var content = CodeBlock.OfAnswer(reply.Text, file.Name);
        if (content.Length == 0)
            return reply with { NotWritten = $"{file.Shown} was not written: the answer is an empty code block. Rephrase the prompt." };
        try
        {
            return reply with { Receipt = file.Write(content).Receipt };
        }
        catch (LocalMcpException failed)
        {
            return Keep(reply, file, failed.Message);
        }
    }

    private static ChatReply Keep(ChatReply reply, OutputFile file, string why)
    {
        try
        {
            var kept = file.KeepPartial(reply.Text);
            return reply with { NotWritten = $"{why} {kept.Receipt.Split('\n')[0]}" };
        }
        catch (LocalMcpException cannot)
        {
            return reply with { NotWritten = $"{why} It could not be kept beside it either: {cannot.Message} This is what came:\n\n{reply.Text}\n" };
        }
    }
}
