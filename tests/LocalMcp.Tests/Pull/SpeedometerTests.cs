using LocalMcp.Pull;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Pull;

public sealed class SpeedometerTests
{
    private readonly ManualClock clock = new();

    [Fact]
    public void Speed_is_that_of_the_last_ten_seconds_and_says_how_long_the_rest_takes()
    {
        var speed = new Speedometer(clock);
        speed.See(0);
        Assert.Equal("0 %, 0 KB of 9.0 GB", speed.Text(9_000_000_000));
        for (var second = 1; second <= 20; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            speed.See(second * 50_000_000L);
        }
        Assert.Equal("11 %, 1.0 GB of 9.0 GB, 50 MB/s, 2 min 40 s left", speed.Text(9_000_000_000));
        for (var second = 1; second <= 20; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            speed.See(1_000_000_000 + (second * 100_000_000L));
        }
        Assert.Equal("33 %, 3.0 GB of 9.0 GB, 100 MB/s, 1 min 0 s left", speed.Text(9_000_000_000));
    }

    [Fact]
    public void What_was_there_before_is_no_speed_and_starting_over_begins_anew()
    {
        var speed = new Speedometer(clock);
        speed.See(5_000_000_000);
        clock.Advance(TimeSpan.FromSeconds(2));
        speed.See(5_000_000_000);
        Assert.Equal("50 %, 5.0 GB of 10.0 GB, nothing comes", speed.Text(10_000_000_000));
        speed.See(0);
        clock.Advance(TimeSpan.FromSeconds(1));
        speed.See(10_000_000);
        Assert.Equal(10_000_000, speed.Speed);
    }

    [Theory]
    [InlineData(0.2, "1 s")]
    [InlineData(59, "59 s")]
    [InlineData(62, "1 min 2 s")]
    [InlineData(12_000, "3 h 20 min")]
    [InlineData(1e9, "days")]
    public void A_time_is_said_as_one_would_say_it(double seconds, string text) => Assert.Equal(text, Speedometer.Time(seconds));

    [Theory]
    [InlineData(0.5, 90, "")]
    [InlineData(1, 5, "5 %")]
    [InlineData(9, 4, "")]
    [InlineData(10, 0, "0 %")]
    public void A_line_comes_after_ten_seconds_or_five_percent_and_never_twice_a_second(double seconds, int percent, string said)
    {
        var lines = new List<string>();
        var told = new PullLines(lines.Add, clock);
        clock.Advance(TimeSpan.FromSeconds(seconds));
        told.Watch(new PullStep.Bytes(percent, 100));
        told.Watch(new PullStep.Bytes(percent, 100));
        Assert.Equal(said, string.Join('|', lines.Select(line => line.Split(',')[0])));
    }
}
