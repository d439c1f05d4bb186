import Foundation

/// What the list of cases was asked for, and how its links ask again.
struct StaffListQuery: Sendable, Equatable {
    var filter: CaseFilter
    var position: CasePosition

    /// From the query of the address: `q`, or `status` with `before` or `after`, or `page`. Anything else is the newest
    /// cases.
    init(_ query: [String: String]) {
        let words = (query["q"] ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
        if !words.isEmpty {
            filter = .search(String(words.prefix(64)))
        } else if let status = query["status"], !status.isEmpty {
            filter = .status(String(status.prefix(64)))
        } else {
            filter = .all
        }
        if let sequence = query["before"].flatMap(Int64.init) {
            position = .before(sequence)
        } else if let sequence = query["after"].flatMap(Int64.init) {
            position = .after(sequence)
        } else if let page = query["page"] {
            position = .page(max(1, Int(page) ?? 1))
        } else {
            position = .newest
        }
    }
}

extension StaffPages {
    static func list(
        _ page: CasePage, _ query: StaffListQuery, counts: [StatusCount], size: Int,
        configuration: PlatformConfiguration
    ) -> Markup {
        let rows = page.cases.map { one -> Markup in
            let words = CaseWords(one, configuration)
            return """
                <tr><td class="number"><a href="/cases/\(one.number)">\(one.number.inGroupsOfFour)</a></td>\
                <td>\(words.itemTitle.simplifiedChinese)</td><td class="when">\(one.acceptedAt.chinaMinute)</td>\
                <td>\(one.kiosk)</td><td>\(badge(one.status, words.status, configuration))</td></tr>
                """
        }
        let table: Markup =
            page.cases.isEmpty
            ? "<p class=\"empty\">\(nothing(query))</p>"
            : """
            <table><thead><tr><th scope="col">办件号</th><th scope="col">事项</th><th scope="col">受理时间</th>\
            <th scope="col">自助机</th><th scope="col">状态</th></tr></thead><tbody>\(rows)</tbody></table>
            """
        return frame(
            title: "办件",
            """
            <main><div class="head"><h1>办件</h1><p class="lead">共 \(counts.reduce(0) { $0 + $1.cases }) 件</p>\
            \(search(query))</div>\(filters(query, counts, configuration))\(table)\
            \(pager(page, query, size: size))</main>
            """)
    }

    private static func nothing(_ query: StaffListQuery) -> String {
        switch query.filter {
        case .all: "还没有办件。自助机交上来以后，这里就能看到。"
        case .status: "现在没有这个状态的办件。"
        case .search: "没有找到。请核对办件号或受理号，要写完整。"
        }
    }

    private static func search(_ query: StaffListQuery) -> Markup {
        var words = ""
        if case .search(let text) = query.filter { words = text }
        return """
            <form class="search" role="search" action="/" method="get"><label for="q">办件号或受理号</label>\
            <input id="q" name="q" value="\(words)" maxlength="64" autocomplete="off" spellcheck="false">\
            <button class="other">查找</button></form>
            """
    }

    private static func filters(
        _ query: StaffListQuery, _ counts: [StatusCount], _ configuration: PlatformConfiguration
    ) -> Markup {
        let byID = Dictionary(counts.map { ($0.status, $0.cases) }, uniquingKeysWith: +)
        // The configuration's order; then what only old cases have.
        let known = configuration.statuses.map { ($0.id, $0.title.simplifiedChinese) }
        let old = counts.filter { configuration.status($0.status) == nil }
            .map { ($0.status, CaseWords.status($0.status, $0.title, configuration).simplifiedChinese) }
        func chip(_ address: String, _ title: String, _ count: Int, isHere: Bool) -> Markup {
            """
            <li><a href="\(address)"\(isHere ? " aria-current=\"true\"" as Markup : "")>\(title) \
            <span>\(count)</span></a></li>
            """
        }
        let all = chip(
            "/", "全部", counts.reduce(0) { $0 + $1.cases }, isHere: query.filter == .all)
        let chips = (known + old).map { id, title in
            chip("/?status=\(encoded(id))", title, byID[id] ?? 0, isHere: query.filter == .status(id))
        }
        return "<nav aria-label=\"按状态看\"><ul class=\"filters\">\(all)\(chips)</ul></nav>"
    }

    private static func pager(_ page: CasePage, _ query: StaffListQuery, size: Int) -> Markup {
        let pageCount = max(1, (page.total + size - 1) / size)
        guard pageCount > 1, let first = page.cases.first, let last = page.cases.last else { return "" }
        let base: String
        var place = ""
        var newer = "after=\(first.sequence)"
        var older = "before=\(last.sequence)"
        switch query.filter {
        case .status(let id): base = "/?status=\(encoded(id))&"
        default:
            base = "/?"
            var number = 1
            if case .page(let wanted) = query.position { number = min(wanted, pageCount) }
            place = "第 \(number) 页，共 \(pageCount) 页"
            newer = "page=\(number - 1)"
            older = "page=\(number + 1)"
        }
        func link(_ isThere: Bool, _ relation: String, _ address: String, _ words: String) -> Markup {
            isThere ? "<a class=\"other\" rel=\"\(relation)\" href=\"\(base + address)\">\(words)</a>" : ""
        }
        return """
            <nav class="pager" aria-label="翻页">\(link(page.hasNewer, "prev", newer, "较新的"))<span>\(place)</span>\
            \(link(page.hasOlder, "next", older, "较早的"))</nav>
            """
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(.init(charactersIn: "-_"))) ?? ""
    }
}
