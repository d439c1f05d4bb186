/// The copies that a page makes on its way, as the code stands: change this when the way changes.
enum PageCopies {
    static let explanation = "counted in the code, not measured."
    static let table = Table(columns: ["place", "copies of the page's bytes"])
}
