import DeviceKit
import Foundation
import HallModel
import KioskControl
import Materials
import NIOCore

/// Where pages come from.
enum ScanSource: Sendable {
    /// The running kiosk's scanner.
    case daemon(ControlClient, device: String)
    /// A worker of this command's own.
    case worker(DeviceAssignment)

    var place: String {
        switch self {
        case .daemon(_, let device): device
        case .worker(let assignment): assignment.address
        }
    }
}

/// Pages from a scanner, checked and put together. Looking at pages is the render worker's; the PDF is made here.
struct ScanJob: Sendable {
    struct Result: Sendable {
        var pdf: ByteBuffer
        var pages: [ScanReport.Page]
    }

    private struct Sheet: Sendable {
        var jpeg: ByteBuffer
        var page: WorkLine.Page
    }

    let source: ScanSource
    let pages: Int
    let asksForPages: Bool
    let progress: ProgressLine

    private static let scanWorker = "scan"

    func run() async throws -> Result {
        var workers = [ReceiptWorkers.render]
        if case .worker(let assignment) = source {
            workers.append(WorkerSpecification(kind: .scan, instance: Self.scanWorker, devices: [assignment]))
        }
        let all = workers
        do {
            return try await PrivateWorkers(specifications: all, place: source.place, limit: nil).run { host in
                try await host.becomesReady(all)
                return try await work(host)
            }
        } catch {
            progress.giveUp()
            throw error
        }
    }

    private func work(_ host: WorkerHost) async throws -> Result {
        // Once for all pages: a stream that was given up cannot be heard again.
        let hearing = Task { [progress, pages] in
            for await event in host.events {
                guard case .event(_, .scanProgress(_, let rows, let expected)) = event else { continue }
                progress.rows(rows, of: expected, pages: pages)
            }
        }
        let ticking = Task { [progress, pages] in
            while (try? await Task.sleep(for: .seconds(1))) != nil { progress.wait(pages: pages) }
        }
        defer {
            hearing.cancel()
            ticking.cancel()
        }
        var images: [MaterialPage] = []
        var dotsPerInch = 300
        var told: [ScanReport.Page] = []
        for number in 1...pages {
            if number > 1, asksForPages {
                Terminal.draw("Lay page \(number) in and press Enter. ")
                try await EnterKey.isPressed()
            }
            progress.begin(page: number, of: pages)
            let sheet: Sheet
            do { sheet = try await self.sheet(number, host) } catch var failure as CommandFailure {
                if pages > 1 {
                    failure.sentence = "page \(number) of \(pages) failed, and no file was written: \(failure.sentence)"
                }
                throw failure
            }
            let checks = try await checks(sheet, by: host)
            told.append(
                .init(
                    widthPixels: checks.widthPixels, heightPixels: checks.heightPixels,
                    dotsPerInch: sheet.page.dotsPerInch, findings: checks.findings))
            progress.end(page: number, of: pages, EventText.findings(checks.findings))
            dotsPerInch = sheet.page.dotsPerInch
            images.append(
                MaterialPage(
                    jpeg: sheet.jpeg, widthPixels: checks.widthPixels, heightPixels: checks.heightPixels,
                    isGray: checks.isGray))
        }
        return Result(pdf: try pdf(images, dotsPerInch: dotsPerInch), pages: told)
    }

    // MARK: - A page

    private func sheet(_ number: Int, _ host: WorkerHost) async throws -> Sheet {
        switch source {
        case .daemon(let client, let device): try await fromDaemon(client, device, number)
        case .worker(let assignment): try await fromWorker(assignment, host)
        }
    }

    private func fromDaemon(_ client: ControlClient, _ device: String, _ number: Int) async throws -> Sheet {
        do {
            var body = try await client.scan(ScanRequest(device: device, isLast: number == pages))
            while let line = try await body.next(WorkLine.self) {
                if let refusal = line.refusal { throw CommandFailure(refusal) }
                if let step = line.progress { progress.rows(step.rows, of: step.rowsExpected, pages: pages) }
                guard let page = line.page else { continue }
                guard (1...WorkerFrame.maximumFrameBytes).contains(page.bytes) else {
                    throw ControlClient.Failure.notUnderstood("a page of \(page.bytes) bytes")
                }
                return Sheet(jpeg: try await body.bytes(page.bytes), page: page)
            }
            throw ControlClient.Failure.lost(socket: client.socketPath)
        } catch let failure as ControlClient.Failure {
            throw CommandFailure(.unavailable, "\(failure)")
        } catch let refusal as ControlRefusal {
            throw CommandFailure(refusal)
        }
    }

    private func fromWorker(_ assignment: DeviceAssignment, _ host: WorkerHost) async throws -> Sheet {
        do throws(WorkerFailure) {
            let (reply, images) = try await host.performOnce(
                .scanPage(device: assignment.name), on: Self.scanWorker, deadline: assignment.profile.longestCommand)
            guard case .scanned(let page) = reply, let jpeg = images.first else { throw .notUnderstood("no page came") }
            return Sheet(
                jpeg: jpeg,
                page: .init(
                    dotsPerInch: page.dotsPerInch, rowsExpected: page.rowsExpected, rowsReceived: page.rowsReceived,
                    bytes: jpeg.readableBytes))
        } catch { throw CommandFailure(error, of: WorkerKind.scan.programName, at: assignment.address) }
    }

    // MARK: - The render worker's part

    private func checks(_ sheet: Sheet, by host: WorkerHost) async throws -> PageChecks {
        let request = PageCheckRequest(
            dotsPerInch: sheet.page.dotsPerInch, rowsExpected: sheet.page.rowsExpected,
            rowsReceived: sheet.page.rowsReceived, previewWidth: 200)
        do throws(WorkerFailure) {
            let (reply, _) = try await host.performAgainIfLost(
                .checkPage(request), on: ReceiptWorkers.render.instance, attachments: [sheet.jpeg],
                deadline: .seconds(20))
            guard case .checked(let checks) = reply else { throw .notUnderstood("it gave no checks") }
            return checks
        } catch { throw CommandFailure(error, of: WorkerKind.render.programName, at: source.place) }
    }

    /// Made here: nothing of a page is decoded for it.
    private func pdf(_ pages: [MaterialPage], dotsPerInch: Int) throws -> ByteBuffer {
        do {
            var file = ByteBuffer()
            for piece in try MaterialPDF.pieces(of: pages, dotsPerInch: dotsPerInch) {
                try piece.forEachPart { _ = file.writeBytes($0) }
            }
            return file
        } catch { throw CommandFailure(.software, "the pages make no PDF: \(error).") }
    }
}

/// The Enter key of a person, waited for on a thread of its own.
enum EnterKey {
    static func isPressed() async throws {
        let isOpen = await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: readLine() != nil) }.start()
        }
        guard isOpen else { throw CommandFailure(.interrupted, "no further page: standard input was closed.") }
    }
}
