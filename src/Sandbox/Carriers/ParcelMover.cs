using DoaMarket.Sandbox.Store;

namespace DoaMarket.Sandbox.Carriers;

/// <summary>Moves handed-over parcels along their road when their time has come.</summary>
internal sealed class ParcelMover(SandboxStore store, ParcelBooks books, TimeProvider clock, bool autoMove)
{
    private const int BatchMax = 500;

    private volatile bool _enabled = autoMove;

    /// <summary>Whether parcels move by themselves. Those overdue move when it is switched on.</summary>
    public bool Enabled
    {
        get => _enabled;
        set => _enabled = value;
    }

    /// <summary>Moves every parcel that is due one step; says whether there was one.</summary>
    public async Task<bool> StepAsync(CancellationToken stopping)
    {
        if (!_enabled || await store.ReadAsync(sql => Parcel.Moving(sql, clock.NowMs(), 1)) is [])
        {
            return false;
        }

        return await store.WriteAsync(sql =>
        {
            List<Parcel> due = Parcel.Moving(sql, clock.NowMs(), BatchMax);
            due.ForEach(parcel => books.Move(sql, parcel, ParcelStatus.Next(parcel.Status, parcel.PostalCode)!));
            return due.Count > 0;
        });
    }

    /// <summary>Moves one parcel one step by hand; null when it is unknown or stays where it is.</summary>
    public Task<Parcel?> AdvanceAsync(string trackingNumber) => store.WriteAsync(sql =>
    {
        string? carrier = sql.Row(
            "SELECT carrier FROM parcel WHERE tracking_number = $1", row => row.GetString(0), trackingNumber);
        Parcel? parcel = carrier is null ? null : Parcel.ByNumber(sql, carrier, trackingNumber);
        return parcel is not null && ParcelStatus.Next(parcel.Status, parcel.PostalCode) is { } next
            ? books.Move(sql, parcel, next)
            : null;
    });
}
