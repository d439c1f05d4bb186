import GuidedFlow

/// What stands on the contact sheets of docs/resident-screens.md: the order of a visit, then the dialogs. Of a screen that
/// looks different from case to case there is a picture of each.
enum ContactSheet {
    struct Picture: Sendable {
        /// In the tour of `RealScreens`.
        var label: String
        /// What stands below it: a few words, which are a file's name as well.
        var caption: String
    }

    static let pictures = [
        // Coming, and choosing.
        picture("start", "start"), picture("start, with a code reader", "start with code reader"),
        picture("start, scanner-jam", "start, item closed"),
        picture("start, card-unreadable", "start, card unreadable"),
        picture("reading", "reading"), picture("closed, reader-missing", "closed"), picture("window", "window instead"),
        picture("items, grandmother", "items"), picture("items, scanner broken", "items, one closed"),
        picture("intro", "intro"), picture("intro, too young", "intro, too young"),
        picture("intro, not offered here", "intro, not here"),
        // Questions and pages.
        picture("question pickup", "choice"), picture("question pickup, answered", "choice, answered"),
        picture("digits, short", "digits, too few"), picture("scan, page 1", "scan"),
        picture("scanning, page 1", "scanning"), picture("preview, page 1", "preview"),
        picture("preview, skewed", "preview, page is skewed"), picture("stored", "stored"),
        picture("scan failed, scanner-jam", "fault, scanner jam"),
        picture("store failed, disk-full", "fault, disk full"),
        // Submission and slip.
        picture("check", "check"), picture("covered", "covered"), picture("submitting", "submitting"),
        picture("not accepted, platform-refused", "fault, not accepted"), picture("done, printing", "done, printing"),
        picture("done, number, printed", "done"), picture("done, waiting, printed", "done with acceptance number"),
        picture("done, not printed, printer-paper-out", "done, no paper"),
        picture("done, number, unknown", "done, slip in doubt"),
        // A certificate.
        picture("making", "making"), picture("no record", "papers, no record"),
        picture("papers, printing", "papers, printing"),
        picture("papers, printing, document-printer-paper-out", "papers, paper is out"),
        picture("papers, printed", "papers, printed"), picture("papers, unknown", "papers, in doubt"),
        picture("papers, not printed, document-printer-jam", "papers, not printed"),
        picture("papers, not printed, the job was held", "papers, held back"),
        picture("papers, some of them", "papers, some of them"),
        // Progress.
        picture("looking up", "looking up"), picture("progress, three", "progress"),
        picture("progress, none", "progress, none"), picture("progress, unavailable", "progress, no answer"),
        picture("progress of a receipt", "progress of a slip"),
        // Another card, and leaving.
        picture("another card", "other card"), picture("another card must go", "other card must go"),
        picture("take, card", "take"), picture("take, all of them lie there", "take, all of it"),
        picture("take, card and papers", "take, card and papers"),
        // The dialogs.
        picture("dialog language", "language"), picture("dialog text size", "text size"),
        picture("dialog help, calling", "help, calling"), picture("dialog help, called", "help, called"),
        picture("dialog help, failed", "help, failed"), picture("dialog end, entries", "end"),
        picture("dialog end, papers", "end, papers"), picture("dialog idle, seconds", "idle"),
    ]

    private static func picture(_ label: String, _ caption: String) -> Picture {
        Picture(label: label, caption: caption)
    }

    /// "18-preview": its place and its caption; `nil` for what is on no sheet.
    static func fileName(of label: String) -> String? {
        guard let place = pictures.firstIndex(where: { $0.label == label }) else { return nil }
        let caption = pictures[place].caption.replacing(", ", with: "_").replacing(" ", with: "-")
        return "\(String(place + 101).dropFirst())-\(caption)"
    }
}
