import HallModel
import KioskScreens

/// The frame's texts for tests of screens.
struct FixtureTexts: TextSource {
    private static let texts: [String: (String, String)] = [
        "frame.title": ("自助办事机", "Self-service kiosk"),
        "frame.back": ("返回", "Back"),
        "frame.help": ("叫人帮忙", "Call for help"),
        "frame.textSize": ("字大小", "Text size"),
        "frame.end": ("结束", "End"),
        "frame.language": ("中文 / English", "中文 / English"),
        "frame.step": ("第 {n} 步，共 {m} 步", "Step {n} of {m}"),
        "frame.more": ("还有，看下一页", "More on the next page"),
        "frame.previous": ("看上一页", "Previous page"),
        "frame.covered": ("为了不让别人看到，先盖上了", "Covered, so that nobody else can read it"),
        "frame.continue": ("点一下继续", "Touch to go on"),
        "frame.offline": ("屏幕正在恢复，请稍等", "The screen is coming back, please wait"),
        "frame.change": ("更改", "Change"),
        "frame.delete": ("删掉一位", "Delete"),
        "frame.taken": ("已拿走", "Taken"),
        "frame.stillThere": ("还在这里", "Still here"),
        "frame.secondsLeft": ("还有 {seconds} 秒", "{seconds} seconds left"),
        "frame.caseNumber": ("办件号", "Case number"),
        "frame.acceptedOn": ("{date}收到", "Received on {date}"),
        "frame.date": ("{year}年{month}月{day}日", "{year}-{month}-{day}"),
    ]

    func text(_ key: String, in language: Language) -> String? {
        guard let (chinese, english) = Self.texts[key] else { return nil }
        return language == .english ? english : chinese
    }
}
