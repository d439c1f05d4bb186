import Glibc
import TestSupport
import Testing

@testable import Materials

@Suite("A file gets a name that nobody else has")
struct NewNameTests {
    private func withFiles(_ body: (ScratchFolder) throws -> Void) throws {
        let folder = try ScratchFolder()
        try folder.write([1], to: "draft")
        try body(folder)
    }

    @Test("in one step: there is never a second name, which not every file system can give")
    func renamed() throws {
        try withFiles { folder in
            let holder = open(folder.file("draft"), O_RDONLY)
            defer { close(holder) }
            try NewName.give(folder.file("new"), to: folder.file("draft"))
            var state = stat()
            #expect(fstat(holder, &state) == 0 && state.st_nlink == 1)
            #expect(try folder.names() == ["new"])
        }
    }

    @Test("and takes it from nobody", arguments: [false, true])
    func taken(_ lacksTheFlag: Bool) throws {
        try withFiles { folder in
            try folder.write([2], to: "new")
            #expect(throws: FileFailure.alreadyExists) {
                if lacksTheFlag {
                    try NewName.give(folder.file("new"), to: folder.file("draft"), rename: Self.failing(EINVAL))
                } else {
                    try NewName.give(folder.file("new"), to: folder.file("draft"))
                }
            }
            #expect(try folder.names().sorted() == ["draft", "new"])
        }
    }

    @Test("also where the file system does not know the flag", arguments: [EINVAL, ENOSYS, EOPNOTSUPP])
    func fallsBack(_ code: Int32) throws {
        try withFiles { folder in
            try NewName.give(folder.file("new"), to: folder.file("draft"), rename: Self.failing(code))
            #expect(try folder.names() == ["new"])
        }
    }

    @Test("any other failure of the rename is told, not tried around")
    func fails() throws {
        try withFiles { folder in
            #expect(throws: FileFailure.noSpace) {
                try NewName.give(folder.file("new"), to: folder.file("draft"), rename: Self.failing(ENOSPC))
            }
            let names = try folder.names()
            #expect(names == ["draft"])
        }
    }

    private static func failing(_ code: Int32) -> NewName.Rename {
        { _, _ in
            errno = code
            return -1
        }
    }
}
