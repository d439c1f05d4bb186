/// What the templates of `Kiosk/screens` may print. Every property name is a mustache key; a test refuses a template that
/// asks for another one, because the template engine renders an unknown key as nothing.
///
/// All texts are final words of one language. Lists are wrapped in `ListView`, so that a template can print the element
/// around a list only when there is something in it.
struct ScreenView: Sendable {
    var name: String
    var language: String
    var textStep: Int
    var revision: Int

    // Header.
    var back: ButtonView?
    var step: StepView?
    /// In the header while no step is shown; in the text size dialog always.
    var languages: ButtonView?

    // Main.
    var cover: CoverView?
    var heading: String
    var lead: ListView<String>?
    var notes: ListView<NoteView>?
    var picture: PictureView?
    var choices: ListView<ChoiceView>?
    var digits: DigitsView?
    var preview: PreviewView?
    var answers: ListView<AnswerView>?
    var number: NumberView?
    var cases: ListView<CaseView>?
    var things: ListView<ThingView>?
    var buttons: ListView<ButtonView>?
    /// Their place is kept, and nothing is to be seen of them.
    var reserved: ListView<ButtonView>?
    /// Labels of the buttons that page what does not fit.
    var more: ButtonView
    var previous: ButtonView

    // Bottom bar.
    var help: ButtonView
    var textSize: ButtonView
    var end: ButtonView

    var dialog: DialogView?
    /// Shown by the script while the controller cannot be reached.
    var offline: String
}

struct ListView<Item: Sendable>: Sendable {
    var items: [Item]

    /// `nil` when there is nothing to show.
    init?(_ items: [Item]) {
        guard !items.isEmpty else { return nil }
        self.items = items
    }
}

struct ButtonView: Sendable {
    /// `ResidentAction.form`; empty for the paging buttons, which never leave the browser.
    var action: String
    var label: String
    var icon: Markup?
    /// The one dark button.
    var isGo: Bool
    /// Amber: 叫人帮忙.
    var isHelp: Bool
    /// Arrow at the end, for buttons that lead on.
    var after: Markup?
}

struct StepView: Sendable {
    struct Dot: Sendable {
        var isDone: Bool
        var isNow: Bool
    }
    var text: String
    var dots: [Dot]
}

struct CoverView: Sendable {
    var text: String
    var button: ButtonView
    var icon: Markup?
}

struct NoteView: Sendable {
    /// `good`, `warn` or `stop`: a class of `parts.css`.
    var kind: String
    var icon: Markup?
    var text: String
}

struct PictureView: Sendable {
    var name: String
    var drawing: Markup
}

struct ChoiceView: Sendable {
    var action: String
    var title: String
    var detail: String?
    var icon: Markup?
    var after: Markup?
    var isSelected: Bool
    /// 1, 2 or 3 when this choice sets the text step: its sample letter has that size.
    var sampleStep: Int?
    /// BCP 47 tag when the words are in a language of their own.
    var spokenIn: String?
}

struct NumberView: Sendable {
    var text: String
    /// Too long for the largest size.
    var isLong: Bool
}

struct DigitsView: Sendable {
    struct Group: Sendable {
        /// Digits entered so far, shown in slots.
        var entered: [String]
        var open: [String]
    }
    struct Key: Sendable {
        var action: String
        var label: String
    }
    var groups: [Group]
    /// 1…9 in the order of a telephone.
    var keys: [Key]
    var zero: Key
    var delete: ButtonView
    var error: String?
    var errorIcon: Markup?
}

struct PreviewView: Sendable {
    var source: String
    var description: String
}

struct AnswerView: Sendable {
    var label: String
    var value: String
    var source: String?
    var change: ChangeView?

    struct ChangeView: Sendable {
        var action: String
        var label: String
        /// "更改：领取地点", for those who cannot see which row the button stands in.
        var spoken: String
    }
}

struct CaseView: Sendable {
    var title: String
    var numberLabel: String
    var number: String
    var status: String
    var acceptedOn: String?
    var detail: String?
}

struct ThingView: Sendable {
    var text: String
    var icon: Markup?
    /// 已拿走 or 还在这里; `nil` when the device cannot tell.
    var state: String?
    var isTaken: Bool
    var isThere: Bool
    var stateIcon: Markup?
}

struct DialogView: Sendable {
    var name: String
    /// `alertdialog` for what interrupts, else `dialog`.
    var role: String
    var heading: String
    var icon: Markup?
    var text: ListView<String>?
    var seconds: String?
    var options: ListView<ChoiceView>?
    var actions: ListView<ButtonView>?
    /// In the text size dialog: the way to the languages.
    var toLanguages: ButtonView?
}

/// What `page.mustache` puts together.
struct PageView: Sendable {
    /// Says nothing of the person or the matter (security rule L2).
    var title: String
    var name: String
    var language: String
    var textStep: Int
    var isLowered: Bool
    var revision: Int
    var fingerprint: String
    var key: String
    var header: Markup
    var content: Markup
    var overlay: Markup
    var footer: Markup
    var hasOverlay: Bool
    var offline: String
}
