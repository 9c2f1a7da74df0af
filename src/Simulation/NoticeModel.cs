using DoaMarket.Audit;
using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Notifications;

namespace DoaMarket.Simulation;

/// <summary>The mail server, the push service and the text message provider.</summary>
internal sealed class NoticeModel(World world) : IOutside
{
    private static readonly (string Gateway, string Channel)[] Served =
        [(MailGateway.Name, Channels.Email), (PushGateway.Name, Channels.Push), (SmsGateway.Name, Channels.Sms)];

    private readonly HashSet<string> _references = new(StringComparer.Ordinal);

    /// <summary>Their journals.</summary>
    public List<OracleMessage> Books { get; } = [];

    public IEnumerable<GatewayBinding> Bindings(ShopRun run) => Served.Select(
        served => world.Bind(served.Gateway, effect => Call(run, served.Channel, (SendNotice)effect)));

    private Task<EffectResult> Call(ShopRun run, string channel, SendNotice notice)
    {
        EffectResult result = Hits(Fault.NoticeDeferred) ? new NoticeDeferred("greylisted")
            : Hits(Fault.NoticeRefused) ? new NoticeRefused("no such mailbox", world.Chance.OneIn(2))
            : Hits(Fault.NoticeResponseLost) ? Taken(channel, notice, new NoticeDeferred("the connection broke"))
            : Hits(Fault.NoticeCircuitOpen) ? new NotAttempted(TimeSpan.FromSeconds(5), "The circuit is open.")
            : Taken(channel, notice, new NoticeSent());
        world.Trace.Note(73, notice.Type.Length);
        var latency = world.Chance.Between(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(200));
        return world.Answer(run, ShopTopology.Notifications, latency, result);
    }

    private EffectResult Taken(string channel, SendNotice notice, EffectResult answer)
    {
        var reference = notice.Id.ToString();
        Books.Add(new(channel, reference, notice.To, IsRepeated: !_references.Add(reference)));
        return answer;
    }

    private bool Hits(Fault fault) => world.Hits(fault, FlowStep.Notify);
}
