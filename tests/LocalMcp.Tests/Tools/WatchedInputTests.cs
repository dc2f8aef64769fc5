using System.Text;
using LocalMcp.Tools;

namespace LocalMcp.Tests.Tools;

public sealed class WatchedInputTests
{
    [Fact]
    public async Task A_long_line_is_read_in_large_pieces_however_small_the_ones_are_that_the_transport_asks_for()
    {
        var text = Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":1,"method":"x","params":{"text":"{{new string('a', 200_000)}}"} }""" + "\n");
        var (source, told) = (new CountedStream(text), 0);
        await using var input = new WatchedInput(source, _ => Task.FromResult(told++));
        using var all = new MemoryStream();
        var small = new byte[1_024];
        while (await input.ReadAsync(small, TestContext.Current.CancellationToken) is > 0 and var read)
            all.Write(small, 0, read);
        Assert.Equal(text, all.ToArray());
        Assert.InRange(source.Reads, 1, 6);
        Assert.Equal(0, told);
    }

    private sealed class CountedStream(byte[] bytes) : PassingStream
    {
        private readonly MemoryStream all = new(bytes);

        public int Reads { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Reads++;
            return all.ReadAsync(buffer, cancellationToken);
        }
    }
}
