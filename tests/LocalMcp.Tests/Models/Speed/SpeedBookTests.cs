using LocalMcp.Models.Speed;

namespace LocalMcp.Tests.Models.Speed;

public sealed class SpeedBookTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly SpeedKey Key = new("Apple M2 Max", "ollama", "http://127.0.0.1:11434", "0.33", "qwen3:8b", "Q4_K_M", 5_000_000_000);

    [Fact]
    public void One_chat_that_had_to_share_the_machine_moves_nothing()
    {
        var book = Measured(30, 31, 3, 30.5, 29);
        Assert.Equal(30, book.Find(Key)!.Decode);
        Assert.Equal(5, book.Find(Key)!.Runs);
    }

    [Fact]
    public void Three_chats_after_a_change_are_enough_to_follow_it()
    {
        Assert.Equal(30, Measured(30, 30, 30, 30, 30, 60, 60).Find(Key)!.Decode);
        var followed = Measured(30, 30, 30, 30, 30, 60, 60, 60).Find(Key)!;
        Assert.Equal((60, 8, MeasuredSpeed.Kept), (followed.Decode, followed.Runs, followed.Decodes.Count));
    }

    [Fact]
    public void The_number_of_chats_does_not_turn_negative()
    {
        var book = new SpeedBook([new MeasuredSpeed(Key, [30], [], int.MaxValue, Noon)]).With(Key, new SpeedSample(40, null), Noon);
        Assert.Equal(int.MaxValue, book.Find(Key)!.Runs);
    }

    [Fact]
    public void Reading_and_writing_are_measured_apart()
    {
        var book = new SpeedBook([]).With(Key, new SpeedSample(30, null), Noon).With(Key, new SpeedSample(null, 500), Noon).With(Key, new SpeedSample(40, 700), Noon);
        var found = book.Find(Key)!;
        Assert.Equal((35, 600, 3), (found.Decode, found.Prefill, found.Runs));
    }

    [Fact]
    public void Another_machine_backend_place_name_version_quantization_or_size_is_another_entry()
    {
        SpeedKey[] others =
        [
            Key with { Machine = "Apple M4" }, Key with { Backend = "engine" }, Key with { Where = "http://gpu.lan:11434" }, Key with { Engine = "0.34" },
            Key with { Model = "qwen3:14b" }, Key with { Quantization = "Q8_0" }, Key with { SizeBytes = 9_000_000_000 },
        ];
        var book = Measured(30);
        Assert.All(others, other => Assert.Null(book.Find(other)));
        Assert.Equal(others.Length + 1, others.Aggregate(book, (all, other) => all.With(other, new SpeedSample(1, null), Noon)).All.Count);
    }

    [Fact]
    public void What_a_backend_says_only_of_a_model_in_memory_splits_no_entry()
    {
        var unloaded = Key with { Engine = null, Quantization = null, SizeBytes = null };
        var book = new SpeedBook([]).With(unloaded, new SpeedSample(30, null), Noon).With(Key, new SpeedSample(40, null), Noon);
        Assert.Equal(Key, Assert.Single(book.All).Key);
        Assert.Equal(35, book.Find(unloaded)!.Decode);
        Assert.Equal(Key, Assert.Single(book.With(unloaded, new SpeedSample(50, null), Noon).All).Key);
    }

    [Fact]
    public void Of_two_models_that_had_one_name_the_later_one_is_meant_where_nothing_tells_them_apart()
    {
        var book = Measured(30).With(Key with { Quantization = "Q8_0", SizeBytes = 9_000_000_000 }, new SpeedSample(15, null), Noon.AddHours(1));
        Assert.Equal(15, book.Find(Key with { Quantization = null, SizeBytes = null })!.Decode);
        Assert.Equal(30, book.Find(Key)!.Decode);
    }

    [Fact]
    public void The_one_that_was_measured_longest_ago_is_forgotten_first()
    {
        var book = Enumerable.Range(0, SpeedBook.Most + 10).Aggregate(new SpeedBook([]), (all, i) => all.With(Key with { Model = $"m{i}" }, new SpeedSample(1, null), Noon.AddMinutes(i)));
        Assert.Equal(SpeedBook.Most, book.All.Count);
        Assert.Null(book.Find(Key with { Model = "m9" }));
        Assert.NotNull(book.Find(Key with { Model = "m10" }));
    }

    private static SpeedBook Measured(params double[] decodes) => decodes.Aggregate(new SpeedBook([]), (book, decode) => book.With(Key, new SpeedSample(decode, null), Noon));
}
