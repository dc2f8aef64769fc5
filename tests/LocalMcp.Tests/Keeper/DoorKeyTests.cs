using LocalMcp.Backends;
using LocalMcp.Keeper.Door;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Keeper;

/// <summary>The key of doors that stay: made once, for its owner alone.</summary>
public sealed class DoorKeyTests : IDisposable
{
    private readonly TemporaryHome home = new();

    private string KeyFile => DoorKey.File(home.Environment());

    [Fact]
    public void It_is_made_once_and_only_its_owner_can_read_it()
    {
        var key = DoorKey.Kept(home.Environment());
        Assert.Matches("^[0-9a-f]{64}$", key);
        Assert.Equal(key, DoorKey.Kept(home.Environment()));
        Assert.Equal(Path.Combine(home.ConfigFolder, "engine_key"), KeyFile);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        Assert.Equal([KeyFile], Directory.GetFiles(home.ConfigFolder));
        Assert.NotEqual(key, DoorKey.New());
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeX")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void What_is_no_key_is_not_used_and_not_shown(string content)
    {
        DoorKey.Kept(home.Environment());
        File.WriteAllText(KeyFile, content);
        var error = Assert.Throws<BackendException>(() => DoorKey.Kept(home.Environment())).Message;
        Assert.Contains($"{KeyFile} does not hold a key of the engine", error, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_others_may_read_and_a_link_are_refused()
    {
        var key = DoorKey.Kept(home.Environment());
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Contains("others may read it", Assert.Throws<BackendException>(() => DoorKey.Kept(home.Environment())).Message, StringComparison.Ordinal);
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead);
        Assert.Equal(key, DoorKey.Kept(home.Environment()));
        File.Move(KeyFile, KeyFile + ".moved");
        File.CreateSymbolicLink(KeyFile, KeyFile + ".moved");
        Assert.Contains("is a link", Assert.Throws<BackendException>(() => DoorKey.Kept(home.Environment())).Message, StringComparison.Ordinal);
    }

    public void Dispose() => home.Dispose();
}
