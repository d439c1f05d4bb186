import DeviceKit
import Glibc
import HallModel

/// Reads the configuration file, then what it points to, and holds all of it against each other.
struct ConfigurationLoader {
    let file: String
    let errors: ErrorCollector

    private var folder: String { FilePath.folder(of: file) }

    func configuration() -> KioskConfiguration? {
        guard let root = YAMLReader(file: file).root(errors: errors),
            let object = Self.schema.read(root, errors: errors)
        else { return nil }
        let folders = object.object("folders")
        let kioskFolder = FilePath.join(folder, folders.text("kiosk") ?? ".")
        let devicesFolder = FilePath.join(folder, folders.text("devices") ?? ".")
        let texts = TextCatalogue(folder: FilePath.join(kioskFolder, "texts"), errors: errors)
        let problems = ProblemCatalogue(file: FilePath.join(kioskFolder, "problems.yaml"), errors: errors)
        let devices = devices(object, devicesFolder)
        let items = items(object, kioskFolder)
        let kiosk = object.object("kiosk")
        guard let kioskID = kiosk.text("id"), let hall = kiosk.localized("hall"),
            let window = kiosk.localized("window"), let platform = platform(object.object("platform")),
            let panel = panel(object.object("panel")), let screen = screen(object.object("screen")),
            let outbox = outbox(object.object("outbox"))
        else { return nil }
        return KioskConfiguration(
            kioskID: kioskID, hallName: hall, window: window,
            contact: .init(address: kiosk.text("address"), hours: kiosk.text("hours"), phone: kiosk.text("phone")),
            panel: panel, screen: screen, items: items,
            problems: problems, texts: texts, devices: devices, platform: platform, outbox: outbox,
            helpWebhooks: object.object("helpCall").texts("webhooks"),
            startsWorkers: object.object("workers").text("startedBy") != "system",
            workersFolder: object.object("workers").text("folder").map { FilePath.join(folder, $0) },
            kioskFolder: kioskFolder)
    }

    // MARK: Items and devices

    private func items(_ object: YAMLObject, _ kioskFolder: String) -> [ServiceItem] {
        let loader = ItemLoader(errors: errors)
        let named = rolesNamed(object)
        let closed = object.objects("unavailableItems")
        var items: [ServiceItem] = []
        for entry in object.entries("items") {
            guard let id = entry.text else { continue }
            guard !items.contains(where: { $0.id == id }) else {
                errors.add(entry.error("the item “\(id)” stands more than once"))
                continue
            }
            let path = FilePath.join(kioskFolder, "items/\(id).yaml")
            guard let item = loader.item(file: path, namedBy: entry) else { continue }
            if closed.contains(where: { $0.text("item") == id }) {
                items.append(item)
                continue
            }
            if let named {
                for (need, role, what) in [
                    (ServiceItem.Need.documentPrinter, DeviceRole.documentPrinter, "a document printer"),
                    (.scanner, .scanner, "a scanner"), (.receiptPrinter, .receiptPrinter, "a receipt printer"),
                ] where item.needs.contains(need) && !named.contains(role) {
                    errors.add(entry.error("the item needs \(what), and “devices” names none"))
                }
            }
            items.append(item)
        }
        close(closed, among: &items)
        return items
    }

    /// What “devices” names, usable or not: a device whose profile has a mistake is there, and has been told of. `nil` where a
    /// role cannot be read.
    private func rolesNamed(_ object: YAMLObject) -> Set<DeviceRole>? {
        let entries = object.objects("devices")
        let roles = entries.compactMap { $0.text("role").flatMap(DeviceRole.init) }
        return object["devices"] == nil || roles.count < entries.count ? nil : Set(roles)
    }

    /// Items that stand in the list and are not done at this kiosk: shown with why, and with the window that does them.
    private func close(_ closed: [YAMLObject], among items: inout [ServiceItem]) {
        var seen: Set<String> = []
        for entry in closed {
            guard let id = entry.text("item"), let why = entry.localized("why") else { continue }
            for name in ["why", "window"] { ResidentLanguage.check(entry[name], official: nil, errors: errors) }
            guard let place = items.firstIndex(where: { $0.id == id }) else {
                errors.add((entry["item"] ?? entry.field).error("“\(id)” is not among “items”"))
                continue
            }
            guard seen.insert(id).inserted else {
                errors.add((entry["item"] ?? entry.field).error("the item “\(id)” stands more than once"))
                continue
            }
            items[place].closedHere = why
            if let window = entry.localized("window") { items[place].window = window }
        }
    }

    private func devices(_ object: YAMLObject, _ devicesFolder: String) -> [ConfiguredDevice] {
        let loader = DeviceProfileLoader(errors: errors)
        var devices: [ConfiguredDevice] = []
        for entry in object.objects("devices") {
            guard let name = entry.text("name"), let profileID = entry.text("profile"),
                let role = entry.text("role").flatMap(DeviceRole.init),
                let address = entry.text("address").flatMap(DeviceAddress.init)
            else { continue }
            if devices.contains(where: { $0.name == name }) {
                errors.add((entry["name"] ?? entry.field).error("the name “\(name)” stands more than once"))
            }
            if devices.contains(where: { $0.role == role }) {
                errors.add((entry["role"] ?? entry.field).error("a kiosk has one \(role.rawValue); this is the second"))
            }
            let folder = FilePath.join(devicesFolder, profileID)
            guard let profile = loader.profile(folder: folder, namedBy: entry["profile"]) else { continue }
            guard profile.role == role else {
                errors.add(
                    (entry["role"] ?? entry.field).error("the profile “\(profileID)” is for a \(profile.role.rawValue)")
                )
                continue
            }
            if let sentence = Self.refusal(of: address, for: profile) {
                errors.add((entry["address"] ?? entry.field).error(sentence))
            }
            if let sentence = refusal(ofHolding: profile, on: object.object("screen")) {
                errors.add((entry["profile"] ?? entry.field).error(sentence))
            }
            devices.append(ConfiguredDevice(name: name, role: role, profile: profile, address: address))
        }
        if !object.objects("devices").contains(where: { $0.text("role") == DeviceRole.cardReader.rawValue }),
            let list = object["devices"]
        {
            errors.add(list.error("a card reader is missing: without it nobody can begin"))
        }
        return devices
    }

    /// Drivers reach their devices by some kinds of address only.
    private static func refusal(of address: DeviceAddress, for profile: DeviceProfile) -> String? {
        switch (profile.driver, address.place) {
        case (.samv, .serial), (.samv, .tcp), (.escpos, .serial), (.escpos, .tcp), (.code, .serial), (.code, .tcp): nil
        case (.ipp, .ipp), (.ipp, .cups): nil
        case (.sane(let settings), .escl):
            settings.backend == "airscan" ? nil : "the profile uses SANE's \(settings.backend); write sane:BACKEND:NAME"
        case (.sane, .sane): nil
        case (.ipp, _): "a document printer is reached by ipp://HOST:PORT/PATH, cups:QUEUE or cups:QUEUE@HOST:PORT"
        case (.samv, _), (.escpos, _), (.code, _): "this device is reached by serial:/dev/… or tcp:HOST:PORT"
        case (.sane, _): "a scanner is reached by escl:http://HOST:PORT/eSCL or sane:BACKEND:NAME"
        }
    }

    /// Pages that a feeder drew ahead belong to the session until it ends, however long the resident waits.
    private func refusal(ofHolding profile: DeviceProfile, on screen: YAMLObject) -> String? {
        guard case .sane(let settings) = profile.driver, let idle = screen.integer("idleSeconds"),
            let alert = screen.integer("alertSeconds"), settings.heldPageMilliseconds <= (idle + alert) * 1_000
        else { return nil }
        return "the profile holds pages for \(settings.heldPageMilliseconds) ms, but a session may be idle for "
            + "idleSeconds and alertSeconds, \(idle + alert) s; set sane.heldPageMilliseconds higher"
    }

    // MARK: Settings

    private func panel(_ object: YAMLObject) -> KioskConfiguration.Panel? {
        guard let widthPixels = object.integer("widthPixels"), let heightPixels = object.integer("heightPixels"),
            let width = object.number("widthMillimetres"), let height = object.number("heightMillimetres"),
            let distance = object.integer("viewingDistanceMillimetres")
        else { return nil }
        let across = Double(widthPixels) / width
        let down = Double(heightPixels) / height
        // Every size on the screen is computed from this: a slip of the ruler must not pass.
        if abs(across / down - 1) > 0.05 {
            errors.add(
                object.field.error(
                    "pixels and millimetres do not fit together: pixels would not be square; measure again"))
        }
        return KioskConfiguration.Panel(
            widthPixels: widthPixels, heightPixels: heightPixels, widthMillimetres: width, heightMillimetres: height,
            viewingDistanceMillimetres: distance)
    }

    private func screen(_ object: YAMLObject) -> KioskConfiguration.ScreenSettings? {
        guard let port = object.integer("port"), let textStep = object.integer("textStep"),
            let idle = object.integer("idleSeconds"), let alert = object.integer("alertSeconds"),
            let cover = object.integer("coverSeconds"), let take = object.integer("takeSeconds")
        else { return nil }
        return KioskConfiguration.ScreenSettings(
            port: port, textStep: textStep, idleSeconds: idle, alertSeconds: alert, coverSeconds: cover,
            takeSeconds: take)
    }

    private func outbox(_ object: YAMLObject) -> KioskConfiguration.OutboxLimits? {
        guard let maximum = object.integer("maximumMebibytes"), let free = object.integer("minimumFreeMebibytes") else {
            return nil
        }
        return KioskConfiguration.OutboxLimits(maximumBytes: maximum << 20, minimumFreeBytes: free << 20)
    }

    /// As many as a file can be sealed to.
    static let maximumRecipients = 16

    private func platform(_ object: YAMLObject) -> KioskConfiguration.PlatformSettings? {
        guard var url = object.text("url"), let certificate = readable(object["certificate"]),
            let key = readable(object["key"]), let trust = readable(object["trust"])
        else { return nil }
        if url.hasSuffix("/") { url.removeLast() }
        var recipients = object.texts("recipients")
        if let file = object["recipientsFile"] {
            recipients += recipientsInFile(file)
            if recipients.count > Self.maximumRecipients {
                errors.add(
                    file.error(
                        "\(recipients.count) recipients are named, here and in “recipients” together: at most "
                            + "\(Self.maximumRecipients) can be"))
            }
        }
        if object["recipients"] == nil && object["recipientsFile"] == nil {
            errors.add(object.field.error("give “recipients” or “recipientsFile”: papers are sealed to somebody"))
        }
        return KioskConfiguration.PlatformSettings(
            url: url, certificateFile: certificate, keyFile: key, trustFile: trust, recipients: recipients,
            signingKeyFile: object["signingKeyFile"].flatMap(readable),
            bandwidthKibibytesPerSecond: object.integer("bandwidthKibibytesPerSecond"))
    }

    /// The path of a file that must be there and readable now.
    private func readable(_ field: YAMLField?) -> String? {
        guard let field, let text = field.text else { return nil }
        let path = FilePath.join(folder, text)
        if access(path, R_OK) != 0 {
            errors.add(field.error("the file \(path) cannot be read: \(String(cString: strerror(errno)))"))
        }
        return path
    }

    /// One recipient a line; empty lines and lines that begin with `#` are skipped, as age's own tools do.
    private func recipientsInFile(_ field: YAMLField) -> [String] {
        guard let text = field.text else { return [] }
        let path = FilePath.join(folder, text)
        guard let bytes = YAMLReader(file: path).bytes(errors: errors, namedBy: field) else { return [] }
        var recipients: [String] = []
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let words = line.split(whereSeparator: { $0 == 32 || $0 == 9 || $0 == 13 })
            guard let word = words.first, word.first != UInt8(ascii: "#") else { continue }
            let recipient = String(decoding: word, as: UTF8.self)
            if let sentence = AgeRecipientText.refusal(of: recipient) {
                errors.add(ConfigurationError(file: path, line: index + 1, sentence: sentence))
            } else {
                recipients.append(recipient)
            }
        }
        if recipients.isEmpty { errors.add(field.error("the file \(path) names no recipient")) }
        return recipients
    }
}
