using DoaMarket.Sandbox.Store;

namespace DoaMarket.Sandbox.Carriers;

/// <summary>Postal codes that choose how a carrier behaves, the same for a new parcel and for a changed address.</summary>
internal static class Destinations
{
    /// <summary>No carrier goes there.</summary>
    public const string Refused = "00001";

    /// <summary>The carrier is down for the first tries.</summary>
    private const string Down = "00002";

    private const int DownTries = 3;

    /// <summary>Whether the carrier is down for this try; each one is counted.</summary>
    public static bool IsDown(SqlSession sql, string carrier, string reference, string postalCode) =>
        postalCode == Down && sql.Number(
            """
            INSERT INTO registration_try (carrier, client_reference, tries) VALUES ($1, $2, 1)
            ON CONFLICT DO UPDATE SET tries = tries + 1 RETURNING tries
            """,
            carrier, reference) <= DownTries;
}
