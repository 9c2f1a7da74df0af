using DoaMarket.Sandbox.Callbacks;
using DoaMarket.Sandbox.Store;

namespace DoaMarket.Sandbox.Carriers;

/// <summary>Whom the tracker calls when a parcel moves, and until when.</summary>
internal sealed class TrackerWatches(TimeProvider clock, CallbackOutbox outbox)
{
    /// <summary>The tracker keeps a watch for about 48 hours; longer ones are refused.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(49);

    /// <summary>Begins a watch, makes it last longer, or ends it when its time is over already.</summary>
    public static int Register(SqlSession sql, string carrier, string trackingNumber, string url, long expiresAt) =>
        sql.Run(
            """
            INSERT INTO tracker_watch (carrier, tracking_number, callback_url, expires_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT DO UPDATE SET expires_at = $4
            """,
            carrier, trackingNumber, url, expiresAt);

    /// <summary>Calls everybody who watches this parcel.</summary>
    public void Tell(SqlSession sql, Parcel parcel)
    {
        List<string> urls = sql.Rows(
            """
            SELECT callback_url FROM tracker_watch
            WHERE carrier = $1 AND tracking_number = $2 AND expires_at > $3 LIMIT 10
            """,
            row => row.GetString(0), parcel.Carrier, parcel.TrackingNumber, clock.NowMs());
        urls.ForEach(url => outbox.AddTrackerHint(sql, url, parcel.Carrier, parcel.TrackingNumber));
    }
}
