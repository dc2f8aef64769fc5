namespace LocalMcp.Models.Gguf;

/// <summary>What the keys of an architecture say of experts and of the feed-forward parts.</summary>
internal static class ExpertFacts
{
    public static ModelShape AddTo(ModelShape shape, ModelPlan plan)
    {
        var experts = Count(plan, "expert_count");
        var widest = Width(plan, "feed_forward_length");
        if (experts is null or 0)
            return shape with { Experts = experts, UsedExperts = experts, SharedExperts = experts, SharedFeedForwardLength = experts, FeedForwardLength = widest };
        var one = plan.Has("expert_feed_forward_length") ? Width(plan, "expert_feed_forward_length") : widest;
        var shared = Count(plan, "expert_shared_count");
        return shape with
        {
            Experts = experts,
            UsedExperts = plan.Number("expert_used_count") is > 0 and var used && used <= experts ? used : null,
            SharedExperts = shared > 0 || !plan.Has("expert_shared_feed_forward_length") ? shared : null,
            FeedForwardLength = one,
            DenseFeedForwardLength = HasDenseLayers(plan) ? widest : null,
            SharedFeedForwardLength = plan.Has("expert_shared_feed_forward_length") ? plan.Number("expert_shared_feed_forward_length")
                : (long?)one * shared is <= int.MaxValue and var together ? (int)together
                : null,
        };
    }

    private static bool HasDenseLayers(ModelPlan plan) =>
        plan.Number("leading_dense_block_count") is > 0 || plan.Number("interleave_moe_layer_step") is > 1 || plan.Number("moe_every_n_layers") is > 1;

    // 0 where there is no such key: llama.cpp takes it for 0. Null where the key holds what is no number.
    private static int? Count(ModelPlan plan, string key) => plan.Has(key) ? plan.Number(key) : 0;

    private static int? Width(ModelPlan plan, string key) => plan.PerLayer(key)?.Max() is > 0 and <= int.MaxValue and var width ? (int)width : null;
}
