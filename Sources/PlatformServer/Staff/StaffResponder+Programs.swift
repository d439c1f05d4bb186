import Foundation
import HTTPTypes
import HallModel
import Hummingbird
import NIOCore
import NIOFoundationCompat

/// The staff page for programs, and the faults that tests order.
extension StaffResponder {
    private struct ListAnswer: Encodable {
        var total: Int
        var cases: [Entry]
        struct Entry: Encodable {
            var id: String
            var number: String
            var kiosk: String
            var item: String
            var itemTitle: String
            var status: String
            var acceptedAt: String
            var acceptanceCode: String
        }
    }

    func listJSON(_ query: StaffListQuery) async throws -> Response {
        let page = try await cases.page(query.filter, at: query.position, size: Self.casesPerPage)
        return json(ListAnswer(total: page.total, cases: page.cases.map(entry)))
    }

    private func entry(_ stored: StoredCase) -> ListAnswer.Entry {
        .init(
            id: stored.id, number: stored.number, kiosk: stored.kiosk, item: stored.item,
            itemTitle: stored.itemTitle.simplifiedChinese,
            status: cases.words(of: stored).status.simplifiedChinese, acceptedAt: stored.acceptedAt.text,
            acceptanceCode: stored.acceptanceCode)
    }

    func oneJSON(_ number: String) async throws -> Response {
        struct Answer: Encodable {
            var `case`: ListAnswer.Entry
            var detail: String?
            var person: [String: String]
            var flags: [String]
            var answers: [[String: String]]
            var materials: [Material]
            struct Material: Encodable {
                var id: String
                var name: String?
                var pages: Int
                var sha256: String
                var pdf: String
            }
        }
        let stored = try await stored(number)
        let files = try await cases.files(of: stored.id)
        let answers: Sensitive<SealedAnswers>
        switch await cases.answers(in: files) {
        case .opened(let opened): answers = opened
        case .closed(let problem): throw problem
        }
        let person = answers.exposed.person
        return json(
            Answer(
                case: entry(stored), detail: stored.detail?.simplifiedChinese,
                person: [
                    "kind": person.kind, "name": person.name, "englishName": person.englishName,
                    "number": person.number, "sex": person.sex, "birth": person.birth, "address": person.address,
                    "nationality": person.nationality, "validTo": person.validTo,
                ].compactMapValues { $0 },
                flags: person.flags ?? [],
                answers: answers.exposed.answers.map {
                    ["question": $0.question, "label": $0.label, "value": $0.value, "text": $0.text ?? $0.value]
                },
                materials: files.dropFirst().map {
                    .init(
                        id: $0.material ?? "", name: $0.name, pages: $0.pages ?? 0, sha256: $0.digest,
                        pdf: "/cases/\(number)/materials/\($0.position).pdf")
                }))
    }

    /// - Parameter id: of one fault, to clear it alone.
    func development(_ request: Request, id: String?) async throws -> Response {
        guard let faults else { return errorPage(.notFound, "没有这一页。") }
        do { return try await order(request, id: id, of: faults) } catch let problem as APIProblem {
            // Programs read this, not people.
            return problem.response()
        }
    }

    private func order(_ request: Request, id: String?, of faults: DevelopmentFaults) async throws -> Response {
        // A browser sends an origin with every request that could change something; tests do not.
        guard request.headers[.origin] == nil else { return errorPage(.forbidden, "Not from a browser.") }
        switch request.method {
        case .get: return json(await faults.faults)
        case .delete:
            if let id {
                guard let id = Int(id), await faults.remove(id) else {
                    throw APIProblem(.notFound, "There is no such fault any more.")
                }
            } else {
                await faults.removeAll()
            }
            return Response(status: .noContent)
        case .post:
            guard request.headers[.contentType]?.hasPrefix("application/json") == true else {
                throw APIProblem(.wrongMediaType, "Content-Type must be application/json.")
            }
            let data = Data(buffer: try await request.collected(limit: 8192))
            let fault = try PlatformJSON.decode(DevelopmentFaults.Fault.self, from: data)
            let members = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] ?? [:]
            let known = ["route", "kind", "code", "ms", "bytes", "contentType", "times"]
            for name in members.keys.sorted() where !known.contains(name) {
                throw APIProblem(
                    .malformedBody,
                    "A fault has no member `\(name)`; there are \(known.sorted().joined(separator: ", ")).")
            }
            return json(try await faults.add(fault), status: .created)
        default:
            throw APIProblem(.methodNotAllowed, "This address takes GET, POST and DELETE.")
                .with(header: .allow, "GET, POST, DELETE")
        }
    }
}
