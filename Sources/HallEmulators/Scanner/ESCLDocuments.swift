/// The XML documents that the scanner serves.
enum ESCLDocuments {
    private static let head = """
        <?xml version="1.0" encoding="UTF-8"?>

        """
    private static let namespaces = """
        xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"
        """

    static let capabilities =
        head + """
            <scan:ScannerCapabilities \(namespaces)>
              <pwg:Version>2.63</pwg:Version>
              <pwg:MakeAndModel>Hall Emulated Scanner</pwg:MakeAndModel>
              <pwg:SerialNumber>HALL-0001</pwg:SerialNumber>
              <scan:UUID>9f2c3a10-0000-4000-8000-999999000001</scan:UUID>
              <scan:Platen>
                <scan:PlatenInputCaps>
            \(inputCaps)
                </scan:PlatenInputCaps>
              </scan:Platen>
              <scan:Adf>
                <scan:AdfSimplexInputCaps>
            \(inputCaps)
                </scan:AdfSimplexInputCaps>
                <scan:FeederCapacity>\(ScannerCore.sheetLimit)</scan:FeederCapacity>
                <scan:AdfOptions>
                  <scan:AdfOption>DetectPaperLoaded</scan:AdfOption>
                </scan:AdfOptions>
              </scan:Adf>
            </scan:ScannerCapabilities>

            """

    private static let inputCaps = """
              <scan:MinWidth>16</scan:MinWidth>
              <scan:MaxWidth>\(PageRegion.a4.width)</scan:MaxWidth>
              <scan:MinHeight>16</scan:MinHeight>
              <scan:MaxHeight>\(PageRegion.a4.height)</scan:MaxHeight>
              <scan:MaxScanRegions>1</scan:MaxScanRegions>
              <scan:SettingProfiles>
                <scan:SettingProfile>
                  <scan:ColorModes>
                    <scan:ColorMode>Grayscale8</scan:ColorMode>
                    <scan:ColorMode>RGB24</scan:ColorMode>
                  </scan:ColorModes>
                  <scan:DocumentFormats>
                    <pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>
                    <scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt>
                  </scan:DocumentFormats>
                  <scan:SupportedResolutions>
                    <scan:DiscreteResolutions>
        \(ESCLScanSettings.resolutions.map(resolution).joined(separator: "\n"))
                    </scan:DiscreteResolutions>
                  </scan:SupportedResolutions>
                </scan:SettingProfile>
              </scan:SettingProfiles>
              <scan:SupportedIntents>
                <scan:Intent>Document</scan:Intent>
                <scan:Intent>Photo</scan:Intent>
              </scan:SupportedIntents>
        """

    private static func resolution(_ value: Int) -> String {
        """
                      <scan:DiscreteResolution>
                        <scan:XResolution>\(value)</scan:XResolution>
                        <scan:YResolution>\(value)</scan:YResolution>
                      </scan:DiscreteResolution>
        """
    }

    static func status(_ core: ScannerCore, now: Double) -> String {
        let jobs = core.jobs.reversed().map { job in
            """
                <scan:JobInfo>
                  <pwg:JobUri>/eSCL/ScanJobs/\(job.id)</pwg:JobUri>
                  <pwg:JobUuid>\(job.id)</pwg:JobUuid>
                  <scan:Age>\(max(0, Int(now - job.lastHeard)))</scan:Age>
                  <pwg:ImagesCompleted>\(job.pages)</pwg:ImagesCompleted>
                  <pwg:ImagesToTransfer>\(job.isTransferring ? 1 : 0)</pwg:ImagesToTransfer>
                  <pwg:JobState>\(job.state.rawValue)</pwg:JobState>
                  <pwg:JobStateReasons>
                    <pwg:JobStateReason>\(reason(job.state))</pwg:JobStateReason>
                  </pwg:JobStateReasons>
                </scan:JobInfo>
            """
        }
        return head + """
            <scan:ScannerStatus \(namespaces)>
              <pwg:Version>2.63</pwg:Version>
              <pwg:State>\(core.state)</pwg:State>
              <scan:AdfState>\(core.feederState)</scan:AdfState>
              <scan:Jobs>
            \(jobs.joined(separator: "\n"))
              </scan:Jobs>
            </scan:ScannerStatus>

            """
    }

    /// Reasons as PWG 5100.13 words them.
    private static func reason(_ state: ScannerCore.JobState) -> String {
        switch state {
        case .pending: "JobScanning"
        case .processing: "JobTransferring"
        case .completed: "JobCompletedSuccessfully"
        case .canceled: "JobCanceledByUser"
        case .aborted: "AbortedBySystem"
        }
    }
}
