using Microsoft.Extensions.Logging;

namespace LocalMcp.Cli;

/// <summary>What the MCP SDK logs, written to standard error, where clients keep it: errors of the SDK, warnings of anything else.</summary>
internal sealed class StandardErrorLogs : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new CategoryLog(categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private sealed class CategoryLog(string category) : ILogger
    {
        // What a client did wrong is a warning to the SDK, and its cancelling a call, too.
        private readonly LogLevel least = category.StartsWith("ModelContextProtocol", StringComparison.Ordinal) ? LogLevel.Error : LogLevel.Warning;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel < LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // Something that was cancelled, or ended with its session, is no failure, though the SDK calls a prompt's one.
            if (IsEnabled(logLevel) && exception is not OperationCanceledException)
                Console.Error.WriteLine($"{Word(logLevel)}: {category}[{eventId.Id}]\n{Indented(exception is null ? formatter(state, exception) : $"{formatter(state, exception)}\n{exception}")}");
        }

        private static string Indented(string text) => "      " + text.ReplaceLineEndings("\n      ");

        private static string Word(LogLevel level) => level switch
        {
            LogLevel.Critical => "crit",
            LogLevel.Error => "fail",
            _ => "warn",
        };
    }
}
