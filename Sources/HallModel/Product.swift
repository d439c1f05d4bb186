/// What all programs of HallKiosk say of themselves.
public enum Product {
    /// The version of all of them, as Semantic Versioning 2.0.0 counts.
    public static let version = "0.1.0"
}
