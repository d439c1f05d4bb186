import GuidedFlow
import HallModel
import KioskConfiguration

/// Writes the slip: what it says and in which order. Measures and fonts are the renderer's, fixed words those of
/// `Kiosk/texts`.
struct ReceiptComposer {
    var hallName: String
    var kiosk: String
    var texts: TextCatalogue
    /// Progress can be looked up at this kiosk.
    var offersProgress: Bool
    /// And with the slip itself: the kiosk has a code reader.
    var readsCodes = false
    /// Where the slip's holder finds the hall again.
    var contact = KioskConfiguration.HallContact()

    init(_ configuration: KioskConfiguration) {
        self.init(
            hallName: configuration.flowSettings.hallName[.simplifiedChinese], kiosk: configuration.kioskID,
            texts: configuration.texts,
            offersProgress: configuration.items.contains { $0.kind == .progress && $0.closedHere == nil })
        contact = configuration.contact
        readsCodes = configuration.devices.contains { $0.role == .codeReader }
    }

    init(hallName: String, kiosk: String, texts: TextCatalogue, offersProgress: Bool) {
        self.hallName = hallName
        self.kiosk = kiosk
        self.texts = texts
        self.offersProgress = offersProgress
    }

    /// - Parameters:
    ///   - time: "2026-11-23 09:41", the kiosk's wall clock.
    func document(_ content: ReceiptContent, time: String, isSecondCopy: Bool) -> ReceiptDocument {
        var blocks: [ReceiptDocument.Block] = []
        blocks.append(.title(hallName))
        blocks.append(.line(words(.title)))
        blocks.append(.rule)
        if let number = content.caseNumber {
            blocks.append(.line(words(.caseNumber)))
            blocks.append(.number(number.inGroupsOfFour))
            // A slip printed earlier may carry it: both say that they mean the same case.
            if let code = content.acceptanceCode {
                blocks.append(.row(label: words(.code), value: code.inGroupsOfFour))
            }
        } else if let code = content.acceptanceCode {
            blocks.append(.line(words(.code)))
            blocks.append(.number(code.inGroupsOfFour))
            blocks.append(.line(words(.codeLater)))
        }
        blocks.append(.row(label: words(.item), value: content.itemName))
        blocks.append(.row(label: words(.person), value: content.maskedName))
        blocks.append(.row(label: words(.tail), value: content.numberTail))
        blocks += content.rows.map { .row(label: $0.label, value: $0.value) }
        blocks.append(.row(label: words(.time), value: time))
        blocks.append(.rule)
        if !content.afterwards.isEmpty { blocks.append(.line(content.afterwards)) }
        if offersProgress { blocks.append(.line(words(readsCodes ? .progressByCode : .progress))) }
        blocks.append(.qr(Self.qrText(content)))
        let contacts: [(ReceiptTextKey, String?)] = [
            (.address, contact.address), (.hours, contact.hours), (.phone, contact.phone),
        ]
        blocks += contacts.compactMap { key, value in value.map { .row(label: words(key), value: $0) } }
        blocks.append(.line(kiosk))
        return ReceiptDocument(blocks: blocks, isSecondCopy: isSecondCopy)
    }

    /// What a code reader gets: `HK1:N:<case number>` or `HK1:A:<acceptance code>`, nothing personal.
    static func qrText(_ content: ReceiptContent) -> String {
        if let number = content.caseNumber { return "HK1:N:" + number.filter { $0 != " " } }
        return "HK1:A:" + (content.acceptanceCode ?? "")
    }

    /// A slip without one of its words is better than none.
    private func words(_ key: ReceiptTextKey) -> String { texts.text(key.rawValue, in: .simplifiedChinese) ?? "" }
}
