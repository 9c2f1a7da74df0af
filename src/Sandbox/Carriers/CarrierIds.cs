namespace DoaMarket.Sandbox.Carriers;

/// <summary>The carriers the sandbox plays.</summary>
internal static class CarrierIds
{
    public const string CjLogistics = "kr.cjlogistics";
    public const string Hanjin = "kr.hanjin";

    /// <summary>Calls nobody: its parcels are followed through the tracker.</summary>
    public const string Logen = "kr.logen";

    public static bool IsKnown(string carrier) => carrier is CjLogistics or Hanjin or Logen;

    public static bool IsTracked(string carrier) => carrier == Logen;
}
