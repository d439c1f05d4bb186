import HallModel

/// The sealed answers of a case, as far as staff can have them now.
enum OpenedAnswers: Sendable {
    case opened(Sensitive<SealedAnswers>)
    /// They cannot; the detail is a sentence for staff.
    case closed(APIProblem)
}

extension CaseStore {
    /// - Parameter files: all of the case.
    func answers(in files: [CaseFile]) async -> OpenedAnswers {
        guard let first = files.first else {
            return .closed(APIProblem(.unavailable, "申请内容打不开：平台的数据库里没有它的记录。请管理员检查。"))
        }
        do throws(UnsealFailure) {
            return SealedAnswers.read(try await open(first)).map(OpenedAnswers.opened)
                ?? .closed(APIProblem(.cannotOpen, "申请内容打开了，但本平台读不懂里面的格式。请管理员检查。"))
        } catch { return .closed(told(error, of: first, calling: "申请内容")) }
    }

    /// Logs why staff cannot see something, and says it to them.
    ///
    /// - Parameter subject: how the sentence calls the file, in 简体中文.
    func told(_ failure: UnsealFailure, of file: CaseFile, calling subject: String) -> APIProblem {
        switch failure {
        case .cannotOpen:
            logger.error("Staff cannot see a sealed file: age cannot open it.", metadata: ["upload": "\(file.upload)"])
            return APIProblem(.cannotOpen, "\(subject)打不开：平台现在的 age 密钥与封装时用的不一致，或者文件已经损坏。请管理员检查。")
        case .unavailable(let trouble):
            logger.log(
                level: trouble == .givenUp ? .debug : .error, "Staff cannot see a sealed file just now.",
                metadata: ["upload": "\(file.upload)", "reason": "\(trouble)"])
            return APIProblem(.unavailable, "\(subject)现在打不开：\(trouble.words)")
        }
    }
}

extension UnsealFailure.Trouble {
    fileprivate var words: String {
        switch self {
        case .tool(let failure):
            switch failure.reason {
            case .notInstalled: "平台上没有 age 程序，或者不能运行。请管理员安装。"
            case .notStarted: "age 程序启动不了，平台可能太忙。请稍后再看。"
            case .killed: "age 程序中途被系统结束了，平台的内存可能不够。请稍后再看。"
            case .tookTooLong: "age 程序太久没有做完，平台可能太忙。请稍后再看。"
            case .interrupted, .tooMuchOutput, .strangeEnd, .broken: "age 程序没有正常做完。请稍后再看。"
            }
        case .identityUnreadable: "平台的 age 密钥文件读不出来。请管理员检查。"
        case .identityChanged: "平台的 age 密钥文件与平台启动时的不一样了。请管理员检查。"
        case .fileMissing: "密封的文件不在平台的磁盘上。请管理员检查。"
        case .fileUnreadable: "平台的磁盘读不出密封的文件。请管理员检查。"
        case .givenUp: "没有等到打开。请再打开一次。"
        }
    }
}
