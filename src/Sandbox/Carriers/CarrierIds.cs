namespace DoaMarket.Sandbox.Carriers;

/// <summary>The carriers the sandbox plays.</summary>
internal static class CarrierIds
{
    public const string CjLogistics = "kr.cjlogistics";
    public const string Hanjin = "kr.hanjin";

    public static bool IsKnown(string carrier) => carrier is CjLogistics or Hanjin;
}
