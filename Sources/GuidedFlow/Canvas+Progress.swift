import HallModel

/// 办件进度: the look at one's own cases, or at that of a receipt.
extension Canvas {
    func progress(_ lookup: ProgressLookup) -> Screen {
        // Without a card there is nothing else to go on with.
        let goOn: Screen.Button =
            lookup.isOfReceipt && !hasVisitor
            ? .init(.go, .end, .text(.progressDone)) : .init(.go, .anotherItem, .text(.progressAnother))
        switch lookup.stage {
        case .lookingUp:
            var screen = screen(.lookingUp, .text(.lookingUpHeading), picture: .lookingUp)
            screen.lead = [.text(.lookingUpLead)]
            screen.canGoBack = true
            return screen
        case .found(let cases):
            var screen = screen(.progress, .text(heading(of: lookup, isEmpty: cases.isEmpty)))
            if cases.isEmpty { screen.lead = [.text(.progressNoneLead)] }
            screen.cases = cases
            screen.canGoBack = true
            screen.buttons = [goOn]
            return screen
        case .unavailable:
            var screen = screen(.progress, .text(.progressUnavailable))
            screen.lead = [.text(.progressUnavailableLead, ["window": .localized(lookup.item.window)])]
            screen.canGoBack = true
            var other = goOn
            other.kind = .other
            screen.buttons = [.init(.go, .retry, .text(.progressAgain)), other]
            return screen
        }
    }

    private func heading(of lookup: ProgressLookup, isEmpty: Bool) -> ScreenTextKey {
        switch (lookup.isOfReceipt, isEmpty) {
        case (false, false): .progressHeading
        case (false, true): .progressNone
        case (true, false): .progressHeadingReceipt
        case (true, true): .progressNoneReceipt
        }
    }
}
