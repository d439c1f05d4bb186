import Mustache

/// HTML made by us: a drawing from `Kiosk/pictures`, or a part rendered by another template. The only type that a template
/// may print with three braces; a test holds every template to that.
struct Markup: Sendable, Equatable, MustacheCustomRenderable {
    let html: String
    init(_ html: String) { self.html = html }
    var renderText: String { html }
    var isNull: Bool { false }
}
