import DeviceKit
import Foundation
import HallModel
import KioskConfiguration

/// A device profile as a command names it: the name of an installed family, or a folder.
enum ChosenProfile {
    static func load(_ named: String, for role: DeviceRole) throws -> DeviceProfile {
        let installed = named.contains("/") ? nil : InstalledFiles.path("Devices/\(named)/profile.yaml")
        if installed == nil, access("\(named)/profile.yaml", R_OK) != 0 {
            throw missing(named, String(cString: strerror(errno)))
        }
        let chosen: DeviceProfile
        do {
            chosen = try DeviceProfileLoader.load(
                folder: installed.map { String($0.dropLast("/profile.yaml".count)) } ?? named)
        } catch {
            throw CommandFailure(.configuration, error.errors.first?.description ?? "\(named) cannot be used.")
        }
        guard chosen.role == role else {
            throw CommandFailure(
                .configuration, "\(named) describes a \(chosen.role.rawValue), not a \(role.rawValue).")
        }
        return chosen
    }

    /// Which there are, and where was looked.
    private static func missing(_ named: String, _ cause: String) -> CommandFailure {
        guard !named.contains("/") else {
            return CommandFailure(
                .configuration,
                "\(named)/profile.yaml cannot be read (\(cause)); name a folder that has a profile.yaml.")
        }
        let folder = InstalledFiles.path("Devices")
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder ?? "")) ?? []).filter {
            access("\(folder ?? "")/\($0)/profile.yaml", R_OK) == 0
        }
        let known =
            names.isEmpty
            ? "none is installed beside kioskctl"
            : "in \(folder ?? "") there are \(names.sorted().joined(separator: ", "))"
        return CommandFailure(
            .configuration, "there is no profile “\(named)”: \(known); or name a folder that has a profile.yaml.")
    }

    static func cardReader(_ named: String?) throws -> DeviceProfile {
        if let named { return try load(named, for: .cardReader) }
        return DeviceProfile(
            id: "samv-serial", role: .cardReader, title: "SAM_V reader", driver: .samv(CardReaderSettings()))
    }

    /// The printer's settings; without a profile those that suit most models.
    static func receiptPrinter(_ named: String?) throws -> (DeviceProfile, ReceiptPrinterSettings) {
        let standard = DeviceProfile(
            id: "escpos-epson", role: .receiptPrinter, title: "ESC/POS printer",
            driver: .escpos(ReceiptPrinterSettings()))
        let chosen = try named.map { try load($0, for: .receiptPrinter) } ?? standard
        guard case .escpos(let settings) = chosen.driver else {
            throw CommandFailure(.configuration, "\(chosen.id) does not speak ESC/POS.")
        }
        return (chosen, settings)
    }

    /// Without a profile: for eSCL the installed one, which knows the feeder; for a name of SANE's its own backend.
    static func scanner(_ named: String?, at address: DeviceAddress) throws -> DeviceProfile {
        if let named { return try load(named, for: .scanner) }
        var settings = ScannerSettings()
        if case .sane(let name) = address.place {
            settings.backend = name.split(separator: ":").first.map(String.init) ?? settings.backend
        } else if let installed = try? load("escl-scanner", for: .scanner) {
            return installed
        }
        return DeviceProfile(id: "standard", role: .scanner, title: "Scanner", driver: .sane(settings))
    }
}
