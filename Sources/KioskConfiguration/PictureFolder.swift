import Glibc

/// The drawings of a kiosk folder, by name: `pictures/NAME.svg` beside words, `pictures/stage/NAME.svg` large.
struct PictureFolder {
    private let folder: String
    private let errors: ErrorCollector
    /// A kiosk folder without any pictures is refused where pictures are read, not at every item.
    private let exists: Bool

    init(kioskFolder: String, errors: ErrorCollector) {
        folder = FilePath.join(kioskFolder, "pictures")
        self.errors = errors
        exists = access(folder, R_OK) == 0
    }

    /// Adds an error when there is no drawing of this name.
    func check(_ field: YAMLField?, isLarge: Bool) {
        guard exists, let field, let name = field.text else { return }
        let file = FilePath.join(folder, isLarge ? "stage/\(name).svg" : "\(name).svg")
        if access(file, R_OK) != 0 { errors.add(field.error("there is no drawing \(file)")) }
    }
}
