import Foundation
import Testing

@Suite struct ArchitectureTests {
    @Test func everyModuleHasAPlaceInTheTable() throws {
        for module in try SourceTree.modules() {
            #expect(
                ModuleDirections.ours[module] != nil,
                "Sources/\(module) is new: say in ModuleDirections which modules it may import.")
        }
    }

    @Test func noFileImportsMoreThanItsModuleMay() throws {
        let files = try SourceTree.files()
        try #require(files.count > 50)
        for file in files {
            for name in file.imports {
                if let sentence = refusal(of: name, in: file) { Issue.record("\(sentence)") }
            }
        }
    }

    @Test func thePackageHasNoEdgeThatNobodyDecided() async throws {
        let package = try await PackageDescription.load()
        let tests: Set<String> = ["test"]
        for target in package.targets
        where !tests.contains(target.type) && !ModuleDirections.outside.contains(target.name) {
            let allowed = try #require(
                ModuleDirections.ours[target.name], "\(target.name) has no place in ModuleDirections.")
            for dependency in target.dependencies where !dependency.isProduct {
                #expect(
                    allowed.contains(dependency.name),
                    """
                    Package.swift lets \(target.name) depend on \(dependency.name), which nobody decided. \
                    Find another way, or decide it in ModuleDirections with a reason.
                    """)
            }
        }
    }

    @Test func onlyWorkersReachCLibraries() async throws {
        let package = try await PackageDescription.load()
        let libraries = Set(package.targets.filter { $0.type == "system" }.map(\.name))
        try #require(libraries.count >= 5)
        for program in ModuleDirections.withoutC {
            let reached = package.reach(of: program).intersection(libraries).sorted()
            #expect(
                reached.isEmpty, "\(program) would link \(reached): what it needs of them a worker must do for it.")
        }
        for target in package.targets where !["test", "system"].contains(target.type) {
            let direct = target.dependencies.map(\.name).filter(libraries.contains)
            #expect(
                direct.isEmpty || ModuleDirections.wrappers.contains(target.name),
                "\(target.name) depends on \(direct): a C library is wrapped in one module that only workers link.")
        }
        for target in package.targets
        where target.type == "executable" && !ModuleDirections.outside.contains(target.name) {
            let reachesEmulators = package.reach(of: target.name).contains("HallEmulators")
            #expect(
                !reachesEmulators || target.name == "kiosk-hall",
                "\(target.name) links the emulators, which stand outside the product.")
        }
    }

    @Test func noSourceFileIsTooLongToRead() throws {
        for file in try SourceTree.files() {
            let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).count
            #expect(lines <= 500, "Sources/\(file.path) has \(lines) lines: a file has one reason to exist, split it.")
        }
    }

    @Test(arguments: [
        ("import HallModel", ["HallModel"]),
        ("@preconcurrency import NIOCore", ["NIOCore"]),
        ("    import struct Foundation.Data", ["Foundation"]),
        ("internal import class A.B", ["A"]),
        ("@_spi(X) public import Y // why", ["Y"]),
        ("// import Nothing", []),
        ("let important = 1", []),
    ])
    func importsAreSeen(_ line: String, _ expected: [String]) {
        #expect(SourceTree.File(path: "M/f.swift", module: "M", text: line).imports == expected)
    }

    /// Why a file may not import a module; `nil` when it may.
    private func refusal(of name: String, in file: SourceTree.File) -> String? {
        let place = "Sources/\(file.path) imports \(name)"
        let isPure = ModuleDirections.pure.contains(file.module)
        if ModuleDirections.ours[name] != nil {
            return ModuleDirections.ours[file.module]?.contains(name) == true
                ? nil : "\(place): \(file.module) may not, see ModuleDirections."
        }
        if isPure { return "\(place): \(file.module) is pure and imports nothing but nouns." }
        if ModuleDirections.system.contains(name) { return nil }
        guard let importers = ModuleDirections.foreign[name] else {
            return "\(place), a module that nobody decided to use; see ModuleDirections."
        }
        guard let importers else { return nil }
        return importers.contains(file.module) ? nil : "\(place): \(file.module) may not, see ModuleDirections."
    }
}
