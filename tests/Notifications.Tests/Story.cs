using System.Reflection;
using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications.Tests;

/// <summary>
/// Plays messages, answers and timers through the real module: keys are declared or Find throws, states go through
/// their JSON, and nothing is deduplicated before the decider, so that the decider's own care is what is tested.
/// </summary>
public sealed class Story
{
    public static readonly DateTimeOffset Start = new(2025, 3, 4, 9, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<DocumentKey, byte[]> _bodies = [];
    private readonly ServiceModule _module;
    private int _occasions;

    public Story(NotificationsOptions? options = null, NoticeTemplates? templates = null)
    {
        Options = options ?? new NotificationsOptions { UnknownUsersDomain = "sandbox.test" };
        _module = NotificationsModule.Create(Options, templates);
    }

    public NotificationsOptions Options { get; }

    public DateTimeOffset Now { get; set; } = Start;

    /// <summary>What the last occasion made.</summary>
    public Decision Last { get; private set; } = null!;

    public List<IMessage> Sent { get; } = [];

    public IReadOnlyList<Notification> Notifications =>
        [.. _bodies.Where(b => b.Key.Kind == NotificationKinds.Notifications)
            .Select(b => (Notification)b.Key.Kind.Read(b.Value))
            .OrderBy(n => n.CreatedAt)];

    /// <summary>The one notification of a type on a channel.</summary>
    public Notification Of(NotificationType type, string channel = Channels.Email) =>
        Assert.Single(Notifications, n => n.Type == type.Name && n.Channel == channel);

    /// <summary>The only notification by mail.</summary>
    public Notification Mail => Assert.Single(Notifications, n => n.Channel == Channels.Email);

    public ContactPoints Contacts(UserId user) =>
        (ContactPoints)NotificationKinds.Contacts.Read(_bodies[NotificationKinds.Contacts.Key(user.Value)]);

    public void Put<T>(DocumentKind<T> kind, string id, T state) where T : class =>
        _bodies[kind.Key(id)] = kind.Write(state);

    public Story Hears(IMessage message, int eventNumber = 0, UserId? user = null)
    {
        var id = eventNumber == 0 ? NextId() : DerivedId.From(Seed(0), eventNumber);
        var envelope = new Envelope(
            new EventId(id),
            ShopMessages.Catalog.NameOf(message.GetType()),
            "v1",
            Now,
            "test",
            new CorrelationId(Seed(1)),
            CausationId: null,
            SagaId: null,
            user ?? Samples.User,
            new MessageMetadata(),
            message);
        var handler = Handler("HandlerOf", message);
        var occasion = Part<Func<Envelope, DateTimeOffset, Occasion>>(handler, "Occasion")(envelope, Now);
        var own = PartOrNull<Func<Occasion, DocumentKey>>(handler, "Own");
        var also = Part<Func<Occasion, IEnumerable<DocumentKey>>>(handler, "Also")(occasion);
        var keys = own is null ? also : also.Append(own(occasion));
        return Decide(handler, occasion, keys, Then(handler));
    }

    public Story Answers(EffectResult result, Notification? about = null)
    {
        var state = about ?? Mail;
        var effect = Wanted(state)
            ?? new SendNotice("smtp", "late", state.Id, state.OrderId, state.Type, "late@x.test", new("late", "late"));
        var handler = Handler<DocumentKind>("AnswerHandlerOf", NotificationKinds.Notifications);
        var make = Part<Func<Guid, DateTimeOffset, Trail, string, object, Effect, EffectResult, Occasion>>(
            handler, "Occasion");
        return Timed(handler, state, key => make(NextId(), Now, state.Trail, key.Id, state, effect, result));
    }

    public Story Wakes(Notification? about = null)
    {
        var state = about ?? Mail;
        var handler = Handler<DocumentKind>("DueHandlerOf", NotificationKinds.Notifications);
        var make = Part<Func<Guid, DateTimeOffset, Trail, string, object, Occasion>>(handler, "Occasion");
        return Timed(handler, state, key => make(NextId(), Now, state.Trail, key.Id, state));
    }

    public TReply Asks<TRequest, TReply>(TRequest request) where TRequest : Request<TReply>
    {
        var handler = Handler<object>("HandlerOf", request);
        var occasion = Part<Func<Guid, DateTimeOffset, Trail, object, Occasion>>(handler, "Occasion")(
            NextId(), Now, new Trail(new CorrelationId(Seed(1))), request);
        var keys = Part<Func<Occasion, IEnumerable<DocumentKey>>>(handler, "Keys")(occasion);
        Decide(handler, occasion, keys, Then(handler));
        return Assert.IsAssignableFrom<TReply>(Last.Reply);
    }

    public static SendNotice? Wanted(Notification state) => (SendNotice?)NotificationKinds.Notifications.Wanted(state);

    private Story Timed(object handler, Notification state, Func<DocumentKey, Occasion> occasion)
    {
        var key = NotificationKinds.Notifications.Key(state.Id);
        var made = occasion(key);
        var then = PartOrNull<Func<Occasion, IEnumerable<DocumentKey>>>(handler, "Then")?.Invoke(made) ?? [];
        return Decide(handler, made, [key, .. then], then: null);
    }

    private Story Decide(
        object handler,
        Occasion occasion,
        IEnumerable<DocumentKey> keys,
        Func<Documents, Occasion, IEnumerable<DocumentKey>>? then)
    {
        var documents = new Named([.. keys], _bodies);
        documents.Name(then?.Invoke(documents, occasion) ?? []);
        Last = Part<Func<Documents, Occasion, Decision>>(handler, "Decide")(documents, occasion);
        foreach (var (key, state) in Last.Changes)
        {
            Assert.True(documents.IsNamed(key), $"{key} is written without having been loaded.");
            _bodies[key] = key.Kind.Write(state);
        }

        Sent.AddRange(Last.Messages.Select(m => m.Message));
        return this;
    }

    private Guid NextId() => DerivedId.From(Seed(2), ++_occasions);

    private static Guid Seed(int which) => new($"01956000-0000-7000-8000-00000000000{which}");

    // The loop reaches handlers inside the kernel; reflection reaches them here, so that registrations are tested too.
    private object Handler<TArgument>(string method, TArgument argument) where TArgument : class =>
        typeof(ServiceModule).GetMethod(method, BindingFlags.Instance | BindingFlags.NonPublic, [typeof(TArgument)])!
            .Invoke(_module, [argument])!;

    private static Func<Documents, Occasion, IEnumerable<DocumentKey>>? Then(object handler) =>
        PartOrNull<Func<Documents, Occasion, IEnumerable<DocumentKey>>>(handler, "Then");

    private static T Part<T>(object handler, string name) where T : class => PartOrNull<T>(handler, name)!;

    private static T? PartOrNull<T>(object handler, string name) where T : class =>
        (T?)handler.GetType().GetProperty(name)!.GetValue(handler);

    private sealed class Named(HashSet<DocumentKey> keys, Dictionary<DocumentKey, byte[]> bodies) : Documents
    {
        public void Name(IEnumerable<DocumentKey> more) => keys.UnionWith(more);

        public bool IsNamed(DocumentKey key) => keys.Contains(key);

        protected override object? FindCommitted(DocumentKey key) => Find(key);

        protected override object? Find(DocumentKey key) =>
            !keys.Contains(key) ? throw new InvalidOperationException($"{key} was not named.")
            : bodies.TryGetValue(key, out var body) ? key.Kind.Read(body)
            : null;
    }
}
