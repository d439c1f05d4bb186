import DeviceKit
import Foundation
import HallModel
import Logging
import NIOCore
import TestSupport
import Testing

@testable import PageRendering

@Suite("The render worker as a process")
struct RenderWorkerTests {
    @Test("A page is checked and bound, a receipt rendered, and hostile bytes do not end the process")
    func allCommands() async throws {
        let host = WorkerHost(
            socketPath: "/tmp/hk-render-\(UUID().uuidString.prefix(8)).sock",
            workers: [WorkerSpecification(kind: .render, instance: "render", devices: [])],
            programFolder: HallUnderTest.programs, logger: Logger(label: "test"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await host.run() }
            defer { group.cancelAll() }
            try await eventually("the worker connects", within: .seconds(20)) { await host.isConnected("render") }
            let process = await host.processIDs["render"]

            let page = DrawnPage(width: 1240, height: 1754, dotsPerInch: 150, lines: DrawnPage.household).jpeg()
            let request = PageCheckRequest(dotsPerInch: 150, rowsExpected: 1754, rowsReceived: 1754, previewWidth: 600)
            let (checked, preview) = try await host.perform(
                .checkPage(request), on: "render", attachments: [page], deadline: .seconds(10))
            guard case .checked(let checks) = checked else { throw TestFailure("\(checked)") }
            #expect(checks.findings == [])
            #expect(try JPEGHeader(try #require(preview.first).readableBytesView).widthPixels == 600)

            let hostile = ByteBuffer(bytes: [0xFF, 0xD8, 0xFF, 0xC0, 0x00])
            await #expect(throws: WorkerFailure.self) {
                _ = try await host.perform(
                    .checkPage(request), on: "render", attachments: [hostile], deadline: .seconds(10))
            }

            let (rendered, slip) = try await host.perform(
                .renderReceipt(ReceiptRendererTests.receipt(), ReceiptPrinterSettings()), on: "render",
                deadline: .seconds(10))
            guard case .rendered(let millimetres) = rendered else { throw TestFailure("\(rendered)") }
            #expect((100...300).contains(millimetres))
            #expect(slip.count == 1)
            #expect(slip.first?.getBytes(at: 0, length: 2) == [0x1B, 0x40])

            let (pictured, picture) = try await host.perform(
                .pictureReceipt(ReceiptRendererTests.receipt(), ReceiptPrinterSettings()), on: "render",
                deadline: .seconds(10))
            #expect(pictured == rendered)
            #expect(picture.first?.getBytes(at: 0, length: 4) == [0x89, 0x50, 0x4E, 0x47])
            #expect(await host.processIDs["render"] == process)
        }
    }
}
