import GuidedFlow
import HallModel
import KioskScreens

/// One screen of every name and dialog, and the variants that matter, with texts as long as they get.
enum ScreenGallery {
    struct Entry: Sendable {
        var label: String
        var screen: Screen
    }

    static func entries(in language: Language, textStep: Int) -> [Entry] {
        let all = ways + questions + pages + endings + troubles + dialogs
        return all.enumerated().map { index, entry in
            var entry = entry
            entry.screen.language = language
            entry.screen.textStep = textStep
            entry.screen.revision = index + 1
            return entry
        }
    }

    static func text(_ chinese: String, _ english: String) -> ScreenText {
        .localized(LocalizedText([.simplifiedChinese: chinese, .english: english]))
    }

    static func screen(
        _ name: Screen.Name, _ heading: ScreenText, step: Screen.Step? = nil, back: Bool = true,
        _ fill: (inout Screen) -> Void
    ) -> Screen {
        var screen = Screen(
            name: name, revision: 1, language: .simplifiedChinese, textStep: 2, heading: heading)
        screen.step = step
        screen.canGoBack = back
        fill(&screen)
        return screen
    }

    static func go(_ action: ResidentAction, _ chinese: String, _ english: String) -> Screen.Button {
        .init(.go, action, text(chinese, english))
    }

    static func other(
        _ action: ResidentAction, _ chinese: String, _ english: String, _ pictogram: String? = nil
    ) -> Screen.Button { .init(.other, action, text(chinese, english), pictogram: pictogram) }

    static let helpButton = other(.help, "叫人帮忙", "Call for help", "help")

    // MARK: - Before an item is chosen

    static let start = screen(.start, text("请把身份证放在这里", "Please lay your ID card here"), back: false) {
        $0.picture = "card-on-reader"
        $0.lead = [
            text("第九街道服务中心来读您的姓名、号码和地址。", "Ninth Street Service Centre reads your name, number and address."),
            text("只用来办今天的事，办完就清除。", "It is used for today's matter only, and cleared when you are done."),
        ]
        $0.buttons = [other(.goToWindow, "不想放证件，去窗口办", "I would rather go to a window", "window")]
    }

    static let ways: [Entry] = [
        .init(label: "start", screen: start),
        .init(
            label: "start with notes",
            screen: {
                var screen = start
                screen.notes = [
                    .init(
                        .warn,
                        text(
                            "扫描仪坏了，「老年人优待证」请到 3 号窗口办。",
                            "The scanner is broken: for the senior card, please go to window 3.")),
                    .init(
                        .warn,
                        text("机器刚才重新启动了，没有提交的内容已经清除。", "The kiosk restarted. What was not submitted has been cleared.")),
                ]
                return screen
            }()),
        .init(
            label: "reading",
            screen: screen(.reading, text("正在读身份证，请不要拿走", "Reading your card, please leave it there"), back: false) {
                $0.picture = "reading"
                $0.lead = [text("大约 3 秒钟。", "This takes about three seconds.")]
            }),
        .init(
            label: "closed",
            screen: screen(.closed, text("这台机器现在不能办事", "This kiosk cannot help at the moment"), back: false) {
                $0.picture = "closed"
                $0.lead = [text("请到 1 号窗口，工作人员帮您办。", "Please go to window 1. Staff will help you there.")]
                $0.notes = [
                    .init(.stop, text("读身份证的地方坏了，已经通知工作人员。", "The card reader is broken. Staff have been told."))
                ]
                $0.buttons = [helpButton]
            }),
        .init(
            label: "window",
            screen: screen(.window, text("请到 1 号窗口", "Please go to window 1")) {
                $0.picture = "window"
                $0.lead = [
                    text("把身份证和要办的材料带过去，工作人员帮您办。", "Take your ID card and your papers with you. Staff will help you.")
                ]
                $0.buttons = [go(.stay, "知道了", "I see")]
            }),
        .init(
            label: "items",
            screen: screen(.items, text("张奶奶，您要办哪件事？", "What would you like to do, Ms Zhang?")) {
                $0.choices = [
                    .init(
                        action: .chooseItem("senior"), title: text("老年人优待证", "Senior card"),
                        detail: text("您符合条件，大约 4 分钟", "You are entitled to it. About 4 minutes"), pictogram: "senior"),
                    .init(
                        action: .chooseItem("progress"), title: text("查办事进度", "How far is my case?"),
                        detail: text("看看办到哪一步了", "See what has been done so far"), pictogram: "progress"),
                ]
                $0.buttons = [other(.help, "都不是，叫人帮忙", "Something else: call for help", "help")]
            }),
        .init(
            label: "items, five of them",
            screen: screen(.items, text("欧阳奶奶，您要办哪件事？", "What would you like to do, Ms Ouyang?")) {
                $0.notes = [.init(.warn, text("身份证快要过期了，请早点换。", "Your ID card expires soon. Please renew it in time."))]
                let items = [
                    ("老年人优待证", "Senior card", "senior"), ("补领社会保障卡", "Replace a social security card", "social"),
                    ("医保报销", "Medical insurance refund", "medical"), ("居住证", "Residence permit", "home"),
                    ("查办事进度", "How far is my case?", "progress"),
                ]
                $0.choices = items.map {
                    .init(
                        action: .chooseItem($0.2), title: text($0.0, $0.1),
                        detail: text("您符合条件，大约 4 分钟", "You are entitled to it. About 4 minutes"), pictogram: $0.2)
                }
                $0.buttons = [other(.help, "都不是，叫人帮忙", "Something else: call for help", "help")]
            }),
        .init(
            label: "intro",
            screen: screen(
                .intro, text("老年人优待证，在这里能办完", "Senior card: all of it can be done here"), step: .init(1, of: 6)
            ) {
                $0.lead = [
                    text("大约 4 分钟。", "It takes about 4 minutes."),
                    text("请准备好：身份证、户口本。", "Please have ready: ID card, household register."),
                    text("5 个工作日内办好，会给您打电话。", "It is ready within 5 working days. We will call you."),
                ]
                $0.picture = "page-into-feeder"
                $0.buttons = [go(.begin, "开始办", "Begin"), other(.back, "换一件事", "Something else")]
            }),
        .init(
            label: "intro, not possible now",
            screen: screen(
                .intro, text("老年人优待证，现在这里办不了", "The senior card cannot be done here now"), step: .init(1, of: 6)
            ) {
                $0.notes = [
                    .init(
                        .stop,
                        text(
                            "扫描仪坏了，不能扫户口本。请带上身份证和户口本，到 3 号窗口办。",
                            "The scanner is broken, so the household register cannot be scanned. Please take both to window 3."
                        ))
                ]
                $0.picture = "window"
                $0.buttons = [go(.back, "看看别的事", "See other matters"), helpButton]
            }),
    ]

    // MARK: - Questions

    static let questions: [Entry] = [
        .init(
            label: "choice",
            screen: screen(
                .choice, text("证办好了，您到哪里拿？", "Where would you like to collect the card?"), step: .init(2, of: 6)
            ) {
                $0.choices = [
                    .init(
                        action: .answer(question: "place", value: "a"),
                        title: text("第九街道服务中心", "Ninth Street Service Centre"),
                        detail: text("就是这里", "Right here"), pictogram: "hall"),
                    .init(
                        action: .answer(question: "place", value: "b"),
                        title: text("东门社区服务站", "East Gate Community Station"),
                        detail: text("东门大街 12 号，星期一到星期五", "12 East Gate Street, Monday to Friday"), pictogram: "place",
                        isSelected: true),
                    .init(
                        action: .answer(question: "place", value: "c"), title: text("寄到家里", "By post to your home"),
                        detail: text("身份证上的地址，大约多 3 天", "Address on your card. About 3 days longer"), pictogram: "home"),
                ]
            }),
        .init(
            label: "digits, empty",
            screen: screen(.digits, text("打哪个电话找您？", "Which number may we call?"), step: .init(4, of: 6)) {
                $0.lead = [text("手机号是 11 位数字。", "A mobile number has 11 digits.")]
                $0.digits = .init(entered: "", maximum: 11)
                $0.buttons = [go(.confirmDigits, "号码对，下一步", "The number is right, go on")]
            }),
        .init(
            label: "digits with error",
            screen: screen(.digits, text("打哪个电话找您？", "Which number may we call?"), step: .init(4, of: 6)) {
                $0.digits = .init(
                    entered: "1380000", maximum: 11,
                    error: text("还差 4 位。手机号是 11 位，请接着按。", "4 digits are missing. A mobile number has 11. Please go on.")
                )
                $0.buttons = [go(.confirmDigits, "号码对，下一步", "The number is right, go on")]
            }),
        .init(
            label: "check",
            screen: screen(.check, text("看一遍，对不对？", "Is everything right?"), step: .init(5, of: 6)) {
                func row(
                    _ id: String, _ label: ScreenText, _ value: ScreenText, _ source: ScreenText? = nil,
                    change: Bool = true
                ) -> Screen.Answer {
                    .init(label: label, value: value, source: source, change: change ? .change(id) : nil)
                }
                let card = text("来自身份证", "from the ID card")
                $0.answers = [
                    row(
                        "item", text("要办的事", "Matter"), text("老年人优待证申领", "Application for a senior card"), change: false
                    ),
                    row("name", text("姓名", "Name"), .plain("张秀英"), card, change: false),
                    row("number", text("身份证号", "ID number"), text("尾号 0024", "ends in 0024"), card, change: false),
                    row("place", text("领取地点", "Pick-up place"), text("第九街道服务中心", "Ninth Street Service Centre")),
                    row(
                        "tell", text("怎么通知您", "How to tell you"), text("打电话，尾号 0000", "Call the number ending in 0000")),
                    row("household", text("户口本", "Household register"), text("2 页，已收好", "2 pages, kept safe")),
                ]
                $0.lead = [
                    text("还没有交。按下面的按钮才会交上去。", "Nothing is sent yet. It is sent when you press the button below.")
                ]
                $0.buttons = [go(.submit, "提交申请", "Submit the application")]
            }),
    ]

    // MARK: - Pages

    static let pages: [Entry] = [
        .init(
            label: "scan",
            screen: screen(
                .scan, text("请放户口本：户主那一页", "Household register: the page of the head of household"),
                step: .init(3, of: 6)
            ) {
                $0.lead = [
                    text("第 1 页，共 2 页。有字的一面朝您，从上面放进去。", "Page 1 of 2. Text towards you, into the slot from above.")
                ]
                $0.picture = "page-into-feeder"
                $0.buttons = [go(.scan, "放好了，开始扫", "It is in place, scan it")]
            }),
        .init(
            label: "scanning",
            screen: screen(.scanning, text("正在扫第 1 页", "Scanning page 1"), step: .init(3, of: 6)) {
                $0.lead = [text("纸会自己进去，请不要拉。", "The paper goes in by itself. Please do not pull.")]
                $0.picture = "scanning"
            }),
        .init(
            label: "preview, good",
            screen: screen(.preview, text("这样清楚吗？", "Is this clear?"), step: .init(3, of: 6)) {
                $0.lead = [text("户口本 · 第 1 页，共 2 页", "Household register · page 1 of 2")]
                $0.page = .init(
                    page: PageID(rawValue: 1),
                    description: text("扫描到的户口本第 1 页", "The scanned page 1 of the household register"))
                $0.notes = [.init(.good, text("字很清楚，四个角都在。", "The text is clear, all four corners are there."))]
                $0.buttons = [
                    go(.keepPage, "清楚，放下一页", "Clear: next page"), other(.scanAgain, "重新扫这一页", "Scan this page again"),
                ]
            }),
        .init(
            label: "preview, skewed",
            screen: screen(.preview, text("这一页好像歪了", "This page seems to be askew"), step: .init(3, of: 6)) {
                $0.lead = [text("户口本 · 第 2 页，共 2 页", "Household register · page 2 of 2")]
                $0.page = .init(
                    page: PageID(rawValue: 2),
                    description: text("扫描到的户口本第 2 页", "The scanned page 2 of the household register"))
                $0.notes = [
                    .init(
                        .warn,
                        text(
                            "纸歪了，右边的字看不全。请把纸放正，再扫一次。",
                            "The paper was askew and text on the right is missing. Please put it in straight and scan again."
                        ))
                ]
                $0.buttons = [
                    go(.scanAgain, "放正，再扫一次", "Straighten it and scan again"),
                    other(.keepPage, "我看清楚，就用这张", "I can read it, use this one"),
                ]
            }),
        .init(
            label: "stored",
            screen: screen(.stored, text("户口本收好了", "The household register is kept safe"), step: .init(3, of: 6)) {
                $0.picture = "stored"
                $0.notes = [.init(.good, text("2 页都收好了，停电也不会丢。", "Both pages are safe, even if the power fails."))]
                $0.lead = [text("请拿好户口本。", "Please take your household register.")]
                $0.buttons = [go(.next, "拿好了，下一步", "I have it, go on")]
            }),
    ]

    // MARK: - Submission and after

    static let endings: [Entry] = [
        .init(
            label: "submitting",
            screen: screen(
                .submitting, text("正在交上去，请稍等", "Submitting, please wait"), step: .init(6, of: 6), back: false
            ) {
                $0.picture = "submitting"
                $0.lead = [text("最多 10 秒钟。", "At most ten seconds.")]
            }),
        .init(
            label: "done",
            screen: screen(.done, text("交上去了", "It is submitted"), step: .init(6, of: 6), back: false) {
                $0.number = "9900 0123"
                $0.notes = [
                    .init(
                        .good,
                        text("凭条正在打印，请从右下方取走。", "Your receipt is being printed. Please take it at the lower right."))
                ]
                $0.lead = [
                    text("5 个工作日内办好，会给您打电话。", "It is ready within 5 working days. We will call you."),
                    text("拿身份证来这里，也能查进度。", "You can ask here with your ID card how far it is."),
                ]
                $0.picture = "printing"
                $0.buttons = [go(.next, "拿到了，下一步", "I have it, go on")]
            }),
        .init(
            label: "done, waiting for the number",
            screen: screen(.done, text("收下了，正在往上送", "Accepted, and on its way"), step: .init(6, of: 6), back: false) {
                $0.number = "HK-7F3K-92QD-0001"
                $0.notes = [
                    .init(
                        .warn,
                        text(
                            "网络慢，办件号还没有来。凭受理码也能查。",
                            "The network is slow and the case number is not here yet. The acceptance code works as well."
                        )), .init(.warn, text("凭条可能没有打全，要再打一张吗？", "The receipt may be incomplete. Print it again?")),
                ]
                $0.lead = [text("上面是受理码，请记好或拍照。", "Above is your acceptance code. Please note it or take a picture.")]
                $0.buttons = [
                    go(.printAgain, "再打一张", "Print another one"), other(.skipReceipt, "不用了，下一步", "No thank you, go on"),
                ]
            }),
        .init(
            label: "take",
            screen: screen(.take, text("请拿好您的东西", "Please take your things"), step: .init(6, of: 6), back: false) {
                $0.picture = "take-all"
                $0.things = [
                    .init(text: text("身份证", "ID card"), pictogram: "card", isTaken: false),
                    .init(text: text("户口本", "Household register"), pictogram: "household", isTaken: nil),
                    .init(text: text("凭条", "Receipt"), pictogram: "slip", isTaken: true),
                ]
                $0.buttons = [
                    go(.allTaken, "都拿好了", "I have everything"), other(.anotherItem, "再办一件事", "Do something else"),
                ]
            }),
        .init(
            label: "looking up",
            screen: screen(.lookingUp, text("正在查，请稍等", "Looking it up, please wait")) { $0.picture = "looking-up" }),
        .init(
            label: "progress",
            screen: screen(.progress, text("您有 2 件事在办", "You have 2 cases")) {
                $0.cases = [
                    .init(
                        number: "9900 0123", itemTitle: "老年人优待证申领", status: "审核中",
                        acceptedOn: CalendarDate(year: 2026, month: 3, day: 5), detail: "预计 3 月 12 日办好"),
                    .init(
                        number: "9900 0057", itemTitle: "补领社会保障卡", status: "办好了，可以来拿",
                        acceptedOn: CalendarDate(year: 2026, month: 2, day: 11)),
                ]
                $0.buttons = [go(.anotherItem, "看好了，办别的事", "Done, something else"), other(.end, "结束", "End")]
            }),
        .init(
            label: "progress, none",
            screen: screen(.progress, text("没有查到在办的事", "There are no cases")) {
                $0.lead = [text("刚交的申请，过一会儿才能查到。", "It takes a while until a new application can be found.")]
                $0.picture = "looking-up"
                $0.buttons = [go(.anotherItem, "办别的事", "Do something else"), helpButton]
            }),
    ]

    // MARK: - Troubles

    static func fault(_ picture: String, _ heading: ScreenText, _ lead: ScreenText, _ button: Screen.Button) -> Entry {
        .init(
            label: "fault " + picture,
            screen: screen(.fault, heading, step: .init(3, of: 6)) {
                $0.picture = picture
                $0.lead = [lead, text("前面填的、扫的都还在。", "Everything you entered and scanned is still there.")]
                $0.buttons = [button, helpButton]
            })
    }

    static let troubles: [Entry] = [
        fault(
            "jam", text("扫描仪里的纸卡住了", "The paper is stuck in the scanner"),
            text("请轻轻向上拉出来，再放一次。", "Please pull it up gently and put it in again."),
            go(.retry, "拉出来了，再扫一次", "It is out, scan again")),
        fault(
            "cover-open", text("扫描仪的盖子开着", "The cover of the scanner is open"),
            text("请把盖子向下按紧。", "Please press the cover down until it clicks."),
            go(.retry, "盖好了，再扫一次", "It is closed, scan again")),
        fault(
            "no-paper", text("扫描仪里没有纸", "There is no paper in the scanner"),
            text("请把要扫的那一页放进去。", "Please put the page in."), go(.retry, "放好了，再扫一次", "It is in place, scan again")),
        fault(
            "printer-out", text("打凭条的纸用完了", "The receipt paper has run out"),
            text("已经通知工作人员来换纸，请稍等。", "Staff have been told and will bring paper."),
            go(.retry, "换好了，接着打", "It is changed, go on")),
        fault(
            "printer-cover", text("凭条机的盖子开着", "The cover of the receipt printer is open"),
            text("请把盖子按紧。", "Please press the cover shut."), go(.retry, "盖好了", "It is closed")),
        .init(
            label: "another card",
            screen: screen(
                .otherCard, text("这是另一个人的身份证", "This is somebody else's ID card"), step: .init(3, of: 6), back: false
            ) {
                $0.picture = "other-card"
                $0.lead = [text("刚才是张秀英在办，还没有交。", "Zhang Xiuying's matter is not submitted yet.")]
                $0.choices = [
                    .init(
                        action: .keepFirstCard, title: text("接着办张秀英的事", "Go on with Zhang Xiuying's matter"),
                        pictogram: "senior"),
                    .init(
                        action: .useNewCard, title: text("换成新放的这张", "Begin with the new card"),
                        detail: text("张秀英没交的内容会清除", "What was not submitted will be cleared"), pictogram: "card"),
                ]
            }),
        .init(
            label: "covered",
            screen: screen(.check, text("看一遍，对不对？", "Is everything right?"), step: .init(5, of: 6)) {
                $0.isCovered = true
                $0.answers = [.init(label: text("姓名", "Name"), value: .plain("张秀英"))]
            }),
    ]

    // MARK: - Dialogs

    static func dialog(_ label: String, over screen: Screen, _ overlay: Screen.Overlay) -> Entry {
        var screen = screen
        screen.overlay = overlay
        return .init(label: "dialog " + label, screen: screen)
    }

    static let dialogs: [Entry] = [
        dialog(
            "idle", over: questions[3].screen,
            .init(
                name: .idle, heading: text("您还在吗？", "Are you still there?"),
                lead: [
                    text(
                        "不按的话，为了您的安全，屏幕会清空。没有提交的内容会删掉。",
                        "Without an answer the screen is cleared, for your safety. What is not submitted is deleted.")
                ],
                buttons: [go(.stay, "我还在，继续办", "I am here, go on"), other(.confirmEnd, "不办了", "Stop here")],
                secondsLeft: 17)),
        dialog(
            "help", over: questions[0].screen,
            .init(
                name: .help, heading: text("已通知，请稍等", "Staff have been told, please wait"),
                lead: [
                    text("工作人员会来这台机器找您。您也可以接着办。", "Somebody will come to this kiosk. You can go on in the meantime.")
                ],
                buttons: [go(.stay, "好的", "All right")])),
        dialog(
            "text size", over: questions[0].screen,
            .init(
                name: .textSize, heading: text("字要多大？", "How large should the text be?"),
                choices: [
                    .init(action: .setTextStep(1), title: text("小一点", "Smaller")),
                    .init(action: .setTextStep(2), title: text("大", "Large"), isSelected: true),
                    .init(action: .setTextStep(3), title: text("最大", "Largest")),
                ], buttons: [go(.stay, "就这样", "Done")])),
        dialog(
            "end", over: questions[0].screen,
            .init(
                name: .end, heading: text("要结束吗？", "Stop here?"),
                lead: [text("还没有提交，填的和扫的都会删掉。", "It is not submitted. What you entered and scanned will be deleted.")],
                buttons: [go(.stay, "不结束，接着办", "No, go on"), other(.confirmEnd, "结束，都删掉", "Yes, delete everything")])),
        dialog(
            "language", over: start,
            .init(
                name: .language, heading: text("选语言 / Language", "选语言 / Language"),
                choices: [
                    .init(action: .setLanguage(.simplifiedChinese), title: .plain("简体中文"), isSelected: true),
                    .init(action: .setLanguage(.english), title: .plain("English")),
                ], buttons: [go(.stay, "就这样", "Done")])),
    ]
}
