using LocalMcp.Workspace;

namespace LocalMcp.Tests.Workspace;

/// <summary>Somebody else changes the folders while answers are written to them, and answers race each other.</summary>
public sealed class OutputRaceTests : IDisposable
{
    private const int Rounds = 1_000;

    private readonly OutputHome home = OutputHome.InMemory();

    [Fact]
    public async Task A_folder_that_is_swapped_for_a_link_lets_no_file_out_of_the_project()
    {
        Directory.CreateDirectory(home.At("sub/deep"));
        var files = Enumerable.Range(0, Rounds).Select(number => home.Plan($"sub/deep/{number}")).ToList();
        var (link, target) = (home.At("sub"), home.Outside);
        Directory.CreateDirectory(Path.Combine(target, "deep"));
        var (written, refused) = await WhileSwappingAsync(link, target, files, file => file.Write("new\n"));
        Assert.Empty(Directory.EnumerateFiles(home.Outside, "*", SearchOption.AllDirectories));
        Assert.Equal(Rounds, written + refused);
        Assert.Equal(written, home.Names().Count);
        Assert.All(home.Names(), name => Assert.Matches("^sub[^/]*/deep/[0-9]+$", name));
        Assert.True(refused > 0 && written > 0, $"{written} written, {refused} refused: nothing has raced");
    }

    [Fact]
    public async Task A_file_that_is_swapped_for_a_link_leaves_what_it_leads_to_alone()
    {
        var secret = Path.Combine(home.Outside, "secret");
        File.WriteAllText(secret, "secret");
        home.Put("a");
        var (written, refused) = await WhileSwappingAsync(home.At("a"), secret, Enumerable.Range(0, Rounds), _ => home.Plan("a", overwrite: true).Write("new\n"));
        Assert.Equal("secret", File.ReadAllText(secret));
        Assert.Equal([secret], Directory.EnumerateFiles(home.Outside));
        Assert.DoesNotContain(home.Names(), name => name.EndsWith(".tmp", StringComparison.Ordinal));
        Assert.True(refused > 0 && written > 0, $"{written} written, {refused} refused: nothing has raced");
    }

    [Fact]
    public async Task Of_many_answers_to_one_new_file_one_wins_and_the_others_are_kept()
    {
        for (var round = 0; round < 50; round++)
        {
            var name = $"{round}/a.txt";
            using var start = new Barrier(8);
            var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Factory.StartNew(() => WriteOrKeep(home.Plan(name), start, $"{number}\n"), TaskCreationOptions.LongRunning)));
            Assert.Single(results, result => !result.IsPartial);
            Assert.Equal(results.Select(result => result.Path).Order(StringComparer.Ordinal), home.Names().Where(file => file.StartsWith($"{round}/", StringComparison.Ordinal)));
            Assert.Equal(Enumerable.Range(0, 8).Select(number => $"{number}\n"), results.Select(result => home.Text(result.Path)).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Of_many_answers_to_one_file_to_replace_one_wins_and_the_others_are_kept()
    {
        home.Put("a.txt");
        using var start = new Barrier(8);
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Factory.StartNew(() => WriteOrKeep(home.Plan("a.txt", overwrite: true), start, $"{number}\n"), TaskCreationOptions.LongRunning)));
        Assert.Equal(Enumerable.Range(0, 8).Select(number => $"{number}\n"), results.Select(result => home.Text(result.Path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Where_there_are_no_hard_links_one_of_many_gets_a_name()
    {
        using var folder = Unix.OpenFolder(home.Project).Handle!;
        for (var round = 0; round < 50; round++)
        {
            using var start = new Barrier(4);
            var won = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Factory.StartNew(() => TryName(number, round), TaskCreationOptions.LongRunning)));
            Assert.Single(won, isMine => isMine);
            Assert.Equal($"{Array.IndexOf(won, true)}", home.Text($"{round}"));

            bool TryName(int number, int name)
            {
                using var file = TemporaryFile.Create(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                file.Write(System.Text.Encoding.UTF8.GetBytes($"{number}"));
                start.SignalAndWait(TestContext.Current.CancellationToken);
                return file.TryNameWithoutLinks($"{name}");
            }
        }
        Assert.Equal(50, home.Names().Count);
    }

    public void Dispose() => home.Dispose();

    private static WriteResult WriteOrKeep(OutputFile file, Barrier start, string text)
    {
        start.SignalAndWait(TestContext.Current.CancellationToken);
        try
        {
            return file.Write(text);
        }
        catch (LocalMcpException)
        {
            return file.KeepPartial(text);
        }
    }

    // Puts a link in the place of something, and that back again, until all is written or refused.
    private static async Task<(int Written, int Refused)> WhileSwappingAsync<T>(string path, string target, IEnumerable<T> all, Func<T, WriteResult> write)
    {
        var done = false;
        var swapping = Task.Factory.StartNew(() =>
        {
            while (!Volatile.Read(ref done))
            {
                Directory.Move(path, path + ".real");
                Insist(path, () => File.CreateSymbolicLink(path, target));
                File.Delete(path);
                Insist(path, () => Directory.Move(path + ".real", path));
            }
        }, TaskCreationOptions.LongRunning);
        var (written, refused) = (0, 0);
        foreach (var item in all)
        {
            try
            {
                write(item);
                written++;
            }
            catch (LocalMcpException)
            {
                refused++;
            }
        }
        Volatile.Write(ref done, true);
        await swapping;
        return (written, refused);
    }

    // An answer that finds nothing makes the file, and its folder: that goes aside.
    private static void Insist(string path, Action action)
    {
        while (true)
        {
            try
            {
                action();
                return;
            }
            catch (IOException) when (Path.Exists(path))
            {
                Directory.Move(path, $"{path}.{Guid.NewGuid():N}");
            }
        }
    }
}
