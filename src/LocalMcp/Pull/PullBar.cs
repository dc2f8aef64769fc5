using Spectre.Console;
using Spectre.Console.Rendering;

namespace LocalMcp.Pull;

/// <summary>A pull on a terminal: a bar with words beside it, and above it every note.</summary>
internal static class PullBar
{
    /// <summary>Runs <paramref name="pull"/>, whose watcher feeds the bar. The bar goes away at its end, the notes stay.</summary>
    public static Task<Pulled> ShowAsync(IAnsiConsole console, TimeProvider clock, Func<Action<PullStep>, Task<Pulled>> pull)
    {
        var (speed, words) = (new Speedometer(clock), new Words());
        return console.Progress().AutoClear(true).Columns(new ProgressBarColumn(), words).StartAsync(context =>
        {
            var bar = context.AddTask("pull");
            bar.IsIndeterminate = true;
            return pull(Watch);

            void Watch(PullStep step)
            {
                switch (step)
                {
                    case PullStep.Note note:
                        console.WriteLine(note.Text);
                        break;
                    case PullStep.Phase phase:
                        words.Said = phase.Text;
                        break;
                    case PullStep.Bytes bytes:
                        speed.See(bytes.Done);
                        (bar.IsIndeterminate, bar.MaxValue, bar.Value) = (false, bytes.Total, bytes.Done);
                        words.Said = speed.Text(bytes.Total);
                        break;
                }
            }
        });
    }

    private sealed class Words : ProgressColumn
    {
        private volatile string said = "";

        public string Said { set => said = value; }

        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(said) { Overflow = Overflow.Ellipsis };
    }
}
