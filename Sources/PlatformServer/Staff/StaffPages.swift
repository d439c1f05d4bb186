import Foundation
import HallModel

/// A change of status that could not be saved: why, and what was typed, which must not be lost.
struct StaffAttempt {
    var sentence: String
    /// The id of the status that was chosen.
    var status: String
    var detail: PlatformText
}

/// The pages that staff see, in 简体中文.
enum StaffPages {
    static func one(
        _ stored: StoredCase, answers: OpenedAnswers, materials: [CaseFile], history: [StatusChange],
        configuration: PlatformConfiguration, saved: Bool, attempt: StaffAttempt? = nil
    ) -> Markup {
        let words = CaseWords(stored, configuration)
        var notes: [Markup] = []
        if saved { notes.append("<p class=\"note good\" role=\"status\">状态已更新。</p>") }
        if let attempt { notes.append("<p class=\"note stop\" role=\"alert\">没有保存：\(attempt.sentence)</p>") }
        if stored.keyChanged {
            notes.append("<p class=\"note warn\">这台自助机的签名密钥与它以前的办件不同。如果没有换过机器，请先核实。</p>")
        }
        return frame(
            title: "办件 \(stored.number.inGroupsOfFour)",
            """
            <main><p class="crumb"><a class="back" href="/"><span aria-hidden="true">←</span> 全部办件</a></p>\
            <div class="head"><h1><span class="number">\(stored.number.inGroupsOfFour)</span> \
            \(words.itemTitle.simplifiedChinese)</h1>\(badge(stored.status, words.status, configuration))</div>\(notes)\
            <div class="columns"><div class="facts">\(person(answers))\(questions(answers))\(record(stored))</div>\
            <div class="work">\(statusForm(stored, configuration, attempt))\(steps(history, configuration))</div></div>\
            \(materials.map { material($0, of: stored, configuration) })</main>
            """)
    }

    static func error(_ sentence: String) -> Markup {
        frame(
            title: "办件平台",
            """
            <main><p class="crumb"><a class="back" href="/"><span aria-hidden="true">←</span> 全部办件</a></p>\
            <p class="note warn" role="alert">\(sentence)</p></main>
            """)
    }

    // MARK: parts

    static func frame(title: String, _ main: Markup) -> Markup {
        """
        <!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>\(title) · 参考平台</title>\
        <meta name="viewport" content="width=device-width,initial-scale=1">\
        <link rel="stylesheet" href="/style.css"></head>\
        <body><header><a href="/">参考平台</a><span>工作人员</span></header>\(main)</body></html>
        """
    }

    static func badge(_ id: String, _ title: PlatformText, _ configuration: PlatformConfiguration) -> Markup {
        let kind =
            switch configuration.status(id) {
            case let status? where status.isFinal: "final"
            case let status? where status.needsDetail: "waits"
            case .some: "open"
            case nil: "unknown"
            }
        return "<span class=\"badge\" data-kind=\"\(kind)\">\(title.simplifiedChinese)</span>"
    }

    private static func facts(_ pairs: [(String, String?)]) -> Markup {
        let rows = pairs.compactMap { label, value -> Markup? in
            guard let value, !value.isEmpty else { return nil }
            return "<div><dt>\(label)</dt><dd>\(value)</dd></div>"
        }
        return "<dl class=\"answers\">\(rows)</dl>"
    }

    private static func person(_ answers: OpenedAnswers) -> Markup {
        switch answers {
        case .closed(let problem):
            return "<section><h2>办事人</h2><p class=\"note stop\">\(problem.detail)</p></section>"
        case .opened(let answers):
            let person = answers.exposed.person
            let flags = person.flags ?? []
            return """
                <section><h2>办事人</h2>\(facts([
                    ("姓名", person.name), ("英文姓名", person.englishName), ("性别", person.sex.map(sex)),
                    ("出生", person.birth), ("国籍", person.nationality), ("证件", person.kind.map(CardWords.kind)),
                    ("证件号码", person.number),
                    ("有效期至", person.validTo ?? (flags.contains("longTerm") ? "长期" : nil)), ("住址", person.address),
                ]))\(remarks(CardWords.remarks(flags)))</section>
                """
        }
    }

    /// To be looked at: with none of these is a case refused.
    private static func remarks(_ sentences: [String]) -> Markup {
        guard !sentences.isEmpty else { return "" }
        return """
            <div class="note warn remarks"><p>自助机读卡时注意到下面的情况，请看一下。自助机照常收件。</p>\
            <ul>\(sentences.map { "<li>\($0)</li>" as Markup })</ul></div>
            """
    }

    /// GB/T 2261.1: what a card says as a digit.
    private static func sex(_ code: String) -> String {
        switch code {
        case "1": "男"
        case "2": "女"
        case "0", "9": "未说明"
        default: code
        }
    }

    private static func questions(_ answers: OpenedAnswers) -> Markup {
        guard case .opened(let answers) = answers, !answers.exposed.answers.isEmpty else { return "" }
        let list = answers.exposed.answers
        return "<section><h2>回答</h2>\(facts(list.map { ($0.label, $0.text ?? $0.value) }))</section>"
    }

    private static func record(_ stored: StoredCase) -> Markup {
        """
        <section><h2>登记</h2>\(facts([
            ("受理时间", stored.acceptedAt.chinaMinute), ("到平台时间", stored.receivedAt.chinaMinute),
            ("自助机", stored.kiosk),
            ("受理号", stored.acceptanceCode.inGroupsOfFour),
        ]))</section>
        """
    }

    private static func statusForm(
        _ stored: StoredCase, _ configuration: PlatformConfiguration, _ attempt: StaffAttempt?
    ) -> Markup {
        let offered = configuration.statuses(after: stored.status)
        guard !offered.isEmpty else {
            return """
                <section class="change"><h2>改状态</h2><p>这是最后的状态，不能再改。</p>\(unsaved(attempt))</section>
                """
        }
        // What was chosen before, if it is still offered.
        let chosen = offered.first { $0.id == attempt?.status }?.id ?? stored.status
        let typed = attempt?.detail ?? stored.detail
        let choices = offered.map { status -> Markup in
            let hint: Markup =
                switch (status.needsDetail, status.isFinal) {
                case (true, true): "<small>（要写说明；选了不能再改）</small>"
                case (true, false): "<small>（要写说明）</small>"
                case (false, true): "<small>（选了不能再改）</small>"
                case (false, false): ""
                }
            return """
                <label><input type="radio" name="status" value="\(status.id)" required\
                \(status.id == chosen ? " checked" as Markup : "")><span>\(status.title.simplifiedChinese)\
                \(hint)</span></label>
                """
        }
        let others = configuration.otherLanguages.map { tag -> Markup in
            """
            <label for="detail-\(tag)">同样的话，用\(language(tag))写<small>（可以不写）</small></label>\
            <textarea id="detail-\(tag)" name="detail-\(tag)" rows="2" maxlength="500" lang="\(tag)">\
            \(typed?.translations[tag] ?? "")</textarea>
            """
        }
        return """
            <section class="change"><h2>改状态</h2><form method="post" action="/cases/\(stored.number)/status">\
            <input type="hidden" name="seen" value="\(stored.status)">\
            <fieldset><legend>新的状态</legend>\(choices)</fieldset>\
            <label for="detail">说明<small>（办事人和拿着凭条的人都能看到，请不要写个人信息）</small></label>\
            <textarea id="detail" name="detail" rows="3" maxlength="500">\
            \(typed?.simplifiedChinese ?? "")</textarea>\(others)\
            <button class="go">保存</button></form></section>
            """
    }

    /// What was typed when nothing can be saved any more, to be copied from.
    private static func unsaved(_ attempt: StaffAttempt?) -> Markup {
        guard let attempt else { return "" }
        let others = attempt.detail.translations.sorted { $0.key < $1.key }.map { tag, words -> Markup in
            "<p class=\"typed\" lang=\"\(tag)\">\(words)</p>"
        }
        return "<p>没有保存的说明：</p><p class=\"typed\">\(attempt.detail.simplifiedChinese)</p>\(others)"
    }

    /// "英语"; the tag itself when the system does not know it.
    private static func language(_ tag: String) -> String {
        Locale(identifier: "zh-Hans").localizedString(forIdentifier: tag) ?? " \(tag) "
    }

    private static func steps(_ history: [StatusChange], _ configuration: PlatformConfiguration) -> Markup {
        let rows = history.map { step -> Markup in
            let detail: Markup =
                step.detail.map { detail in
                    let others = detail.translations.sorted { $0.key < $1.key }.map { tag, words -> Markup in
                        "<p lang=\"\(tag)\">\(words)</p>"
                    }
                    return "<p>\(detail.simplifiedChinese)</p>\(others)"
                } ?? ""
            let title = CaseWords.status(step.status, step.statusTitle, configuration)
            return """
                <li>\(badge(step.status, title, configuration))<time>\(step.at.chinaMinute)</time>\(detail)</li>
                """
        }
        return "<section><h2>经过</h2><ol class=\"steps\">\(rows)</ol></section>"
    }

    private static func material(
        _ file: CaseFile, of stored: StoredCase, _ configuration: PlatformConfiguration
    ) -> Markup {
        let known = configuration.item(stored.item)?.materials.first { $0.id == file.name }
        let title = known?.title.simplifiedChinese ?? file.name ?? "材料 \(file.position)"
        let base = "/cases/\(stored.number)/materials/\(file.position)"
        let pages = (1...max(1, min(file.pages ?? 1, 500))).map { page -> Markup in
            """
            <li><a href="\(base)/pages/\(page).jpg?large=1"><img loading="lazy" width="496" height="702" \
            src="\(base)/pages/\(page).jpg" alt="\(title)，第 \(page) 页"></a><span>第 \(page) 页</span></li>
            """
        }
        return """
            <section class="material"><h2>\(title) <small>\(file.pages ?? 1) 页</small>\
            <a class="quiet" href="\(base).pdf">PDF</a></h2><ol class="pages">\(pages)</ol></section>
            """
    }
}
