import KioskConfiguration
import Materials
import PlatformClient

/// The one look at a configuration, for `kioskd` itself and for `kioskd check-configuration`: what
/// passes the second has nothing wrong in it. Whether folders can be written and ports are free, the start itself finds out.
public enum ConfigurationCheck {
    /// Reads the file and all that it names, certificates and keys too. Throws everything that is wrong.
    public static func load(file: String) throws(ConfigurationErrors) -> KioskConfiguration {
        let (configuration, errors) = read(file)
        guard errors.isEmpty, let configuration else {
            throw ConfigurationErrors(
                errors.isEmpty ? [ConfigurationError(file: file, sentence: "the file cannot be used")] : errors)
        }
        return configuration
    }

    /// Everything that is wrong; empty when `kioskd` can start with it.
    public static func findings(file: String) -> [ConfigurationError] { read(file).errors }

    private static func read(_ file: String) -> (KioskConfiguration?, errors: [ConfigurationError]) {
        let (configuration, errors) = KioskConfiguration.read(file: file)
        guard let configuration else { return (nil, errors) }
        return (configuration, (errors + findings(in: configuration, file)).sorted())
    }

    /// What is wrong inside the files of the platform; those that cannot be read at all were told before.
    private static func findings(in configuration: KioskConfiguration, _ configurationFile: String)
        -> [ConfigurationError]
    {
        let platform = configuration.platform
        let credentials = PlatformCredentials(
            certificateFile: platform.certificateFile, keyFile: platform.keyFile, trustFile: platform.trustFile)
        var errors = credentials.findings(kiosk: configuration.kioskID).map {
            ConfigurationError(file: $0.file, field: "platform.\($0.role.rawValue)", sentence: $0.sentence)
        }
        // Their number and their form were told before; that one of them cannot be sealed to is found by sealing only.
        for recipient in platform.recipients {
            do { try AgeSuite().check(recipients: [recipient]) } catch {
                errors.append(
                    ConfigurationError(file: configurationFile, field: "platform.recipients", sentence: "\(error)"))
            }
        }
        if let file = platform.signingKeyFile {
            do throws(SigningKeyError) { try KioskSigningKey.check(at: file) } catch {
                if case .file = error { return errors }
                errors.append(ConfigurationError(file: file, field: "platform.signingKeyFile", sentence: "\(error)"))
            }
        }
        return errors
    }
}
