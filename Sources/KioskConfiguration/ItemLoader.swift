import HallModel

/// Reads one service item from `items/<id>.yaml`.
public struct ItemLoader {
    private let errors: ErrorCollector

    /// Reads an item; throws everything that is wrong with it.
    public static func load(file: String) throws(ConfigurationErrors) -> ServiceItem {
        let errors = ErrorCollector()
        let item = ItemLoader(errors: errors).item(file: file)
        try errors.throwIfAny()
        guard let item else { throw ConfigurationErrors([ConfigurationError(file: file, sentence: "no item")]) }
        return item
    }

    init(errors: ErrorCollector) { self.errors = errors }

    func item(file: String, namedBy referrer: YAMLField? = nil) -> ServiceItem? {
        guard let root = YAMLReader(file: file).root(errors: errors, namedBy: referrer),
            let object = Self.schema.read(root, errors: errors)
        else { return nil }
        // items/NAME.yaml lies in the kiosk folder.
        let kioskFolder = FilePath.join(FilePath.folder(of: file), "..")
        checkPictures(object, PictureFolder(kioskFolder: kioskFolder, errors: errors))
        return item(object, fileName: file.split(separator: "/").last.map(String.init) ?? file)
    }

    private func checkPictures(_ object: YAMLObject, _ pictures: PictureFolder) {
        pictures.check(object["pictogram"], isLarge: false)
        for choice in object.objects("questions").flatMap({ $0.objects("choices") }) {
            pictures.check(choice["pictogram"], isLarge: false)
        }
    }

    private func item(_ object: YAMLObject, fileName: String) -> ServiceItem? {
        guard let id = object.text("id"), let kind = object.text("kind").flatMap(ServiceItem.Kind.init),
            let title = object.localized("title"), let officialName = object.localized("officialName"),
            let summary = object.localized("summary"), let pictogram = object.text("pictogram"),
            let minutes = object.integer("minutes"), let window = object.localized("window"),
            let afterwards = object.localized("afterwards")
        else { return nil }
        if fileName != "\(id).yaml", let field = object["id"] {
            errors.add(field.error("the file of this item must be called \(id).yaml"))
        }
        let materials = object.objects("materials").compactMap { material($0, officialName) }
        var item = ServiceItem(
            id: id, kind: kind, title: title, officialName: officialName, summary: summary, pictogram: pictogram,
            minutes: minutes, canBeFinishedHere: object.boolean("canBeFinishedHere"),
            elsewhere: object.localized("elsewhere"), window: window,
            bring: object.entries("bring").map(\.localizedText), afterwards: afterwards,
            needs: needs(object, kind, hasMaterials: !materials.isEmpty), minimumAge: object.integer("minimumAge"),
            materials: materials)
        item.questions = questions(object, officialName)
        checkWhole(object, item)
        for name in ["title", "summary", "elsewhere", "window", "afterwards"] {
            ResidentLanguage.check(object[name], official: officialName, errors: errors)
        }
        for entry in object.entries("bring") {
            ResidentLanguage.check(entry, official: officialName, errors: errors)
        }
        return item
    }

    private func needs(_ object: YAMLObject, _ kind: ServiceItem.Kind, hasMaterials: Bool) -> Set<ServiceItem.Need> {
        guard let field = object["needs"] else {
            switch kind {
            case .progress: return [.platform]
            case .certificate: return [.documentPrinter, .platform]
            case .application: return hasMaterials ? [.scanner, .receiptPrinter] : [.receiptPrinter]
            }
        }
        var needs: Set<ServiceItem.Need> = []
        for entry in field.entries {
            let need: ServiceItem.Need? =
                switch entry.text {
                case "scanner": .scanner
                case "receipt-printer": .receiptPrinter
                case "document-printer": .documentPrinter
                case "platform": .platform
                default: nil
                }
            if let need, !needs.insert(need).inserted { errors.add(entry.error("stands more than once")) }
        }
        if hasMaterials && !needs.contains(.scanner) {
            errors.add(field.error("the item has materials to scan: “scanner” is needed"))
        }
        if kind == .certificate && !needs.contains(.documentPrinter) {
            errors.add(field.error("the result is printed on A4: “document-printer” is needed"))
        }
        return needs
    }

    private func checkWhole(_ object: YAMLObject, _ item: ServiceItem) {
        if !item.canBeFinishedHere && item.elsewhere == nil {
            errors.add(
                object.field.error("canBeFinishedHere is false: say in “elsewhere” what to take to which window"))
        }
        if item.kind == .progress, let field = object["questions"] ?? object["materials"] {
            errors.add(field.error("an item of kind progress asks nothing and scans nothing"))
        }
        if item.kind == .certificate, let field = object["materials"] {
            errors.add(field.error("an item of kind certificate scans nothing: its answers alone go to the platform"))
        }
        // 更改 names a question or a material by its id alone.
        var seen: Set<String> = []
        for part in object.objects("questions") + object.objects("materials") {
            guard let id = part["id"], let text = id.text else { continue }
            if !seen.insert(text).inserted {
                errors.add(id.error("the id “\(text)” stands more than once among questions and materials"))
            }
        }
    }

    // MARK: Questions

    private func questions(_ object: YAMLObject, _ officialName: LocalizedText) -> [ServiceItem.Question] {
        var questions: [ServiceItem.Question] = []
        for part in object.objects("questions") {
            guard let question = question(part, officialName, earlier: questions) else { continue }
            questions.append(question)
        }
        return questions
    }

    private func question(
        _ object: YAMLObject, _ officialName: LocalizedText, earlier: [ServiceItem.Question]
    ) -> ServiceItem.Question? {
        ResidentLanguage.check(object["heading"], official: officialName, errors: errors)
        ResidentLanguage.check(object["label"], official: officialName, errors: errors)
        let choices = object.objects("choices")
        let form: ServiceItem.Question.Form
        switch (object["choices"], object.objectIfPresent("digits")) {
        case (.some, nil): form = .choice(read(choices, officialName))
        case (nil, .some(let digits)):
            guard let read = read(digits) else { return nil }
            form = read
        default:
            errors.add(object.field.error("a question has either “choices” or “digits”"))
            return nil
        }
        guard let id = object.text("id"), let heading = object.localized("heading"),
            let label = object.localized("label")
        else { return nil }
        return ServiceItem.Question(
            id: id, heading: heading, label: label, form: form,
            condition: object.objectIfPresent("when").flatMap { condition($0, earlier) },
            isPrivate: object.boolean("private"))
    }

    private func read(_ choices: [YAMLObject], _ officialName: LocalizedText) -> [ServiceItem.Choice] {
        var seen: Set<String> = []
        return choices.compactMap { object in
            guard let id = object.text("id"), let label = object.localized("label") else { return nil }
            if !seen.insert(id).inserted, let field = object["id"] {
                errors.add(field.error("the id “\(id)” stands more than once among the choices"))
            }
            ResidentLanguage.check(object["label"], official: officialName, errors: errors)
            ResidentLanguage.check(object["detail"], official: officialName, errors: errors)
            return ServiceItem.Choice(
                id: id, label: label, detail: object.localized("detail"), pictogram: object.text("pictogram"),
                needsAddress: object.text("needs") == "address")
        }
    }

    private func read(_ digits: YAMLObject) -> ServiceItem.Question.Form? {
        guard let minimum = digits.integer("minimum"), let maximum = digits.integer("maximum") else { return nil }
        guard minimum <= maximum else {
            errors.add(digits.field.error("minimum \(minimum) is more than maximum \(maximum)"))
            return nil
        }
        for prefix in digits.entries("prefixes") where (prefix.text?.utf8.count ?? 0) > maximum {
            errors.add(prefix.error("is longer than the number itself may be"))
        }
        return .digits(length: minimum...maximum, prefixes: digits.texts("prefixes"))
    }

    private func condition(
        _ object: YAMLObject, _ earlier: [ServiceItem.Question]
    ) -> ServiceItem.Question.Condition? {
        guard let question = object.text("question"), let answer = object.text("answer") else { return nil }
        guard let target = earlier.first(where: { $0.id == question }) else {
            errors.add(
                (object["question"] ?? object.field).error("“\(question)” is not an earlier question of this item"))
            return nil
        }
        guard case .choice(let choices) = target.form else {
            errors.add((object["question"] ?? object.field).error("“\(question)” has no choices to depend on"))
            return nil
        }
        guard choices.contains(where: { $0.id == answer }) else {
            let known = choices.map(\.id).joined(separator: ", ")
            errors.add(
                (object["answer"] ?? object.field).error("“\(question)” has no choice “\(answer)”; it has \(known)"))
            return nil
        }
        return ServiceItem.Question.Condition(question: question, answer: answer)
    }

    // MARK: Materials

    private func material(_ object: YAMLObject, _ officialName: LocalizedText) -> ServiceItem.MaterialRequirement? {
        guard let id = object.text("id"), let title = object.localized("title") else { return nil }
        ResidentLanguage.check(object["title"], official: officialName, errors: errors)
        for page in object.entries("pages") {
            ResidentLanguage.check(page, official: officialName, errors: errors)
        }
        return ServiceItem.MaterialRequirement(
            id: id, title: title, pages: object.entries("pages").map(\.localizedText))
    }
}
